// May these terms be agreed under this offer? Twin of agreements/rules/offer.py.

import canonicalize from 'canonicalize'
import { year } from './cost_sheet.js'
import { add_days } from './dates.js'
import { rate } from './document.js'
import { yearly } from './interest.js'
import { plan } from './schedule.js'
import { after_reduction, deferred, sum } from './terms.js'

const TERMS = ['allocation', 'anchor_day', 'annual_rate_ppm', 'balance', 'currency', 'day_count', 'default', 'deferral',
  'effect', 'first_due', 'instalments', 'interest_from', 'method', 'reduction', 'shift', 'steps']
const FIXED = ['allocation', 'day_count', 'shift', 'default', 'effect']

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
  }
  const { months, interest } = deferred(terms)
  const alone = interest === 'paid-monthly' ? months : 0
  const most = terms.method === 'settlement/1' ? offer.settlement_months ?? offer.most_months : offer.most_months
  const broken = {
    'offer.method': !offer.methods.includes(terms.method),
    'offer.too_many': terms.instalments + months > most,
    'offer.too_small': rows.slice(alone, -1).some((row) => row.amount_fen < offer.least_fen),
    'offer.rate': terms.annual_rate_ppm !== rate(offer, terms.method),
    'offer.ceiling': Boolean(offer.ceiling) && yearly(terms.annual_rate_ppm, year(terms)) > offer.ceiling.ppm,
    'offer.deferral': months > 0 && !(offer.deferral && months <= offer.deferral.most_months && interest === offer.deferral.interest),
    'offer.balloon': terms.method === 'balloon/1'
      && BigInt(rows.at(-1).amount_fen) * 1_000_000n > BigInt(sum(Object.values(after_reduction(terms)))) * BigInt(offer.balloon_ppm ?? 0),
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
