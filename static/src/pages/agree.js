// Ways to pay, side by side: the figures come from the signed offer, the debtor chooses, the choice becomes a proposal.
import { v7 as uuid7 } from 'uuid'
import { language as shown } from '../text.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as dates from '../rules/dates.js'
import { build, terms } from '../rules/document.js'
import { yuan } from '../rules/money.js'
import { within } from '../rules/offer.js'
import { first_due, plan, summary } from '../rules/schedule.js'
import { LANGUAGES, amount, inWords, offerOf, silence, sized, today, tools, words } from './debtor.js'
import { each, find, h, icon, once } from './dom.js'
import { mountFrame } from './frame.js'
import { paintPath } from './path.js'
import { on, show } from './show.js'
import { refuse } from './refuse.js'

const USUAL = [6, 12, 24, 3, 18, 36, 2, 1]
const DAYS = [1, 5, 10, 15, 20, 25, 28, 31]

let off = () => {}

export function register() {
  on('agree', { mount, paint: settle, unmount: () => { off(); silence() } })
}

/** Who has signed, has had to stop, or has no offer, is offered no plan. */
function settle(root, ctx) {
  const { stopped, open: step } = paintPath(root, ctx)
  const signed = ctx.events.some(({ type }) => type === 'signature.captured/1')
  const closed = !find('[data-ready]', root).hidden && (signed || stopped || !find('[data-none]', root).hidden)
  const over = closed || signed || step === 'done'
  find('form[name=choice]', root).hidden = over
  for (const part of each('[data-closed]', root)) part.hidden = !closed
  for (const part of each('[data-signed]', root)) part.hidden = !signed
  for (const part of each('[data-later]', root)) part.hidden = over
  if (closed) find('[data-ready]', root).hidden = true
}

async function mount(root, ctx) {
  off = mountFrame(root, ctx)
  const form = find('form[name=choice]', root)
  const offer = await offerOf(ctx.case_ref)
  find('[data-none]', root).hidden = Boolean(offer)
  find('[data-answers]', root).hidden = !offer
  if (!offer) return
  const state = { root, ctx, form, offer, on: await today(), clauses: await pack.data('clauses') }
  form.replaceChildren(...controls(state))
  state.propose = once((plans) => propose(state, plans))
  form.addEventListener('input', ({ target }) => paint(state, target.name))
  form.addEventListener('draft:restored', () => paint(state))
  paint(state)
}

/** What collector and debtor settle: the language before the three columns; way, day and another number after them. */
function controls({ offer, ctx }) {
  const say = words(shown())
  const { methods, most_months: most } = offer.body
  const choice = (name, legend, options, chosen, row) => h('fieldset', { class: row ? 'choices row' : 'choices' }, h('legend', {}, legend),
    options.map(([value, label, lang]) => h('label', { lang }, h('input', { type: 'radio', name, value, checked: value === chosen }), label)))
  return [
    choice('language', say('agree.language'), LANGUAGES.map(([code, name]) => [code, name, code === 'en' ? 'en' : 'zh-Hans']), ctx.language, true),
    sized(h('div', { 'data-plans': true, class: 'debtor stack' })),
    h('details', { class: 'adjust' }, h('summary', {}, icon('next'), say('agree.adjust')),
      methods.length > 1 ? choice('method', say('agree.method'), methods.map((method) => [method, say(`method.${method}`)]), methods[0]) : null,
      h('div', { class: 'field' }, h('label', { for: 'anchor' }, say('agree.day')),
        h('select', { id: 'anchor', name: 'anchor_day' }, DAYS.map((day) => h('option', { value: day, selected: day === 25 }, say(day === 31 ? 'agree.day.last' : 'agree.day.n', { day }))))),
      h('div', { class: 'field' }, h('label', { for: 'months' }, say('agree.months', { most })),
        h('input', { id: 'months', name: 'months', type: 'number', inputmode: 'numeric', min: 1, max: most }))),
  ]
}

const value = (form, name) => new FormData(form).get(name)

/** The plans that the offer allows with what is set: at most three, from few instalments to many. */
export function plansFor({ offer, on, method, anchor_day, months }) {
  const choiceOf = (instalments) => ({ method, instalments, anchor_day, first_due: first_due(on, anchor_day), interest_from: on })
  const fits = (instalments) => {
    if (!(instalments >= 1 && instalments <= offer.body.most_months)) return null
    try {
      const agreed = terms(offer.body, choiceOf(instalments))
      const rows = plan(agreed)
      return within(offer.body, agreed, rows, on).length ? null : { choice: choiceOf(instalments), ...summary(agreed, rows) }
    } catch (error) {
      if (error.code) return null
      throw error
    }
  }
  const asked = months === null ? [] : [months]
  const found = [...new Set([...asked, ...USUAL])].map(fits).filter(Boolean).slice(0, 3)
  return { plans: found.sort((a, b) => a.count - b.count), refused: months !== null && !found.some(({ count }) => count === months) }
}

