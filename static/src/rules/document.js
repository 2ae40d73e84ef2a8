// Offer + choice -> agreement/1, and the hash that is signed. Twin of agreements/rules/document.py.

import canonicalize from 'canonicalize'
import { plan } from './schedule.js'
import { required } from './signers.js'
import { FREE } from './terms.js'
import { facts, render } from './wording.js'

const SIGNED = ['agreement_id', 'offer_id', 'supersedes', 'language', 'parties', 'terms', 'schedule', 'clauses',
  'rendered_text', 'affordability', 'rights_card']

/** Lower hex SHA-256 of the canonical bytes. */
export async function sha256(value) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalize(value)))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What every signature points to: the terms, the text that was read, and the identifiers. */
export const terms_hash = (agreement) => sha256(Object.fromEntries(SIGNED.map((name) => [name, agreement[name]])))

/** The first 8 bytes for people to compare: "7F3A-91C2-0B6E-D45A". */
export const check_code = (sha256_hex) => sha256_hex.slice(0, 16).toUpperCase().match(/.{4}/g).join('-')

/** The yearly rate (ppm) that a method of this offer carries. */
export const rate = (offer, method) => (FREE.includes(method) ? 0 : offer.rates?.[method] ?? offer.annual_rate_ppm)

/** The first months without a payment, on the terms of the offer. */
const deferral = (offer, months) => (months ? { months, interest: offer.deferral?.interest ?? 'none' } : null)

/** choice: {method, instalments, anchor_day, first_due, interest_from} and, where the offer allows them,
 * reduction_fen, steps, deferral_months. */
export function terms(offer, choice) {
  const fen = choice.reduction_fen ?? 0
  const final = offer.default.waiver_lapses ? 'paid-in-full' : 'in-effect'
  return {
    currency: 'CNY',
    balance: offer.balance,
    method: choice.method,
    instalments: choice.instalments,
    annual_rate_ppm: rate(offer, choice.method),
    interest_from: choice.interest_from,
    day_count: offer.day_count,
    first_due: choice.first_due,
    anchor_day: choice.anchor_day,
    shift: offer.shift,
    steps: choice.steps ?? [],
    deferral: deferral(offer, choice.deferral_months ?? 0),
    reduction: fen ? { fen, becomes_final: final } : { fen: 0, becomes_final: null },
    allocation: offer.allocation,
    default: offer.default,
    effect: { lapse_days: offer.lapse_days, cooling_off_days: offer.cooling_off_days },
  }
}

/** agreement/1 with plan and text. Throws Refused (schedule.*, wording.*); offer.within says whether it is allowed. */
export async function build(offer, choice, clause_set, rights_set, language, agreement_id,
  { offer_sig, supersedes = offer.supersedes ?? null, affordability = null, others = [] }) {
  const agreed = terms(offer, choice)
  const agreement = {
    schema: 'agreement/1',
    agreement_id,
    offer_id: offer.offer_id,
    offer_sig,
    supersedes,
    parties: others.length ? { ...offer.parties, others } : offer.parties,
    terms: agreed,
    schedule: plan(agreed),
    clauses: await reference(clause_set),
    language,
    affordability,
    rights_card: await reference(rights_set),
    required_signers: others.length ? required(offer.parties.debtor, others) : offer.required_signers,
  }
  return { ...agreement, rendered_text: render(clause_set, facts(agreement)) }
}

/** {id, version, sha256} of a clause set or rights card. */
export const reference = async (text_set) =>
  ({ id: text_set.id, version: text_set.version, sha256: await sha256(text_set) })
