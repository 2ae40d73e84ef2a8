// The text of an agreement: reviewed clauses, filled once with facts. Twin of agreements/rules/wording.py.

import { sheet } from './cost_sheet.js'
import * as dates from './dates.js'
import { capital, percent, yuan } from './money.js'
import { Refused } from './refusal.js'
import { HEADS, bears_from, runs, summary as summarise } from './schedule.js'
import * as signers from './signers.js'
import { deferred } from './terms.js'

const LANGUAGES = ['zh-hans', 'en']
const FINAL = { 'paid-in-full': 'reduction-conditional', 'in-effect': 'reduction-final' }
const PARTS = ['principal', 'interest', 'penalty', 'cost']
const PLACE = /\{([a-z_]+)\}/g
const BLANK = /^[ \u00a0\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]*$/u
// Line breaks, controls and signs that turn the reading order round: they could make a page show what it does not say.
// eslint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u

/** Paragraphs {id, clause, key, heading, text}, the plan's rows last. `facts` as facts() gives them. */
export function render(clause_set, facts) {
  const { language } = facts
  if (!clause_set.languages.includes(language)) throw new Refused('wording.language', { language })
  const known = { ...facts, allocation_words: allocation(clause_set.allocation[language], facts.allocation) }
  if (clause_set.steps) known.steps_words = steps(clause_set.steps[language], facts.runs)
  const holds = new Set(facts.holds)
  const stands = (...conditions) => conditions.join(' ').split(' ').every((name) => holds.has(name))
  const paragraphs = []
  for (const clause of clause_set.clause) {
    for (const [i, text] of clause.text[language].entries()) {
      if (!stands(clause.when, clause.only?.[i] ?? 'always')) continue
      paragraphs.push(paragraph(clause.id, i + 1, clause.key, clause.heading[language], text, known))
    }
  }
  const { heading, row, foot, parts, join } = clause_set.schedule
  for (const one of facts.rows) {
    const words = PARTS.filter((name) => one[`row_${name}`] !== yuan(0)).map((name) => fill(parts[language][name], one))
    const filled = { ...one, row_parts: words.join(join[language]) }
    paragraphs.push(paragraph('schedule', one.row_n, false, heading[language], row[language], filled))
  }
  paragraphs.push(paragraph('schedule', 'total', false, heading[language], foot[language], known))
  return paragraphs
}

/** Put the facts in, in one pass over the template. */
export function fill(template, facts) {
  if (/[{}]/.test(template.replace(PLACE, ''))) throw new Refused('wording.brace', { template })
  return template.replace(PLACE, (_, fact) => {
    if (!Object.hasOwn(facts, fact)) throw new Refused('wording.unknown', { fact })
    const value = facts[fact]
    if (typeof value !== 'string' || BLANK.test(value)) throw new Refused('wording.blank', { fact })
    if (UNFIT.test(value)) throw new Refused('wording.character', { fact })
    return value
  })
}

