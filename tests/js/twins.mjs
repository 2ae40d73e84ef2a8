// The JavaScript half of tests/agreements/rules/test_twins.py: one case a line in, one answer a line out.
// The first line holds the two text sets and the words of affordability. An answer is what a verb returned, or the code and params of its refusal.

import { createInterface } from 'node:readline'
import { answered } from './households.mjs'
import * as dates from '../../static/src/rules/dates.js'
import { build, terms_hash } from '../../static/src/rules/document.js'
import * as money from '../../static/src/rules/money.js'
import { within } from '../../static/src/rules/offer.js'
import { Refused } from '../../static/src/rules/refusal.js'
import { first_due, plan } from '../../static/src/rules/schedule.js'

let sets = null

const verbs = {
  plan: ({ terms }) => plan(terms),
  afford: (given) => answered(given, sets[2]),
  build: async ({ offer, choice, language, agreement_id }) => {
    const agreement = await build(offer, choice, ...sets.slice(0, 2), language, agreement_id, { offer_sig: 'c2ln' })
    return { terms_sha256: await terms_hash(agreement) }
  },
  within: ({ offer, terms, rows, today }) => within(offer, terms, rows, today),
  money: ({ fen, ppm, num, den }) => [money.yuan(fen), money.capital(fen), money.percent(ppm), money.half_up(num, den)],
  dates: ({ day, other, anchor, n }) => [dates.add_months(day, n, anchor), dates.days(day, other), dates.zh(day), dates.en(day),
    first_due(day, anchor)],
}

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line)
  if (!sets) {
    sets = given
    continue
  }
  let answer
  try {
    answer = { out: await verbs[given.verb](given.in) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    answer = { refused: error.code, params: error.params }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
