// The repayment plan, exact to the fen. Twin of agreements/rules/schedule.py, where the sources stand.

import * as dates from './dates.js'
import { half_up } from './money.js'
import { Refused, count } from './refusal.js'

export const HEADS = ['principal_fen', 'interest_fen', 'overdue_interest_fen', 'penalty_fen', 'cost_fen']
const REDUCED_FIRST = ['penalty_fen', 'overdue_interest_fen', 'interest_fen', 'cost_fen', 'principal_fen']
const POOLS = {
  cost: ['cost_fen'],
  interest: ['interest_fen', 'overdue_interest_fen'],
  principal: ['principal_fen'],
  penalty: ['penalty_fen'],
}
const MOST_INSTALMENTS = 360
const MOST_PPM = 1_000_000
const MOST_FEN = 10 ** 12
const EARLIEST_DUE_DAYS = 7
export const FINAL = ['paid-in-full', 'in-effect']

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)
const reduction = ({ reduction: given = { fen: 0, becomes_final: null } }) => given
const is_object = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Rows of the plan; throws Refused with the codes of the Python twin. */
export function plan(terms) {
  const { first, start } = check(terms)
  const owed = after_reduction(terms)
  const pool = {}
  for (const [name, heads] of Object.entries(POOLS)) pool[name] = sum(heads.map((head) => owed[head]))
  let left = sum(Object.values(pool))
  if (left === 0) throw new Refused('schedule.nothing_owed')
  return METHODS[terms.method](terms, pool, first, start).map(({ parts, interest }, k) => {
    const taken = sum(Object.values(parts))
    left -= taken
    if (taken + interest < 1) throw new Refused('schedule.too_many', { instalments: terms.instalments })
    return {
      n: k + 1,
      due: dates.anchored(first, terms.anchor_day, k),
      principal_fen: parts.principal,
      interest_fen: parts.interest + interest,
      penalty_fen: parts.penalty,
      cost_fen: parts.cost,
      amount_fen: taken + interest,
      balance_fen: left,
    }
  })
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

/** The next anchor day that leaves at least seven days. */
export function first_due(today, anchor_day) {
  const earliest = dates.add_days(today, EARLIEST_DUE_DAYS)
  const due = dates.add_months(earliest, 0, anchor_day)
  return due >= earliest ? due : dates.add_months(earliest, 1, anchor_day)
}

export function spread(total, n) {
  let level = half_up(total, n)
  if (total - level * (n - 1) < 1) level = Math.floor(total / n)
  return [...Array(n - 1).fill(level), total - level * (n - 1)]
}

function interest_free(terms, pool) {
  return spread(sum(Object.values(pool)), terms.instalments).map((amount) => {
    if (amount < 1) throw new Refused('schedule.too_many', { instalments: terms.instalments })
    return { parts: take(pool, amount, terms.allocation), interest: 0 }
  })
}

function equal_instalment(terms, pool, first, start) {
  const { instalments: n, annual_rate_ppm: ppm } = terms
  const thirtieths = period(start, first, terms.anchor_day)
  const [num, den] = level_payment(pool.principal, ppm, n)
  let amortised = amortise(pool.principal, ppm, n, thirtieths, half_up(num, den))
  if (amortised.at(-1).part < 1) amortised = amortise(pool.principal, ppm, n, thirtieths, Number(num / den))
  const { principal: _, ...arrears } = pool
  const order = terms.allocation.filter((name) => name !== 'principal')
  const shares = spread(sum(Object.values(arrears)), n)
  return amortised.map(({ part, interest }, k) =>
    ({ parts: { principal: part, ...take(arrears, shares[k], order) }, interest }))
}

const METHODS = { 'interest-free/1': interest_free, 'equal-instalment/1': equal_instalment }

function level_payment(principal, ppm, n) {
  if (ppm === 0) return [BigInt(principal), BigInt(n)]
  const base = 12_000_000n
  const grown = (base + BigInt(ppm)) ** BigInt(n)
  return [BigInt(principal) * BigInt(ppm) * grown, base * (grown - base ** BigInt(n))]
}

function amortise(principal, ppm, n, thirtieths, level) {
  let left = principal
  return Array.from({ length: n }, (_, k) => {
    const interest = half_up(BigInt(left) * BigInt(ppm) * BigInt(k ? 30 : thirtieths), 360_000_000n)
    const part = k === n - 1 ? left : Math.min(Math.max(level - interest, 0), left)
    left -= part
    return { part, interest }
  })
}

function period(start, first, anchor_day) {
  const [from, to] = [dates.parse(start), dates.parse(first)]
  const anchor = start === dates.add_months(start, 0, anchor_day) ? anchor_day : from[2]
  let months = (to[0] - from[0]) * 12 + to[1] - from[1]
  if (dates.add_months(start, months, anchor) > first) months -= 1
  return 30 * months + dates.days(dates.add_months(start, months, anchor), first)
}

function take(pool, amount, order) {
  const parts = {}
  for (const name of order) {
    parts[name] = Math.min(pool[name], amount)
    pool[name] -= parts[name]
    amount -= parts[name]
  }
  return parts
}

function after_reduction(terms) {
  const owed = {}
  for (const head of HEADS) owed[head] = terms.balance[head]
  let { fen } = reduction(terms)
  const { becomes_final: final = null } = reduction(terms)
  if (!count(fen) || fen > sum(Object.values(owed)) || (fen ? !FINAL.includes(final) : final !== null)) throw new Refused('schedule.reduction')
  for (const head of REDUCED_FIRST) {
    const cut = Math.min(owed[head], fen)
    owed[head] -= cut
    fen -= cut
  }
  return owed
}

function check(terms) {
  const { balance, instalments: n, annual_rate_ppm: ppm, anchor_day, allocation } = terms
  if (terms.currency !== 'CNY' || !is_object(balance)
    || !HEADS.every((head) => count(balance[head]))
    || sum(HEADS.map((head) => balance[head])) > MOST_FEN
    || !is_object(reduction(terms))
    || !Array.isArray(allocation) || allocation.length !== 4 || !allocation.every((name) => typeof name === 'string')
    || [...allocation].sort().join() !== Object.keys(POOLS).sort().join()) {
    throw new Refused('schedule.terms')
  }
  if (!count(n) || n < 1 || n > MOST_INSTALMENTS) throw new Refused('schedule.instalments', { most: MOST_INSTALMENTS })
  const { method, day_count = 'monthly', steps = [], deferral = null } = terms
  if (typeof method !== 'string' || !Object.hasOwn(METHODS, method) || day_count !== 'monthly'
    || !Array.isArray(steps) || steps.length || deferral !== null) {
    throw new Refused('schedule.method')
  }
  if (!count(ppm) || ppm > MOST_PPM || (ppm && method === 'interest-free/1')) throw new Refused('schedule.rate')
  const { first_due: first, interest_from: start } = terms
  let year
  try {
    [year] = dates.parse(first)
    dates.parse(start)
  } catch {
    throw new Refused('schedule.dates')
  }
  if (!count(anchor_day) || anchor_day < 1 || anchor_day > 31 || first !== dates.add_months(first, 0, anchor_day)
    || start > first || year > dates.LAST_YEAR - MOST_INSTALMENTS / 12 - 1 || (terms.shift === undefined ? 'none' : terms.shift) !== 'none') {
    throw new Refused('schedule.dates')
  }
  return { first, start }
}
