// Which part of which debt a payment covers. Twin of agreements/rules/allocation.py, where the sources stand.

import { Refused, count } from './refusal.js'

const HEADS = ['cost', 'interest', 'principal', 'penalty']
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0)
const total = (parts) => sum(HEADS.map((head) => parts[head]))
const less = (a, b) => Object.fromEntries(HEADS.map((head) => [head, a[head] - b[head]]))
const compare = (a, b) => {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at] < b[at] ? -1 : 1
}

/** {paid: {cost, interest, principal, penalty}, over_fen} */
export function inside(paid_fen, owed, order = HEADS) {
  if (!count(paid_fen) || HEADS.some((head) => owed[head] < 0)) throw new Refused('allocation.amount')
  if ([...order].sort().join() !== [...HEADS].sort().join()) throw new Refused('allocation.order')
  const paid = {}
  for (const head of order) {
    paid[head] = Math.min(owed[head], paid_fen)
    paid_fen -= paid[head]
  }
  return { paid, over_fen: paid_fen }
}

/** debts: [{name, parts, due, secured, rate_ppm}]; {shares: [{name, paid, left}], over_fen}, in the order given. */
export function allocate(paid_fen, debts, { on, order = HEADS, designated = [] }) {
  const names = debts.map(({ name }) => name)
  const twice = (list) => new Set(list).size < list.length
  if (twice(names) || twice(designated) || designated.some((name) => !names.includes(name))) throw new Refused('allocation.name')
  const rank = ({ name, due, secured, rate_ppm }) => {
    if (designated.includes(name)) return [0, designated.indexOf(name)]
    return due <= on ? [1, secured ? 1 : 0, -rate_ppm, due] : [2, due]
  }
  const waiting = debts.map((debt) => ({ debt, rank: rank(debt) })).sort((a, b) => compare(a.rank, b.rank))
  const taken = {}
  let left = paid_fen
  while (waiting.length) {
    const tied = waiting.filter((one) => compare(one.rank, waiting[0].rank) === 0).map((one) => one.debt)
    waiting.splice(0, tied.length)
    for (const [i, fen] of pro_rata(left, tied.map(({ parts }) => total(parts))).entries()) {
      taken[tied[i].name] = inside(fen, tied[i].parts, order).paid
      left -= fen
    }
  }
  if (!debts.length) inside(paid_fen, { cost: 0, interest: 0, principal: 0, penalty: 0 }, order)
  return { shares: debts.map(({ name, parts }) => ({ name, paid: taken[name], left: less(parts, taken[name]) })), over_fen: left }
}

/** In the proportion of what is owed, never more; fen left over go to the largest remainders, the first listed first. */
export function pro_rata(fen, owed) {
  if (!count(fen) || !owed.every(count)) throw new Refused('allocation.amount')
  const whole = sum(owed)
  if (fen >= whole) return [...owed]
  const exact = owed.map((one) => BigInt(fen) * BigInt(one))
  const shares = exact.map((one) => Number(one / BigInt(whole)))
  const spare = fen - sum(shares)
  const rest = exact.map((one, i) => [Number(-(one % BigInt(whole))), i]).sort(compare)
  for (const [, i] of rest.slice(0, spare)) shares[i] += 1
  return shares
}
