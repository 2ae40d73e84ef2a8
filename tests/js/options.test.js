// What page Agree puts side by side: every kind of an offer, always within its bounds.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compared, kinds } from '../../static/src/pages/options.js'
import { plansFor } from '../../static/src/pages/plans.js'
import { within } from '../../static/src/rules/offer.js'
import { terms } from '../../static/src/rules/document.js'
import { vectors } from './vectors.js'

const { offer: base } = vectors('document')[0].in
const MANY = {
  ...base, least_fen: 10000, most_months: 36, settlement_months: 3, balloon_ppm: 500_000, deferral: { most_months: 2, interest: 'none' },
  methods: ['interest-free/1', 'graduated/1', 'settlement/1', 'equal-instalment/1', 'equal-principal/1', 'balloon/1'],
  rates: { 'graduated/1': 0 },
}
const ask = (body, kind, months = null) => plansFor({ offer: { body }, on: '2026-11-24', kind, anchor_day: 25, months })

test('options: an offer with two ways shows one of them at a time, one with more puts three side by side', () => {
  assert.deepEqual(kinds(base), ['interest-free/1', 'equal-instalment/1'])
  assert.equal(kinds(MANY)[0], 'mix')
  assert.deepEqual(compared(MANY).slice(0, 3), ['settlement/1', 'interest-free/1', 'deferral'])
  const { plans } = ask(MANY, 'mix')
  assert.deepEqual(new Set(plans.map(({ kind }) => kind)), new Set(['settlement/1', 'interest-free/1', 'deferral']))
})

test('options: every kind gives plans, each within the offer and with a key of its own', () => {
  for (const kind of kinds(MANY)) {
    for (const body of [MANY, { ...MANY, day_count: 'actual/365', default: { ...MANY.default, waiver_lapses: false } }]) {
      const { plans, refused } = ask(body, kind)
      assert.ok(plans.length >= 1 && plans.length <= 3 && !refused, kind)
      assert.equal(new Set(plans.map(({ key }) => key)).size, plans.length)
      for (const { choice, rows } of plans) assert.deepEqual(within(body, terms(body, choice), rows, '2026-11-24'), [], kind)
    }
  }
})

test('options: the number that is asked for is of the plain kind and among them; outside the offer it is refused', () => {
  const { plans } = ask(MANY, 'mix', 13)
  assert.ok(plans.some(({ key, kind }) => key === '13' && kind === 'interest-free/1'))
  assert.ok(ask(MANY, 'mix', 37).refused)
  assert.ok(ask(MANY, 'settlement/1', 4).refused)
})

test('options: a lighter start is lighter, a larger end is larger', () => {
  for (const { rows } of ask(MANY, 'graduated/1').plans) assert.ok(rows[0].amount_fen < rows.at(-1).amount_fen)
  for (const { rows } of ask(MANY, 'balloon/1').plans) assert.ok(rows.at(-1).amount_fen > 2 * rows[0].amount_fen)
  for (const { rows } of ask(MANY, 'deferral').plans) assert.equal(rows[0].due, '2027-02-25')
})