/** Every figure, name and date of agreement/1 as text, with language, the conditions that hold, and the rows. */
export function facts(agreement) {
  const { language, terms, schedule, parties } = agreement
  if (!LANGUAGES.includes(language)) throw new Refused('wording.language', { language })
  const { creditor, agency, debtor, debt } = parties
  const { balance, default: late, effect } = terms
  const sums = summarise(terms, schedule)
  const cost = sheet(terms)
  const reduction = terms.reduction.fen
  const total = HEADS.reduce((sum, head) => sum + balance[head], 0)
  const found = {
    creditor: creditor.name,
    account_name: creditor.account_name,
    account_bank: creditor.account_bank,
    account_tail: creditor.account_tail,
    complaint_phone: creditor.complaint_phone,
    debtor: debtor.name,
    debtor_id_masked: debtor.id_masked,
    debtor_mobile_masked: debtor.mobile_masked,
    address: debtor.address,
    contract: debt.contract,
    as_of: dates.written(balance.as_of, language),
    interest_from: dates.written(bears_from(terms), language),
    first_due: dates.written(schedule[0].due, language),
    last_due: dates.written(sums.until, language),
    n: String(sums.count),
    anchor_day: String(terms.anchor_day),
    rate: percent(terms.annual_rate_ppm),
    rate_yearly: percent(cost.yearly_ppm),
    nominal: percent(cost.nominal_ppm),
    effective: percent(cost.effective_ppm),
    in_use: yuan(cost.in_use_fen),
    fees: yuan(cost.fees_fen),
    new_interest: yuan(sums.interest_fen),
    deferral: months(deferred(terms).months, language),
    after_reduction: yuan(total - reduction),
    missed: String(late.missed),
    grace_days: String(late.grace_days),
    grace: days(late.grace_days, language),
    lapse_days: String(effect.lapse_days),
    lapse: days(effect.lapse_days, language),
    cooling_off_days: String(effect.cooling_off_days),
    cooling_off: days(effect.cooling_off_days, language),
    allocation: terms.allocation.join(' '),
  }
  for (const head of HEADS) found[head.replace(/_fen$/, '')] = yuan(balance[head])
  if (agency) {
    Object.assign(found, {
      agency: agency.name,
      mandate: agency.mandate,
      mandate_until: dates.written(agency.mandate_until, language),
    })
  }
  if (debt.formed_on !== null) found.contract_date = dates.written(debt.formed_on, language)
  const amounts = {
    original: debt.original_fen, total, each: sums.each_fen, first: schedule[0].amount_fen,
    last: sums.last_fen, in_all: sums.total_fen, reduction,
  }
  for (const [name, fen] of Object.entries(amounts)) {
    if (fen === null) continue
    found[name] = yuan(fen)
    found[`${name}_capital`] = capital(fen)
  }
  const rows = schedule.map((row) => ({
    row_n: String(row.n),
    row_due: dates.written(row.due, language),
    row_amount: yuan(row.amount_fen),
    row_balance: yuan(row.balance_fen),
    ...Object.fromEntries(PARTS.map((name) => [`row_${name}`, yuan(row[`${name}_fen`])])),
  }))
  return { ...found, ...signers.facts(signers.of(parties), language), language, holds: [...conditions(agreement)].sort(), rows,
    runs: runs(schedule).map(([from, to, fen]) => ({ from: String(from), to: String(to), fen: yuan(fen) })) }
}

function* conditions({ terms, parties, schedule }) {
  yield 'always'
  yield terms.annual_rate_ppm ? 'interest' : 'interest-free'
  yield schedule.length > 1 ? 'several' : 'single'
  const level = new Set(schedule.slice(0, -1).map((row) => row.amount_fen)).size < 2 && terms.method !== 'balloon/1'
  yield level ? 'level' : 'varied'
  yield terms.method.replace('/1', '')
  yield terms.day_count.replace('/', '-')
  if (terms.deferral) yield `deferral-${terms.deferral.interest}`
  if (terms.shift !== 'none') yield 'shift'
  yield parties.agency ? 'agency' : 'direct'
  if (terms.anchor_day > 28) yield 'month-end'
  if (terms.reduction.fen) {
    yield 'reduction'
    yield FINAL[terms.reduction.becomes_final]
  }
  if (terms.default.grace_days) yield 'grace'
  if (terms.effect.cooling_off_days) yield 'cooling-off'
  if (parties.debt.formed_on !== null) yield 'contract-date'
  if (parties.debt.original_fen !== null) yield 'original'
  if (parties.debtor.mobile_masked) yield 'mobile'
  if (['expired', 'possibly-expired'].includes(parties.debt.limitation)) yield 'expired'
  yield* signers.holds(signers.of(parties))
}

const paragraph = (clause, i, key, heading, template, known) =>
  ({ id: `${clause}.${i}`, clause, key, heading, text: fill(template, known) })

function allocation(words, order) {
  const heads = order.split(' ')
  return heads.map((head, i) => {
    const step = i === 0 ? 'first' : i === heads.length - 1 ? 'last' : 'next'
    return fill(words[step], { head: words[head] })
  }).join(words.join)
}

const steps = (words, found) =>
  found.map((run) => fill(words[run.from === run.to ? 'one' : 'span'], run)).join(words.join)

function months(count, language) {
  if (language === 'en') return count === 1 ? `${count} month` : `${count} months`
  return `${count} 个月`
}

function days(count, language) {
  if (language === 'en') return count === 1 ? `${count} day` : `${count} days`
  return `${count} 天`
}