function paint(state, changed = '') {
  const { form, root, offer } = state
  const language = value(form, 'language')
  const say = words(language)
  const before = value(form, 'plan')
  const asked = value(form, 'months').trim()
  const months = asked === '' ? null : Number(asked)
  const method = value(form, 'method') ?? offer.body.methods[0]
  const { plans, refused } = plansFor({ offer, on: state.on, method, anchor_day: Number(value(form, 'anchor_day')), months })
  // the number he has just asked for is the one he means
  const wanted = changed === 'months' && months ? String(months) : before
  const chosen = plans.find(({ count }) => String(count) === wanted) ?? plans.find(({ count }) => String(count) === before) ?? plans[Math.min(1, plans.length - 1)]
  const place = find('[data-plans]', form)
  place.lang = language === 'en' ? 'en' : 'zh-Hans'
  const at = place.contains(document.activeElement) ? document.activeElement.name : null
  place.replaceChildren(
    tools(say, language, () => each('[data-plans] h3, [data-plans] th, [data-plans] td', form).map((cell) => cell.textContent)),
    h('div', {}, h('h3', {}, say('plans.title', { name: offer.body.parties.debtor.name })), h('p', { class: 'mute' }, say('plans.may', { n: plans.length }))),
    refused ? h('p', { class: 'wrong' }, icon('mind'), say('plans.outside', { least: yuan(offer.body.least_fen), most: offer.body.most_months })) : '',
    table(say, language, plans, chosen, offer.body),
    h('p', { class: 'with' }, icon('shield'), h('span', {}, say('plans.free'))))
  if (at === 'plan') find('[name=plan]:checked', place)?.focus({ preventScroll: true }) // the keyboard stays where it was
  const answers = find('[data-answers]', root)
  answers.lang = place.lang
  answers.replaceChildren(
    h('button', { type: 'button', class: 'button ink tall', onclick: () => refuse(state.ctx, say) }, say('sign.not')),
    h('button', { type: 'button', class: 'button ink tall', onclick: () => state.propose(plans) }, chosen ? say('plans.choose', { n: chosen.count }) : say('plans.none')))
}

function table(say, language, plans, chosen, body) {
  const term = ({ count }) => say('plans.n', { n: count })
  const row = (label, cells) => [
    h('tr', { class: 'row' }, h('th', { colspan: plans.length, scope: 'colgroup' }, label)),
    h('tr', {}, plans.map((one) => h('td', { 'data-p': term(one) }, cells(one))))]
  const written = language === 'en' ? dates.en : dates.zh
  return h('table', { class: 'plans' }, h('caption', { class: 'hide' }, say('plans.caption')),
    h('thead', {}, h('tr', {}, plans.map((one, i) => h('th', { scope: 'col' }, h('label', { for: `p${i + 1}` },
      h('input', { type: 'radio', name: 'plan', id: `p${i + 1}`, value: one.count, checked: one === chosen }), term(one)))))),
    h('tbody', {},
      row(say('plans.each'), (one) => [amount(one.each_fen), inWords(one.each_fen, language),
        Math.abs(one.last_fen - one.each_fen) > 100 ? h('span', {}, say('plans.last', { fen: yuan(one.last_fen) })) : '']),
      row(say('plans.until'), (one) => written(one.until).split(/(?<=年) /).map((part) => h('span', { class: 'phrase' }, part))),
      row(say('plans.total'), (one) => [amount(one.total_fen), inWords(one.total_fen, language),
        h('span', {}, one.interest_fen ? say('plans.interest', { fen: yuan(one.interest_fen) }) : say('plans.no_interest'))]),
      row(say('plans.missed'), () => h('span', {}, say('plans.missed.what', { grace: body.default.grace_days, missed: body.default.missed })))))
}

async function propose({ root, ctx, form, offer, clauses }, plans) {
  const wrong = find('[data-wrong]', root)
  const say = words(shown())
  const fail = (text) => { wrong.textContent = text; wrong.hidden = false; wrong.scrollIntoView({ block: 'center' }) }
  const chosen = plans.find(({ count }) => String(count) === value(form, 'plan'))
  if (!chosen) return fail(say('agree.no_plan'))
  const language = value(form, 'language')
  try {
    const agreement = await build(offer.body, chosen.choice, clauses['cn-repayment'], clauses['cn-rights'], language, uuid7(), { offer_sig: offer.sig })
    await outbox.append({
      type: 'agreement.proposed/1', visit_id: ctx.visit_id, case_ref: ctx.case_ref, about: offer.body.parties.debtor.name,
      basis: { offer_id: offer.body.offer_id }, body: { agreement },
    })
  } catch (error) {
    if (!error.code) throw error
    return fail(/^(wording|schedule|dates|money)\./.test(error.code) ? say('agree.broken', { why: error.code }) : say(`append.${error.code}`))
  }
  return show(`/m/visits/${ctx.visit_id}/sign`)
}
