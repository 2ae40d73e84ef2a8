// How long a row's interest runs, as [parts, of a year]. Twin of agreements/rules/periods.py.

import * as dates from './dates.js'

export function of(day_count, start, dues, anchor_day) {
  if (day_count === 'monthly') return dues.map((due, k) => [k ? 30 : thirtieths(start, due, anchor_day), 360])
  return dues.map((due, k) => [dates.days(k ? dues[k - 1] : start, due), basis(day_count)])
}

export const basis = (day_count) => (day_count === 'actual/365' ? 365 : 360)

export function thirtieths(start, first, anchor_day) {
  const [from, to] = [dates.parse(start), dates.parse(first)]
  const anchor = anchor_of(start, anchor_day)
  let months = (to[0] - from[0]) * 12 + to[1] - from[1]
  if (dates.add_months(start, months, anchor) > first) months -= 1
  return 30 * months + dates.days(dates.add_months(start, months, anchor), first)
}

export const later = (start, months, anchor_day) => dates.add_months(start, months, anchor_of(start, anchor_day))

const anchor_of = (start, anchor_day) =>
  (start === dates.add_months(start, 0, anchor_day) ? anchor_day : dates.parse(start)[2])
