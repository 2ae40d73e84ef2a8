// The repayment plan, exact to the fen. Twin of agreements/rules/schedule.py, where the sources stand.

import * as dates from './dates.js'
import { METHODS } from './methods.js'
import { half_up } from './money.js'
import * as periods from './periods.js'
import { Refused } from './refusal.js'
import { HEADS, after_reduction, check, deferred, reduction, sum } from './terms.js'

export { HEADS }
const POOLS = {
  cost: ['cost_fen'],
  interest: ['interest_fen', 'overdue_interest_fen'],
  principal: ['principal_fen'],
  penalty: ['penalty_fen'],
}
const NOTHING = { cost: 0, interest: 0, principal: 0, penalty: 0 }
const EARLIEST_DUE_DAYS = 7

/** Rows of the plan; throws Refused with the codes of the Python twin. */
export function plan(terms) {
  check(terms)
  let left = sum(Object.values(pool_of(terms)))
  if (left === 0) throw new Refused('schedule.nothing_owed')
  const shift = terms.shift ?? 'none'
  return accruals(terms).map(({ due, parts, interest }, k) => {
    const taken = sum(Object.values(parts))
    left -= taken
    if (taken + interest < 1) throw new Refused('schedule.too_many', { instalments: terms.instalments })
    return {
      n: k + 1,
      due: shift === 'none' ? due : dates.next_working_day(due, shift),
      principal_fen: parts.principal,
      interest_fen: parts.interest + interest,
      penalty_fen: parts.penalty,
      cost_fen: parts.cost,
      amount_fen: taken + interest,
      balance_fen: left,
    }
  })
}

function pool_of(terms) {
  const owed = after_reduction(terms)
  return Object.fromEntries(Object.entries(POOLS).map(([name, heads]) => [name, sum(heads.map((head) => owed[head]))]))
}

/** Rows before they are rows: [{due (anchored), parts, interest (new)}]. */
export function accruals(terms) {
  const { first, start } = check(terms)
  const pool = pool_of(terms)
  const { annual_rate_ppm: ppm, anchor_day: anchor, instalments, day_count = 'monthly' } = terms
  const { months, interest: meanwhile } = deferred(terms)
  const { principal } = pool
  const alone = meanwhile === 'paid-monthly' ? months : 0
  const skipped = months - alone
  const dues = Array.from({ length: alone + instalments }, (_, k) => dates.anchored(first, anchor, skipped + k))
  const begins = periods.later(start, skipped, anchor)
  const years = periods.of(day_count, begins, dues, anchor)
  const grow = (on, parts, year) => half_up(BigInt(on) * BigInt(ppm) * BigInt(parts), BigInt(year) * 1_000_000n)
  const interest = (k, on) => grow(on, ...years[k])
  const extra = meanwhile === 'added' ? grow(principal, dates.days(start, begins), periods.basis(day_count)) : 0
  const before = dues.slice(0, alone).map((_, k) => ({ parts: NOTHING, interest: interest(k, principal) }))
  const rows = METHODS[terms.method](terms, pool, (k, on) => interest(alone + k, on))
  rows[0].interest += extra
  return [...before, ...rows].map((row, k) => ({ ...row, due: dues[k] }))
}

/** The day from which interest runs: after the deferral where nothing runs meanwhile. */
export function bears_from(terms) {
  const { months, interest } = deferred(terms)
  return periods.later(terms.interest_from, interest === 'none' ? months : 0, terms.anchor_day)
}

/** The four lines of a plan. interest_fen is the new interest alone; each_fen the first row's amount. */
export function summary(terms, rows) {
  const total = sum(rows.map((row) => row.amount_fen))
  const confirmed = sum(HEADS.map((head) => terms.balance[head])) - reduction(terms).fen
  return {
    each_fen: rows[0].amount_fen,
    last_fen: rows.at(-1).amount_fen,
    total_fen: total,
    interest_fen: total - confirmed,
    until: rows.at(-1).due,
    count: rows.length,
  }
}

/** [first row, last row, fen each] of the stretches of equal amounts. */
export function runs(rows) {
  const found = []
  for (const { n, amount_fen } of rows) {
    if (found.at(-1)?.[2] === amount_fen) found.at(-1)[1] = n
    else found.push([n, n, amount_fen])
  }
  return found
}

/** The next anchor day that leaves at least seven days. */
export function first_due(today, anchor_day) {
  const earliest = dates.add_days(today, EARLIEST_DUE_DAYS)
  const due = dates.add_months(earliest, 0, anchor_day)
  return due >= earliest ? due : dates.add_months(earliest, 1, anchor_day)
}
