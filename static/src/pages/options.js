// The kinds of plan that an offer holds, and one plan of a kind for a number of instalments, within the offer's bounds.
import { HEADS } from '../rules/schedule.js'
import { STEPPED, sum } from '../rules/terms.js'
import { rate } from '../rules/document.js'

export const MIX = 'mix'
export const DEFERRED = 'deferral'
const EASED = [DEFERRED, ...STEPPED] // what makes the first months lighter
const STEP_MONTHS = 6

const apart = (method) => method === 'settlement/1' || STEPPED.includes(method)

/** The plain way that this offer has: its asked-for numbers and its deferral are of this kind. */
export const usual = ({ methods }) => methods.find((method) => !apart(method)) ?? methods[0]

/** Methods, and the months without a payment where they are offered; first a choice of several, if there are many. */
export function kinds(body) {
  const found = [...body.methods, ...(body.deferral ? [DEFERRED] : [])]
  return found.length > 2 ? [MIX, ...found] : found
}

/** The three kinds to compare: settling early, the plain way, a lighter start; then what else there is. */
export function compared(body) {
  const [, ...found] = kinds(body)
  const wanted = ['settlement/1', usual(body), ...EASED]
  const rank = (kind) => (wanted.includes(kind) ? wanted.indexOf(kind) : wanted.length)
  return [...found].sort((a, b) => rank(a) - rank(b))
}

/** Numbers of instalments to try, the likeliest first. */
export const numbers = (kind, body) => ({
  'settlement/1': [body.settlement_months, 3, 2, 1],
  'graduated/1': [24, 12, 18, 36, 6],
}[kind] ?? [12, 6, 24, 3, 18, 36, 2, 1])

/** What document.terms takes, for so many instalments of a kind. */
export function choiceOf(body, kind, instalments) {
  const method = kind === DEFERRED ? usual(body) : kind
  const owed = sum(HEADS.map((head) => body.balance[head]))
  const whole = (fen) => Math.max(Math.ceil(fen / 100) * 100, body.least_fen)
  const choice = { method, instalments }
  if (kind === DEFERRED) choice.deferral_months = body.deferral.most_months
  if (method === 'settlement/1') choice.reduction_fen = body.largest_reduction_fen
  if (method === 'graduated/1') choice.steps = [{ count: Math.min(STEP_MONTHS, instalments >> 1), fen: whole(owed / instalments / 2) }]
  if (method === 'balloon/1') {
    // the last row may hold so much; four fifths of it leave room for the interest
    const before = owed * (1 - 0.8 * body.balloon_ppm / 1e6) / Math.max(1, instalments - 1)
    choice.steps = [{ count: instalments - 1, fen: whole(before + owed * rate(body, method) / 12e6) }]
  }
  return choice
}
