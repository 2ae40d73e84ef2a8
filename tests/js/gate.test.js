// What page Agree offers to a household: never a plan it cannot carry, unless he asks for it by number, and then it says so.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plansFor } from '../../static/src/pages/plans.js'
import { fenOf } from '../../static/src/pages/statement.js'
import { annex, assess } from '../../static/src/rules/affordability.js'
import { vectors } from './vectors.js'

const { offer: base } = vectors('document')[0].in
const { policy } = vectors('affordability').find(({ name }) => name === 'E15').in
const BODY = { ...base, least_fen: 10000, most_months: 36, affordability: { ...policy, statement_required: true } }
const home = (sums, declined = false) => assess({ declined, figures: Object.entries(sums).map(([item, fen]) => ({ item, fen })) }, policy)
const ask = (house, months = null, kind = 'interest-free/1') => plansFor({ offer: { body: BODY }, on: '2026-11-24', kind, anchor_day: 25, months, home: house })
const counts = ({ plans }) => plans.map(({ count }) => count)
const owed = 801150

test('gate: of an easy household the usual three', () => {
  assert.deepEqual(counts(ask(home({ wage: 900000, food: 100000 }))), [6, 12, 24])
})

test('gate: no plan is offered whose largest instalment is more than can be spared', () => {
  for (let left = 1000; left < 400000; left += 7919) {
    const house = home({ wage: 500000 + left, food: 500000 })
    const { plans } = ask(house)
    for (const { rows, why } of plans) {
      assert.ok(Math.max(...rows.map((row) => row.amount_fen)) <= house.largest_fen)
      assert.deepEqual(why, [])
    }
    // and if there is one of the offer that it can carry, it is offered one
    assert.equal(plans.length > 0, Math.ceil(owed / 36) <= house.largest_fen, `${left}`)
  }
})

test('gate: of a household with little, the quickest that it can carry stands first', () => {
  const [first] = ask(home({ wage: 530000, food: 500000 })).plans
  assert.equal(first.count, 30) // 8,011.50 in thirty parts of 267.05, of 270.00 that can be spared
})

test('gate: nothing is offered when the household is short, and the lightest plan is named', () => {
  const { plans, least } = ask(home({ wage: 1250000, benefit: 12000, food: 650000, rent: 800000, medical: 299900, card_debt: 300000 }))
  assert.deepEqual(plans, [])
  assert.equal(least.count, 36)
})

test('gate: what he asks for by number waits for a second person and says why', () => {
  const short = home({ wage: 100000, food: 100001 })
  const [asked] = ask(short, 12).plans
  assert.deepEqual(asked.why, ['afford.short', 'afford.debt_share'])
  const longer = ask(home({ wage: 900000, food: 100000 }), 48)
  assert.deepEqual(longer.plans.find(({ count }) => count === 48).why, ['offer.too_many'])
  assert.ok(!longer.refused)
  assert.ok(ask(home({ wage: 900000, food: 100000 }), 61).refused)
})

test('gate: who would rather not say sees the plans, each waiting for a second person', () => {
  const { plans } = ask(home({}, true))
  assert.equal(plans.length, 3)
  for (const { why } of plans) assert.deepEqual(why, ['afford.declined'])
})

test('gate: what goes into the agreement names what was shown and what was chosen', () => {
  const house = home({ wage: 900000, food: 100000, property: 5 })
  const { plans } = ask(house)
  const said = annex('s', house, BODY.affordability, plans[1].rows, plans.map(({ choice, summary }) => ({ choice, summary })), 1, plans[1].beyond)
  assert.equal(said.needs_approval, false)
  assert.deepEqual(said.shown.map(({ choice }) => choice.instalments), [6, 12, 24])
  assert.ok(!('asset_fen' in said.household))
})

test('a sum as people type it', () => {
  const typed = { '': null, ' ': null, '8000': 800000, '8,000.5': 800050, '８０００．０５': 800005, '8，000': 800000, '0': 0, '1200.': NaN, '-1': NaN, '1.234': NaN, 'much': NaN, '9999999999': NaN }
  for (const [text, fen] of Object.entries(typed)) assert.deepEqual(fenOf(text), fen, text)
})
