import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as allocation from '../../static/src/rules/allocation.js'
import { rate } from '../../static/src/rules/annualised.js'
import * as ceilings from '../../static/src/rules/ceilings.js'
import * as dates from '../../static/src/rules/dates.js'
import * as guarantee from '../../static/src/rules/guarantee.js'
import * as interest from '../../static/src/rules/interest.js'
import { limitation } from '../../static/src/rules/limitation.js'
import { after_default } from '../../static/src/rules/waiver.js'
import { vectors } from './vectors.js'

const law = vectors('law')[0].out
const total = (parts) => Object.values(parts).reduce((all, one) => all + one, 0)

const verbs = {
  table: () => law,
  simple: ({ fen, ppm, days, basis }) => interest.simple(fen, ppm, days, basis),
  overdue_rate: ({ contract_ppm, plus_ppm }) => interest.overdue_rate(contract_ppm, plus_ppm),
  yearly: ({ ppm, basis }) => interest.yearly(ppm, basis),
  clip: ({ fen, agreed_ppm, ceiling_ppm, days, basis }) => interest.clip(fen, agreed_ppm, ceiling_ppm, days, basis),
  highest_restated: (given) => interest.highest_restated(given.principal_fen, given.agreed_ppm, given.ceiling_ppm, given.days),
  over_the_whole: (given) => interest.over_the_whole(given.first_principal_fen, given.ceiling_ppm, given.days, given.claimed_fen),
  penalty_test: (given) => interest.penalty_test(given.penalty_fen, given.principal_fen, given.lpr_ppm, given.days, given.limit_ppm),
  rate: ({ in_use_fen, payments, first_thirtieths }) => rate(in_use_fen, payments, first_thirtieths),
  days: ({ start, end }) => dates.days(start, end),
  prime_rate: ({ day }) => ceilings.prime_rate(law, day),
  ceilings: ({ lender, formed, on }) => ceilings.ceilings(law, lender, formed, on)
    .map(({ ppm, rule, effect, provisional }) => ({ ppm, rule, effect, provisional })),
  add_years: ({ day, years }) => dates.add_months(day, 12 * years),
  next_working_day: ({ day, known }) => dates.next_working_day(day, known),
  period: ({ due, agreed_end, ...given }) => guarantee.period(due, agreed_end, given),
  standing: ({ period, ...given }) => guarantee.standing(period, given),
  limitation: ({ due, happened, ...given }) => {
    const { governing, alarm, status } = limitation(due, happened, given)
    return { governing, alarm, status }
  },
  after_default: (given) => after_default(given.claim, given.reduction, given.paid_fen, given.becomes_final, given.order),
  inside: ({ paid_fen, owed, order }) => allocation.inside(paid_fen, owed, order),
  allocate: ({ paid_fen, debts, ...given }) => {
    const { shares, over_fen } = allocation.allocate(paid_fen, debts, given)
    return { paid: Object.fromEntries(shares.map(({ name, paid }) => [name, total(paid)])), over_fen }
  },
  pro_rata: ({ total: fen, owed }) => allocation.pro_rata(fen, owed),
}

for (const { name, verb, in: given, out, refused } of [...vectors('law'), ...vectors('allocation')]) {
  test(`law: ${name}`, () => {
    if (refused) assert.throws(() => verbs[verb](given), { code: refused })
    else assert.deepEqual(verbs[verb](given), out)
  })
}
