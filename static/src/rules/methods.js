// The ways to repay, row by row. Twin of agreements/rules/methods.py, where the readings stand.
// Each gives [{parts, interest}]; `interest(k, principal)` is the new interest of row k.

import { half_up } from './money.js'
import { Refused } from './refusal.js'
import { sum } from './terms.js'

export function spread(total, n) {
  let level = half_up(total, n)
  if (total - level * (n - 1) < 1) level = Math.floor(total / n)
  return [...Array(n - 1).fill(level), total - level * (n - 1)]
}

const owing = (pool) => sum(Object.values(pool))

const interest_free = (terms, pool) => amounts(terms, pool, spread(owing(pool), terms.instalments))

function equal_instalment(terms, { principal, ...arrears }, interest) {
  return level(terms, principal, arrears, terms.instalments, interest)
}

function equal_principal({ instalments: n, allocation }, { principal: left, ...arrears }, interest) {
  const shares = spread(owing(arrears), n)
  return spread(left, n).map((part, k) => {
    const row = { parts: { principal: part, ...take(arrears, shares[k], allocation) }, interest: interest(k, left) }
    left -= part
    return row
  })
}

function stepped(terms, pool, interest) {
  const { instalments: n, allocation } = terms
  const wanted = terms.steps.flatMap(({ count, fen }) => Array(count).fill(fen))
  const done = wanted.length
  if (terms.annual_rate_ppm === 0) {
    let left = owing(pool)
    const given = []
    for (const fen of wanted) {
      if (left) given.push(Math.min(fen, left))
      left -= Math.min(fen, left)
    }
    return amounts(terms, pool, [...given, ...(left ? spread(left, n - done) : [])])
  }
  let { principal, ...arrears } = pool
  const shares = spread(owing(arrears), n)
  const rows = []
  for (const [k, fen] of wanted.entries()) {
    const behind = owing(arrears)
    const added = interest(k, principal)
    if (!principal && !behind) return rows
    const share = Math.min(shares[k], behind)
    if (fen < added + share) throw new Refused('schedule.step_too_small', { n: k + 1 })
    const part = Math.min(fen - added - share, principal)
    principal -= part
    rows.push({ parts: { principal: part, ...take(arrears, Math.min(fen - added - part, behind), allocation) }, interest: added })
  }
  if (!principal && !owing(arrears)) return rows
  return [...rows, ...level(terms, principal, arrears, n - done, (k, left) => interest(done + k, left))]
}

export const METHODS = {
  'interest-free/1': interest_free,
  'settlement/1': interest_free,
  'equal-instalment/1': equal_instalment,
  'equal-principal/1': equal_principal,
  'graduated/1': stepped,
  'balloon/1': stepped,
}

const amounts = (terms, pool, given) => given.map((amount) => {
  if (amount < 1) throw new Refused('schedule.too_many', { instalments: terms.instalments })
  return { parts: take(pool, amount, terms.allocation), interest: 0 }
})

function level(terms, principal, arrears, n, interest) {
  const [num, den] = annuity(principal, terms.annual_rate_ppm, n)
  let rows = amortise(principal, n, interest, half_up(num, den))
  if (rows.at(-1).part < 1) rows = amortise(principal, n, interest, Number(num / den))
  const shares = spread(owing(arrears), n)
  return rows.map(({ part, added }, k) =>
    ({ parts: { principal: part, ...take(arrears, shares[k], terms.allocation) }, interest: added }))
}

function annuity(principal, ppm, n) {
  if (ppm === 0) return [BigInt(principal), BigInt(n)]
  const base = 12_000_000n
  const grown = (base + BigInt(ppm)) ** BigInt(n)
  return [BigInt(principal) * BigInt(ppm) * grown, base * (grown - base ** BigInt(n))]
}

function amortise(principal, n, interest, payment) {
  let left = principal
  return Array.from({ length: n }, (_, k) => {
    const added = interest(k, left)
    const part = k === n - 1 ? left : Math.min(Math.max(payment - added, 0), left)
    left -= part
    return { part, added }
  })
}

function take(pool, amount, order) {
  const parts = {}
  for (const name of order) {
    if (!(name in pool)) continue
    parts[name] = Math.min(pool[name], amount)
    pool[name] -= parts[name]
    amount -= parts[name]
  }
  return parts
}
