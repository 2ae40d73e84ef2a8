// The yearly cost of a plan: IRR × 12 and effective. Twin of agreements/rules/annualised.py, where the method stands.

import { half_up } from './money.js'

const UNIT = 10n ** 10n

/** {monthly in 1e-10, nominal_ppm, effective_ppm} */
export function rate(in_use_fen, payments, first_thirtieths = 30) {
  let [low, high] = [0n, UNIT]
  if (in_use_fen < 1 || payments.reduce((all, one) => all + one, 0) <= in_use_fen) high = 0n
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (left(BigInt(in_use_fen), payments, BigInt(first_thirtieths), middle) <= 0n) low = middle
    else high = middle - 1n
  }
  return {
    monthly: Number(low),
    nominal_ppm: half_up(low * 12_000_000n, UNIT),
    effective_ppm: half_up(((UNIT + low) ** 12n - UNIT ** 12n) * 1_000_000n, UNIT ** 12n),
  }
}

function left(in_use, payments, thirtieths, monthly) {
  let [owed, scale] = [in_use * (30n * UNIT + monthly * thirtieths), 30n * UNIT]
  for (const [k, paid] of payments.entries()) {
    if (k) [owed, scale] = [owed * (UNIT + monthly), scale * UNIT]
    owed -= BigInt(paid) * scale
  }
  return owed
}
