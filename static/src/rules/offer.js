// May these terms be agreed under this offer? Twin of agreements/rules/offer.py.

import canonicalize from 'canonicalize'
import { add_days } from './dates.js'
import { rate } from './document.js'
import { plan } from './schedule.js'

const TERMS = ['allocation', 'anchor_day', 'annual_rate_ppm', 'balance', 'currency', 'day_count', 'default', 'deferral',
  'effect', 'first_due', 'instalments', 'interest_from', 'method', 'reduction', 'shift', 'steps']
const FIXED = ['allocation', 'day_count', 'shift', 'default', 'effect', 'steps', 'deferral']

const same = (a, b) => canonicalize(a) === canonicalize(b)

/** Codes of every bound that is broken, in a fixed order; empty when the terms stand. `today` is ISO text. */
export function within(offer, terms, rows, today) {
  try {
    if (!same(Object.keys(terms).sort(), TERMS) || !same(rows, plan(terms))) return ['offer.terms']
  } catch {
    return ['offer.terms']
  }
  const { reduction, first_due: first } = terms
  const final = offer.default.waiver_lapses ? 'paid-in-full' : 'in-effect'
  const offered = {
    allocation: offer.allocation,
    day_count: offer.day_count,
    shift: offer.shift,
    default: offer.default,
    effect: { lapse_days: offer.lapse_days, cooling_off_days: offer.cooling_off_days },
    steps: [],
    deferral: null,
  }
  const broken = {
    'offer.method': !offer.methods.includes(terms.method),
    'offer.too_many': terms.instalments > offer.most_months,
    'offer.too_small': rows.slice(0, -1).some((row) => row.amount_fen < offer.least_fen),
    'offer.rate': terms.annual_rate_ppm !== rate(offer, terms.method),
    'offer.balance': !same(terms.balance, offer.balance),
    'offer.reduction': reduction.fen > offer.largest_reduction_fen
      || !same(reduction, { fen: reduction.fen, becomes_final: reduction.fen ? final : null }),
    'offer.expired': today > offer.valid_until,
    'offer.not_yet': today < offer.valid_from,
    'offer.first_due': !(today < first && first <= add_days(today, offer.latest_first_due_days)),
    'offer.terms': !same(Object.fromEntries(FIXED.map((name) => [name, terms[name]])), offered)
      || terms.interest_from < offer.balance.as_of,
  }
  return Object.keys(broken).filter((code) => broken[code])
}
