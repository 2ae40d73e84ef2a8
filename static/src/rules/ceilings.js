// The lawful ceiling of interest, by kind of lender and day. Twin of agreements/rules/ceilings.py; `law` is law/cn.toml.

import { add_months, parse } from './dates.js'
import { Refused } from './refusal.js'

const LENDERS = ['bank', 'bank-assisted', 'consumer-finance', 'microloan', 'local-financial', 'private']

export function prime_rate(law, day) {
  const found = law.lpr.filter(({ from }) => from <= day)
  if (!found.length) throw new Refused('ceilings.too_early', { day })
  return found.at(-1).ppm
}

/** [{ppm, rule, effect, citation, provisional}], the lowest first. `formed`: a day, [first, last], or null. */
export function ceilings(law, lender, formed, on) {
  if (!LENDERS.includes(lender)) throw new Refused('ceilings.lender', { lender: String(lender) })
  const [first, last] = Array.isArray(formed) ? formed : [formed, formed]
  return law.limit.filter((row) => row.lenders.includes(lender) && row.valid_from <= on && on <= (row.valid_until ?? '9999-12-31')
    && formed_in(row, first, last)).map((row) => {
    const [start, end] = days(row, first, last, on)
    return {
      ppm: row.by === 'fixed' ? row.ppm : row.times * lowest(law, start, end),
      rule: row.rule,
      effect: row.effect,
      citation: row.citation,
      provisional: row.by !== 'fixed' && end > law.checked_until,
    }
  }).sort((a, b) => a.ppm - b.ppm)
}

export const blocking = (found) => found.find(({ effect }) => effect === 'block') ?? null

export function month(day) {
  parse(day)
  return [`${day.slice(0, 8)}01`, add_months(day, 0, 31)]
}

const formed_in = ({ formed: { from = '0000', until = '9999-12-31' } = {} }, first, last) =>
  first === null || (last >= from && first < until)

function days(row, first, last, on) {
  if (row.by !== 'lpr-at-formation') return [on, on]
  const { from } = row.formed
  if (first === null) return [from, on]
  return [first > from ? first : from, last]
}

const lowest = (law, start, end) => Math.min(prime_rate(law, start),
  ...law.lpr.filter(({ from }) => start < from && from <= end).map(({ ppm }) => ppm))
