import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as dates from '../../static/src/rules/dates.js'
import { first_due } from '../../static/src/rules/schedule.js'
import { vectors } from './vectors.js'

for (const { name, in: given, out, refused } of vectors('dates')) {
  test(`dates: ${name}`, () => {
    const call = () => ({ ...dates, first_due })[given.function](...given.arguments)
    if (refused) assert.throws(call, { message: refused })
    else assert.equal(call(), out)
  })
}

test('dates: a day is added over month, year and leap day', () => {
  assert.equal(dates.add_days('2028-02-28', 1), '2028-02-29')
  assert.equal(dates.add_days('2026-12-31', 1), '2027-01-01')
  assert.equal(dates.add_days('2026-11-24', 0), '2026-11-24')
})
