// Interest by days, overdue interest, and what the law lets stand of it. Twin of agreements/rules/interest.py.

import { half_up } from './money.js'

const MILLION = 1_000_000n

export const simple = (fen, ppm, days, basis) => half_up(BigInt(fen) * BigInt(ppm) * BigInt(days), BigInt(basis) * MILLION)

export const overdue_rate = (contract_ppm, plus_ppm) => half_up(BigInt(contract_ppm) * (MILLION + BigInt(plus_ppm)), MILLION)

/** What a rate comes to in 365 days, rounded up. */
export const yearly = (ppm, basis) => Math.ceil(ppm * 365 / basis)

export function clip(fen, agreed_ppm, ceiling_ppm, days, basis = 365) {
  const agreed = simple(fen, agreed_ppm, days, basis)
  const allowed = Math.min(agreed, simple(fen, ceiling_ppm, days, 365))
  return { agreed_fen: agreed, allowed_fen: allowed, excess_fen: agreed - allowed }
}

export const highest_restated = (principal_fen, agreed_ppm, ceiling_ppm, days) =>
  principal_fen + clip(principal_fen, agreed_ppm, ceiling_ppm, days).allowed_fen

export const over_the_whole = (first_principal_fen, ceiling_ppm, days, claimed_fen) =>
  Math.max(0, claimed_fen - first_principal_fen - simple(first_principal_fen, ceiling_ppm, days, 365))

export function penalty_test(penalty_fen, principal_fen, lpr_ppm, days, limit_ppm) {
  const loss = simple(principal_fen, lpr_ppm, days, 365)
  const limit = half_up(BigInt(loss) * BigInt(limit_ppm), MILLION)
  return { loss_fen: loss, limit_fen: limit, warns: penalty_fen > limit }
}
