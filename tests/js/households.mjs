// All that the rules say of one household: the JavaScript half of tests/agreements/rules/households.py.

import { annex, assess, floor_fen, gate, meanings, months_needed, plan_meanings } from '../../static/src/rules/affordability.js'

export function answered({ statement, policy, instalment_fen, language, owed_fen }, words) {
  const assessed = assess(statement, policy)
  const gated = gate(assessed, policy, instalment_fen)
  return {
    assessed,
    gate: gated,
    meanings: meanings(assessed, policy, language, words),
    plan: plan_meanings(assessed, gated, policy, instalment_fen, language, words),
    months: months_needed(owed_fen, instalment_fen),
    annex: annex('s', assessed, policy, [{ amount_fen: 1 }, { amount_fen: instalment_fen }], [], 0, instalment_fen % 2 ? ['offer.too_many'] : []),
    floor_fen: floor_fen(owed_fen, policy),
  }
}
