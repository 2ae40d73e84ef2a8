// The plans side by side: which of the offer's this household can carry, and the table with the same four lines for each.
import * as dates from '../rules/dates.js'
import { gate } from '../rules/affordability.js'
import { terms } from '../rules/document.js'
import { percent, yuan } from '../rules/money.js'
import { within } from '../rules/offer.js'
import { first_due, plan, summary } from '../rules/schedule.js'
import { amount, inWords } from './debtor.js'
import { h } from './dom.js'

const USUAL = [6, 12, 24, 3, 18, 36, 2, 1]
const EASED = ['offer.too_many', 'offer.too_small'] // bounds of the offer that a second person may let pass
const MOST = 3

/**
 * At most three, from few instalments to many: what the offer allows and `home` (affordability.assess) can carry.
 * What he asked for by number beyond that is among them only if a second person may let it pass; its `why` says so.
 * → {plans: [{choice, rows, summary, gate, beyond, why, count, …summary}], refused, least: the lightest plan of the offer or null}
 */
export function plansFor({ offer, on, method, anchor_day, months, home = null }) {
  const { body } = offer
  const made = new Map()
  const fit = (instalments) => {
    if (!made.has(instalments)) made.set(instalments, one(instalments))
    return made.get(instalments)
  }
  const one = (instalments) => {
    if (!(instalments >= 1 && instalments <= (home ? body.affordability.most_months : body.most_months))) return null
    const choice = { method, instalments, anchor_day, first_due: first_due(on, anchor_day), interest_from: on }
    try {
      const agreed = terms(body, choice)
      const rows = plan(agreed)
      const beyond = within(body, agreed, rows, on)
      if (beyond.some((code) => !EASED.includes(code))) return null
      const gated = home && gate(home, body.affordability, Math.max(...rows.map((row) => row.amount_fen)))
      const sums = summary(agreed, rows)
      return { ...sums, summary: sums, choice, rows, gate: gated, beyond, why: [...beyond, ...gated?.codes ?? []] }
    } catch (error) {
      if (error.code) return null
      throw error
    }
  }
  const allowed = (each) => each && !each.beyond.length
  const free = (each) => allowed(each) && (home?.declined || !each.why.length)
  const asked = months === null ? null : fit(months)
  const wanted = asked && (home || !asked.beyond.length) ? [asked] : []
  const found = [...new Set([...wanted, ...USUAL.map(fit).filter(free)])]
  const all = Array.from({ length: body.most_months }, (_, i) => i + 1)
  if (home?.largest_fen && found.length < MOST) found.push(...all.map(fit).filter((each) => free(each) && !found.includes(each)))
  const least = () => all.map(fit).filter(allowed).sort((a, b) => a.each_fen - b.each_fen)[0] ?? null
  return {
    plans: found.slice(0, MOST).sort((a, b) => a.count - b.count),
    refused: months !== null && !wanted.length,
    least: found.length ? null : least(),
  }
}

/** `chosen`: the plan whose column is marked. */
export function table(say, language, plans, chosen, body) {
  const term = ({ count }) => say('plans.n', { n: count })
  const row = (label, cells) => [
    h('tr', { class: 'row' }, h('th', { colspan: plans.length, scope: 'colgroup' }, label)),
    h('tr', {}, plans.map((each) => h('td', { 'data-p': term(each) }, cells(each))))]
  const written = language === 'en' ? dates.en : dates.zh
  return h('table', { class: 'plans' }, h('caption', { class: 'hide' }, say('plans.caption')),
    h('thead', {}, h('tr', {}, plans.map((each, i) => h('th', { scope: 'col' }, h('label', { for: `p${i + 1}` },
      h('input', { type: 'radio', name: 'plan', id: `p${i + 1}`, value: each.count, checked: each === chosen }), term(each)))))),
    h('tbody', {},
      row(say('plans.each'), (each) => [amount(each.each_fen), inWords(each.each_fen, language),
        Math.abs(each.last_fen - each.each_fen) > 100 ? h('span', {}, say('plans.last', { fen: yuan(each.last_fen) })) : '',
        each.gate?.share_ppm ? h('span', {}, say('plans.share', { percent: percent(Math.round(each.gate.share_ppm / 10_000) * 10_000) })) : '']),
      row(say('plans.until'), (each) => written(each.until).split(/(?<=年) /).map((part) => h('span', { class: 'phrase' }, part))),
      row(say('plans.total'), (each) => [amount(each.total_fen), inWords(each.total_fen, language),
        h('span', {}, each.interest_fen ? say('plans.interest', { fen: yuan(each.interest_fen) }) : say('plans.no_interest'))]),
      row(say('plans.missed'), () => h('span', {}, say('plans.missed.what', { grace: body.default.grace_days, missed: body.default.missed })))))
}
