// Who signs beside the debtor: `parties.others` of agreement/1. Twin of agreements/rules/signers.py.

import { parse, written } from './dates.js'
import { capital, yuan } from './money.js'

export const ROLES = ['co-debtor', 'guarantor', 'spouse', 'interpreter', 'collector']

export const of = (parties) => parties.others ?? []

/** The name of his card and consent in a clause set: signer[kind]. */
export function kind({ role, joins, guarantee }) {
  if (role === 'spouse') return joins ? 'spouse-joins' : 'spouse-knows'
  return guarantee?.kind === 'stands' ? 'guarantor-stands' : role
}

export const required = (debtor, others) => [{ role: 'debtor', party: debtor.party }, ...others.map(({ role, party }) => ({ role, party }))]

/** Codes of what speaks against a guarantor; `his`: the person as the offer knows him. */
export function guarantee({ guarantee: said }, his, { last_due, in_all_fen }) {
  const former = his?.guarantee
  if (former?.ended) return ['guarantee.ended']
  if (former) return said.kind === 'stands' && said.until === former.until ? [] : ['guarantee.period']
  const codes = []
  if (!Number.isSafeInteger(said.most_fen) || said.most_fen <= 0 || said.most_fen > in_all_fen) codes.push('guarantee.most')
  try {
    parse(said.until)
    if (said.until <= last_due) codes.push('guarantee.until')
  } catch { codes.push('guarantee.until') }
  return codes
}

export function* holds(others) {
  for (const person of others) {
    const { role, guarantee: said } = person
    yield role === 'collector' ? 'collectors' : role
    if (role === 'spouse') yield kind(person)
    if (role !== 'guarantor') continue
    yield `guarantor-${said.kind}`
    if (said.kind !== 'new') continue
    yield `guarantee-${said.mode}`
    yield `guarantee-${said.scope}`
  }
}

export function facts(others, language) {
  const found = {}
  for (const { role, name, id_masked, relation, language: spoken, guarantee: said } of others) {
    if (role === 'collector') {
      found.collectors = [found.collectors, name].filter(Boolean).join(language === 'en' ? ', ' : '、')
      continue
    }
    const key = role.replace('-', '_')
    Object.assign(found, { [key]: name, [`${key}_id`]: id_masked, [`${key}_relation`]: relation })
    if (role === 'interpreter') found.interpreter_language = spoken
    if (!said) continue
    found.guarantee_until = written(said.until, language)
    if (said.kind === 'new') Object.assign(found, { guarantee_most: yuan(said.most_fen), guarantee_most_capital: capital(said.most_fen) })
  }
  return found
}
