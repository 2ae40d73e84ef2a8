// The plans side by side: which of the offer's this household can carry, and the table with the same four lines for each.
import * as dates from '../rules/dates.js'
import { gate } from '../rules/affordability.js'
import { terms } from '../rules/document.js'
import { percent, yuan } from '../rules/money.js'
import { within } from '../rules/offer.js'
import { first_due, plan, runs, summary } from '../rules/schedule.js'
import { amount, inWords } from './debtor.js'
import { h } from './dom.js'
import { DEFERRED, MIX, choiceOf, compared, numbers, usual } from './options.js'

const EASED = ['offer.too_many', 'offer.too_small'] // bounds of the offer that a second person may let pass
const MOST = 3

/**
 * At most three, from few instalments to many: what the offer allows and `home` (affordability.assess) can carry.
 * `kind` as in options.js; of a mix, one plan of each of three kinds. What he asked for by number beyond that is among them only if a second person may let it pass; its `why` says so.
 * → {plans: [{key, kind, choice, rows, summary, gate, beyond, why, count, …summary}], refused, least: the lightest plan of the offer or null}
 */
export function plansFor({ offer, on, kind: shown, anchor_day, months, home = null }) {
  const { body } = offer
  const made = new Map()
  const plain = usual(body)
  const fitOf = (kind) => (instalments) => {
    const key = kind === plain ? String(instalments) : `${kind}:${instalments}`
    if (!made.has(key)) made.set(key, one(kind, instalments, key))
    return made.get(key)
  }
  const fit = fitOf(shown === MIX ? plain : shown)
  const one = (kind, instalments, key) => {
    if (!(instalments >= 1 && instalments <= (home ? body.affordability.most_months : body.most_months))) return null
    const choice = { ...choiceOf(body, kind, instalments), anchor_day, first_due: first_due(on, anchor_day), interest_from: on }
    try {
      const agreed = terms(body, choice)
      const rows = plan(agreed)
      const beyond = within(body, agreed, rows, on)
      if (beyond.some((code) => !EASED.includes(code))) return null
      const gated = home && gate(home, body.affordability, Math.max(...rows.map((row) => row.amount_fen)))
      const sums = summary(agreed, rows)
      return { ...sums, summary: sums, key, kind, choice, rows, gate: gated, beyond, why: [...beyond, ...gated?.codes ?? []] }
    } catch (error) {
      if (error.code) return null
      throw error
    }
  }
  const allowed = (each) => each && !each.beyond.length
  const free = (each) => allowed(each) && (home?.declined || !each.why.length)
  const asked = months === null ? null : fit(months)
  const wanted = asked && (home || !asked.beyond.length) ? [asked] : []
  const usable = (kind) => numbers(kind, body).map(fitOf(kind)).filter(free)
  const found = [...new Set([...wanted, ...(shown === MIX ? compared(body).flatMap((kind) => usable(kind).slice(0, 1)) : usable(shown))])]
  const all = Array.from({ length: body.most_months }, (_, i) => i + 1)
  if (shown === MIX && found.length < MOST) found.push(...usable(plain).filter((each) => !found.includes(each)))
  if (home?.largest_fen && found.length < MOST) found.push(...all.map(fit).filter((each) => free(each) && !found.includes(each)))
  const least = () => all.map(fit).filter(allowed).sort((a, b) => a.each_fen - b.each_fen)[0] ?? null
  return {
    plans: found.slice(0, MOST).sort((a, b) => a.count - b.count),
    refused: months !== null && !wanted.length,
    least: found.length ? null : least(),
  }
}

/** How the amounts go on after the first: one line, or none where they stay the same. */
function onwards({ rows, kind, each_fen, last_fen }, say, written) {
  if (kind === DEFERRED) return say('plans.starts', { day: written(rows[0].due) })
  const [, next, ...more] = runs(rows)
  if (more.length > 2) return say('plans.falling', { fen: yuan(last_fen) })
  if (next && next[0] < rows.length) return say('plans.from', { n: next[0], fen: yuan(next[2]) })
  return Math.abs(last_fen - each_fen) > 100 ? say('plans.last', { fen: yuan(last_fen) }) : ''
}

/** `chosen`: the plan whose column is marked. */
export function table(say, language, plans, chosen, body) {
  const several = new Set(plans.map(({ kind }) => kind)).size > 1
  const term = ({ count }) => say('plans.n', { n: count })
  const off = ({ choice }) => choice.reduction_fen ?? 0
  const row = (label, cells) => [
    h('tr', { class: 'row' }, h('th', { colspan: plans.length, scope: 'colgroup' }, label)),
    h('tr', {}, plans.map((each) => h('td', { 'data-p': term(each) }, cells(each))))]
  const written = language === 'en' ? dates.en : dates.zh
  return h('table', { class: 'plans' }, h('caption', { class: 'hide' }, say('plans.caption')),
    h('thead', {}, h('tr', {}, plans.map((each, i) => h('th', { scope: 'col' }, h('label', { for: `p${i + 1}` },
      h('input', { type: 'radio', name: 'plan', id: `p${i + 1}`, value: each.key, checked: each === chosen }), term(each), several ? h('small', {}, say(`kind.${each.kind}`)) : ''))))),
    h('tbody', {},
      row(say('plans.each'), (each) => [amount(each.each_fen), inWords(each.each_fen, language),
        h('span', {}, onwards(each, say, written)),
        each.gate?.share_ppm ? h('span', {}, say('plans.share', { percent: percent(Math.round(each.gate.share_ppm / 10_000) * 10_000) })) : '']),
      row(say('plans.until'), (each) => written(each.until).split(/(?<=年) /).map((part) => h('span', { class: 'phrase' }, part))),
      row(say('plans.total'), (each) => [amount(each.total_fen), inWords(each.total_fen, language),
        h('span', {}, each.interest_fen ? say('plans.interest', { fen: yuan(each.interest_fen) }) : say('plans.no_interest')),
        off(each) ? h('span', {}, say('plans.off', { fen: yuan(off(each)) })) : '']),
      row(say('plans.missed'), (each) => h('span', {}, say('plans.missed.what', { grace: body.default.grace_days, missed: body.default.missed }),
        off(each) ? say(body.default.waiver_lapses ? 'plans.missed.off' : 'plans.missed.kept') : ''))))
}
