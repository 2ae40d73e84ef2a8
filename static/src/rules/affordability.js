// What a household can pay each month. Twin of agreements/rules/affordability.py, where the sources stand.

import { half_up, percent, yuan } from './money.js'
import { Refused, count } from './refusal.js'
import { fill } from './wording.js'

export const ITEMS = {
  income: ['wage', 'business', 'benefit', 'family', 'other_income'],
  gross: ['gross'],
  living: ['food', 'transport', 'phone', 'daily', 'care', 'other_living'],
  priority: ['rent', 'utilities', 'medical', 'school', 'tax', 'maintenance'],
  debt: ['card_debt', 'loan_debt', 'private_debt'],
  liquid: ['cash'],
  asset: ['property', 'vehicle', 'other_asset'],
  liability: ['owed'],
}
const GROUPS = Object.keys(ITEMS)
const MOST_FEN = 10 ** 11
const MOST_PPM = 10 ** 9
const WHOLE = 1_000_000

const times = (a, b) => BigInt(a) * BigInt(b)
const part = (fen, ppm) => Number(times(fen, ppm) / BigInt(WHOLE))
const share_of = (fen, of) => Math.min(half_up(times(fen, WHOLE), of), MOST_PPM)
const under = (fen, ppm, of) => times(fen, WHOLE) <= times(ppm, of)

/** {income_fen, living_fen, …}: the sum of each group; null where nothing was said of it. */
export function totals(figures) {
  const sums = Object.fromEntries(GROUPS.map((group) => [`${group}_fen`, null]))
  const seen = new Set()
  for (const { item, fen } of figures) {
    const group = GROUPS.find((name) => ITEMS[name].includes(item))
    if (!group || seen.has(item) || !count(fen) || fen > MOST_FEN) throw new Refused('affordability.figures', { item: String(item) })
    seen.add(item)
    sums[`${group}_fen`] = (sums[`${group}_fen`] ?? 0) + fen
  }
  return sums
}

/** The household in figures; largest_fen is the largest instalment it can carry. */
export function assess({ declined, figures }, policy) {
  const sums = totals(figures)
  const [income, living, priority, debt, gross] = ['income', 'living', 'priority', 'debt', 'gross'].map((name) => sums[`${name}_fen`] ?? 0)
  const surplus_fen = income - living - priority - debt
  const known = gross >= Math.max(income, 1)
  const base_fen = known ? gross : income
  const missing = [sums.income_fen === null && 'income', !living && 'living'].filter(Boolean)
  const reserve_fen = part(Math.max(surplus_fen, 0), policy.reserve_ppm)
  const room = part(base_fen, policy.debt_share_limit_ppm) - debt
  const spent = living + priority
  return {
    ...sums, declined, missing, base: known ? 'gross' : 'net', base_fen, surplus_fen,
    debt_share_ppm: base_fen ? share_of(debt, base_fen) : null,
    liquid_ppm: spent ? share_of(sums.liquid_fen ?? 0, spent) : null,
    reserve_fen,
    largest_fen: declined || missing.length ? 0 : Math.max(Math.min(surplus_fen - reserve_fen, room), 0),
  }
}

export const largest_instalment = (statement, policy) => assess(statement, policy).largest_fen

/** May this instalment be agreed without a second person? `codes` is empty when it may. */
export function gate(assessed, policy, instalment_fen) {
  const { surplus_fen: surplus, base_fen: of, declined, missing } = assessed
  const debts = (assessed.debt_fen ?? 0) + instalment_fen
  const codes = []
  if (declined) codes.push('afford.declined')
  else if (missing.length) codes.push('afford.incomplete')
  else {
    if (surplus <= 0) codes.push('afford.short')
    else if (instalment_fen > surplus - assessed.reserve_fen) codes.push('afford.reserve')
    if (!under(debts, policy.debt_share_limit_ppm, of)) codes.push('afford.debt_share')
  }
  const known = surplus > 0 && !declined && !missing.length
  return {
    codes,
    share_ppm: known ? share_of(instalment_fen, surplus) : null,
    share: known ? ['green', 'amber'].find((name) => under(instalment_fen, policy[`share_${name}_ppm`], surplus)) ?? 'red' : null,
    debt_share_ppm: of ? share_of(debts, of) : null,
  }
}

/** The `affordability` of agreement/1: what was known, and how the plan chosen of those shown stands to it. */
export function annex(statement, assessed, policy, rows, shown, chosen, beyond_offer) {
  const instalment_fen = Math.max(...rows.map((row) => row.amount_fen))
  const gated = gate(assessed, policy, instalment_fen)
  const { asset_fen: _, liability_fen: __, ...household } = assessed
  return {
    statement, policy: { id: policy.id, version: policy.version }, household, instalment_fen, gate: gated, beyond_offer,
    needs_approval: gated.codes.length + beyond_offer.length > 0, shown, chosen,
  }
}

export const months_needed = (owed_fen, instalment_fen) => (instalment_fen > 0 ? Math.ceil(owed_fen / instalment_fen) : null)
export const floor_fen = (owed_fen, { most_months }) => half_up(owed_fen, most_months)

/** [{code, text}]: the household's figures in plain sentences; `words` is affordability.toml. */
export function meanings(assessed, policy, language, words) {
  const say = sayer(language, words)
  if (assessed.declined || assessed.missing.length) return [say(assessed.declined ? 'declined' : 'incomplete')]
  const { surplus_fen: surplus, largest_fen: largest, liquid_ppm: liquid } = assessed
  const saved = liquid >= policy.liquid_months * WHOLE ? 'enough' : 'low'
  return [
    say(`surplus.${surplus > 0 ? 'left' : surplus ? 'short' : 'even'}`, { amount: yuan(Math.abs(surplus)) }),
    say(`largest.${largest ? 'some' : surplus > 0 ? 'debts' : 'none'}`, { amount: yuan(largest), reserve: yuan(assessed.reserve_fen) }),
    debts_in_words('before', assessed.debt_fen ?? 0, assessed, policy, language, words),
    say(`liquid.${assessed.liquid_fen ? saved : 'none'}`, { months: months(liquid) }),
  ]
}

/** The same of one instalment: its share of what is left, and all debts with it. */
export function plan_meanings(assessed, gated, policy, instalment_fen, language, words) {
  const say = sayer(language, words)
  if (assessed.declined || assessed.missing.length) return [say(assessed.declined ? 'declined' : 'incomplete')]
  return [
    say(`share.${gated.share ?? 'none'}`, { percent: places(gated.share_ppm ?? 0) }),
    debts_in_words('after', (assessed.debt_fen ?? 0) + instalment_fen, assessed, policy, language, words),
  ]
}

function debts_in_words(when, debt, { base, base_fen: of, surplus_fen }, policy, language, words) {
  const say = sayer(language, words)
  if (!of) return say(`${when}.unknown`)
  let band = ['comfortable', 'high'].find((name) => under(debt, policy[`debt_share_${name === 'high' ? 'limit' : name}_ppm`], of)) ?? 'over'
  if (band === 'comfortable' && surplus_fen <= 0) band = 'plain'
  return say(`${when}.${band}`, { base: words.base[base][language], percent: places(share_of(debt, of)) })
}

const sayer = (language, words) => (code, facts = {}) => ({ code, text: fill(words.meaning[code][language], facts) })
const places = (ppm) => percent(half_up(ppm, 100) * 100)

function months(ppm) {
  const tenths = Math.floor(ppm / 100_000)
  return tenths % 10 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(tenths / 10)
}
