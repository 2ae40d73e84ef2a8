import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plan, summary } from '../../static/src/rules/schedule.js'
import { vectors } from './vectors.js'

for (const { name, in: { terms }, out, refused } of vectors('schedule')) {
  test(`schedule: ${name}`, () => {
    if (refused) {
      assert.throws(() => plan(terms), { code: refused })
      return
    }
    const rows = plan(terms)
    assert.deepEqual(summary(terms, rows), out.summary)
    for (const [n, row] of Object.entries(out.rows)) assert.deepEqual(rows[n - 1], row)
  })
}

test('schedule: odd values are refused, never a crash', () => {
  const { terms } = vectors('schedule')[0].in
  const changes = [{ instalments: true }, { anchor_day: '5' }, { method: ['interest-free/1'] }, { deferral: {} },
    { steps: {} }, { reduction: null }, { balance: [] }, { balance: null }, { first_due: 20261225 }, { shift: 'next' },
    { allocation: [['cost'], 'interest', 'principal', 'penalty'] },
    { allocation: ['cost,interest', 'principal', 'penalty', 'x'] }, { annual_rate_ppm: 0.5 }]
  for (const change of changes) assert.throws(() => plan({ ...terms, ...change }), { name: 'Refused' })
})
