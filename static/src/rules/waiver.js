// What is owed when a settlement breaks (E16). Twin of agreements/rules/waiver.py.

import { inside } from './allocation.js'
import { Refused } from './refusal.js'

const less = (a, b) => Object.fromEntries(Object.keys(a).map((head) => [head, a[head] - b[head]]))

export function after_default(claim, reduction, paid_fen, becomes_final, order) {
  if (!['paid-in-full', 'in-effect'].includes(becomes_final)) throw new Refused('schedule.reduction')
  const owed = becomes_final === 'in-effect' ? less(claim, reduction) : claim
  return less(owed, inside(paid_fen, owed, order).paid)
}
