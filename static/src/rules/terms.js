// May these terms be planned at all? Twin of agreements/rules/terms.py, where forms and sources stand.

import * as dates from './dates.js'
import { Refused, count } from './refusal.js'

export const HEADS = ['principal_fen', 'interest_fen', 'overdue_interest_fen', 'penalty_fen', 'cost_fen']
const REDUCED_FIRST = ['penalty_fen', 'overdue_interest_fen', 'interest_fen', 'cost_fen', 'principal_fen']
const PARTS = 'cost,interest,penalty,principal'
export const FREE = ['interest-free/1', 'settlement/1']
export const STEPPED = ['graduated/1', 'balloon/1']
const METHODS = [...FREE, 'equal-instalment/1', 'equal-principal/1', ...STEPPED]
const DAY_COUNTS = ['monthly', 'actual/360', 'actual/365']
const DEFERRED = ['none', 'paid-monthly', 'added']
const FINAL = ['paid-in-full', 'in-effect']
const MOST_INSTALMENTS = 360
const MOST_STEPS = 12
const MOST_PPM = 1_000_000
const MOST_FEN = 10 ** 12

export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)
export const reduction = ({ reduction: given = { fen: 0, becomes_final: null } }) => given
const is_object = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const keys_of = (value) => Object.keys(value).sort().join()

/** {first, start} of terms that can be planned; throws Refused. */
export function check(terms) {
  const { balance, instalments: n, annual_rate_ppm: ppm, method, anchor_day, allocation, day_count = 'monthly', steps = [], deferral = null } = terms
  if (terms.currency !== 'CNY' || !is_object(balance)
    || !HEADS.every((head) => count(balance[head]))
    || sum(HEADS.map((head) => balance[head])) > MOST_FEN
    || !is_object(reduction(terms))
    || !Array.isArray(allocation) || allocation.length !== 4 || !allocation.every((name) => typeof name === 'string')
    || [...allocation].sort().join() !== PARTS) {
    throw new Refused('schedule.terms')
  }
  if (!count(n) || n < 1 || n > MOST_INSTALMENTS) throw new Refused('schedule.instalments', { most: MOST_INSTALMENTS })
  if (!METHODS.includes(method) || !DAY_COUNTS.includes(day_count)) throw new Refused('schedule.method')
  if (!count(ppm) || ppm > MOST_PPM || (ppm && FREE.includes(method))) throw new Refused('schedule.rate')
  if (!stepped(steps, method, n)) throw new Refused('schedule.steps')
  if (!deferral_fits(deferral, n, ppm)) throw new Refused('schedule.deferral')
  const { first_due: first, interest_from: start } = terms
  let year
  try {
    [year] = dates.parse(first)
    dates.parse(start)
  } catch {
    throw new Refused('schedule.dates')
  }
  if (!count(anchor_day) || anchor_day < 1 || anchor_day > 31 || first !== dates.add_months(first, 0, anchor_day)
    || start > first || year > dates.LAST_YEAR - MOST_INSTALMENTS / 12 - 1 || !shifted(terms.shift === undefined ? 'none' : terms.shift)) {
    throw new Refused('schedule.dates')
  }
  return { first, start }
}

export function after_reduction(terms) {
  const owed = {}
  for (const head of HEADS) owed[head] = terms.balance[head]
  let { fen } = reduction(terms)
  const { becomes_final: final = null } = reduction(terms)
  if (!count(fen) || fen > sum(Object.values(owed)) || (fen ? !FINAL.includes(final) : final !== null)
    || (terms.method === 'settlement/1' && !fen)) {
    throw new Refused('schedule.reduction')
  }
  for (const head of REDUCED_FIRST) {
    const cut = Math.min(owed[head], fen)
    owed[head] -= cut
    fen -= cut
  }
  return owed
}

/** {months, interest}: no months without a deferral. */
export const deferred = ({ deferral }) => deferral || { months: 0, interest: 'none' }

function stepped(steps, method, n) {
  if (!Array.isArray(steps)) return false
  if (!STEPPED.includes(method)) return !steps.length
  if (steps.length < 1 || steps.length > MOST_STEPS
    || !steps.every((step) => is_object(step) && keys_of(step) === 'count,fen' && [step.count, step.fen].every((value) => count(value) && value > 0))) {
    return false
  }
  const covered = sum(steps.map((step) => step.count))
  return method === 'graduated/1' ? covered < n : steps.length === 1 && covered === n - 1
}

const deferral_fits = (deferral, n, ppm) => deferral === null
  || (is_object(deferral) && keys_of(deferral) === 'interest,months' && count(deferral.months)
    && deferral.months >= 1 && deferral.months <= MOST_INSTALMENTS - n
    && DEFERRED.slice(0, ppm ? 3 : 1).includes(deferral.interest))

function shifted(shift) {
  if (!is_object(shift)) return shift === 'none'
  const { to, calendar, published_until, off, work } = shift
  if (keys_of(shift) !== 'calendar,off,published_until,to,work' || to !== 'next-working-day'
    || typeof calendar !== 'string' || !Array.isArray(off) || !Array.isArray(work)) return false
  try {
    for (const day of [published_until, ...off, ...work]) dates.parse(day)
  } catch {
    return false
  }
  return true
}
