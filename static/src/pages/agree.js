// Ways to pay, side by side: what the signed offer allows and the household can carry; the choice becomes a proposal.
import { v7 as uuid7 } from 'uuid'
import { language as shown } from '../text.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as vault from '../offline/vault.js'
import { annex, assess, meanings } from '../rules/affordability.js'
import { build } from '../rules/document.js'
import { yuan } from '../rules/money.js'
import { LANGUAGES, offerOf, silence, sized, today, tools, words } from './debtor.js'
import { each, find, h, icon, once } from './dom.js'
import { mountFrame } from './frame.js'
import { held } from './lawful.js'
import { kinds } from './options.js'
import * as others from './others.js'
import { last, paintPath } from './path.js'
import { plansFor, table } from './plans.js'
import { on, show } from './show.js'
import { refuse } from './refuse.js'

const DAYS = [1, 5, 10, 15, 20, 25, 28, 31]

let off = () => {}

export function register() {
  on('agree', { mount, paint: settle, unmount: () => { off(); silence() } })
}

const told = (ctx) => last(ctx.events, 'statement.taken/1')

/** Who has signed, has had to stop, or has no offer, is offered no plan; nor is he before income and spending were asked. */
function settle(root, ctx) {
  const { stopped, open: step } = paintPath(root, ctx)
  const signed = others.underWay(ctx.events)
  const ready = !find('[data-ready]', root).hidden
  const closed = ready && (signed || stopped || !find('[data-none]', root).hidden)
  const over = closed || signed || step === 'done'
  const first = ready && !over && root.dataset.asks !== undefined && !told(ctx)
  find('form[name=choice]', root).hidden = over || first
  for (const part of each('[data-closed]', root)) part.hidden = !closed
  for (const part of each('[data-first]', root)) part.hidden = !first
  for (const part of each('[data-signed]', root)) part.hidden = !signed
  for (const part of each('[data-later]', root)) part.hidden = over
  if (closed || first) find('[data-ready]', root).hidden = true
}

async function mount(root, ctx) {
  off = mountFrame(root, ctx)
  const form = find('form[name=choice]', root)
  const offer = await offerOf(ctx.case_ref)
  find('[data-none]', root).hidden = Boolean(offer)
  find('[data-answers]', root).hidden = !offer
  if (!offer) return
  const policy = offer.body.affordability
  const statement = told(ctx)
  if (policy?.statement_required) root.dataset.asks = ''
  const state = {
    root, ctx, form, offer, statement, policy, on: await today(), clauses: await pack.data('clauses'), words: await pack.data('affordability'),
    home: policy && statement ? assess(statement.body, policy) : null,
  }
  form.replaceChildren(...controls(state))
  state.propose = once((plans) => propose(state, plans))
  form.addEventListener('input', ({ target }) => (others.isOf(target.name) ? others.paint(form, offer.body.people) : paint(state, target.name)))
  form.addEventListener('draft:restored', () => { others.paint(form, offer.body.people); paint(state) })
  others.paint(form, offer.body.people)
  paint(state)
}

/** What collector and debtor settle: the language before the three columns; way, day and another number after them. */
function controls({ offer, ctx, clauses }) {
  const say = words(shown())
  const { most_months: most } = offer.body
  const found = kinds(offer.body)
  const choice = (name, legend, options, chosen, row) => h('fieldset', { class: row ? 'choices row' : 'choices' }, h('legend', {}, legend),
    options.map(([value, label, lang]) => h('label', { lang }, h('input', { type: 'radio', name, value, checked: value === chosen }), label)))
  return [
    choice('language', say('agree.language'), LANGUAGES.map(([code, name]) => [code, name, code === 'en' ? 'en' : 'zh-Hans']), ctx.language, true),
    sized(h('div', { 'data-plans': true, class: 'debtor stack' })),
    h('details', { class: 'adjust' }, h('summary', {}, icon('next'), say('agree.adjust')),
      found.length > 1 ? choice('method', say('agree.method'), found.map((kind) => [kind, say(`method.${kind}`)]), found[0]) : null,
      h('div', { class: 'field' }, h('label', { for: 'anchor' }, say('agree.day')),
        h('select', { id: 'anchor', name: 'anchor_day' }, DAYS.map((day) => h('option', { value: day, selected: day === 25 }, say(day === 31 ? 'agree.day.last' : 'agree.day.n', { day }))))),
      h('div', { class: 'field' }, h('label', { for: 'months' }, say('agree.months', { most })),
        h('input', { id: 'months', name: 'months', type: 'number', inputmode: 'numeric', min: 1, max: most }))),
    others.controls(say, clauses?.['cn-repayment'], offer.body.people, ctx.json('people') ?? {}),
  ]
}

const value = (form, name) => new FormData(form).get(name)

function paint(state, changed = '') {
  const { form, root, offer } = state
  const language = value(form, 'language')
  const say = words(language)
  const before = value(form, 'plan')
  const asked = value(form, 'months').trim()
  const months = asked === '' ? null : Number(asked)
  const kind = value(form, 'method') ?? offer.body.methods[0]
  const { plans, refused, least } = plansFor({ offer, on: state.on, kind, anchor_day: Number(value(form, 'anchor_day')), months, home: state.home })
  // the number he has just asked for is the one he means
  const wanted = changed === 'months' && months ? plans.find(({ choice }) => choice.instalments === months)?.key : before
  const chosen = plans.find(({ key }) => key === wanted) ?? plans.find(({ key }) => key === before) ?? plans[Math.min(1, plans.length - 1)]
  const place = find('[data-plans]', form)
  place.lang = language === 'en' ? 'en' : 'zh-Hans'
  const at = place.contains(document.activeElement) ? document.activeElement.name : null
  place.replaceChildren(
    tools(say, language, () => each('[data-plans] :is(h3, .home li, .notice p, .notice li, th, td)', form).map((cell) => cell.textContent)),
    h('div', {}, h('h3', {}, say('plans.title', { name: offer.body.parties.debtor.name })), plans.length ? h('p', { class: 'mute' }, say('plans.may', { n: plans.length })) : ''),
    household(state, language, say),
    refused ? h('p', { class: 'wrong' }, icon('mind'), say('plans.outside', { least: yuan(offer.body.least_fen), most: offer.body.most_months })) : '',
    plans.length ? table(say, language, plans, chosen, offer.body) : nothing(least, say),
    chosen?.why.length ? h('p', { class: 'notice' }, icon('people'), h('span', {}, [say('plans.second').trim(), ...chosen.why.map((code) => say(`why.${code}`))].join(language === 'en' ? ' ' : ''))) : '',
    h('p', { class: 'with' }, icon('shield'), h('span', {}, say('plans.free'))))
  if (at === 'plan') find('[name=plan]:checked', place)?.focus({ preventScroll: true }) // the keyboard stays where it was
  const answers = find('[data-answers]', root)
  answers.lang = place.lang
  answers.replaceChildren(
    h('button', { type: 'button', class: 'button ink tall', onclick: () => refuse(state.ctx, say) }, say('sign.not')),
    chosen
      ? h('button', { type: 'button', class: 'button ink tall', onclick: () => state.propose(plans) }, say('plans.choose', { n: chosen.count }))
      : h('a', { class: 'button ink tall', href: `/m/visits/${state.ctx.visit_id}/leave` }, say('plans.later')))
}

/** What is left each month, in his language, and the way back to the figures. */
function household({ ctx, home, policy, words: said }, language, say) {
  const again = h('a', { class: 'button quiet', href: `/m/visits/${ctx.visit_id}/statement` }, icon('edit'), say(home ? 'home.change' : 'home.ask'))
  if (!policy || !said) return ''
  const lines = home ? meanings(home, policy, language, said).slice(0, 2) : []
  return h('div', { class: 'home' }, h('ul', {}, lines.map(({ text }) => h('li', {}, text))), again)
}

/** No plan that he can carry: said plainly, with what can be done. No word that presses. */
function nothing(least, say) {
  return h('div', { class: 'notice' }, icon('mind'), h('p', {}, h('strong', {}, say('plans.cannot')), ' ',
    least ? say('plans.lightest', { n: least.count, fen: yuan(least.each_fen) }) : ''),
  h('ul', {}, ['longer', 'office', 'hardship'].map((way) => h('li', {}, say(`plans.can.${way}`)))))
}

async function propose({ root, ctx, form, offer, clauses, home, policy, statement, on }, plans) {
  const wrong = find('[data-wrong]', root)
  const say = words(shown())
  const fail = (text) => { wrong.textContent = text; wrong.hidden = false; wrong.scrollIntoView({ block: 'center' }) }
  const chosen = plans.find(({ key }) => key === value(form, 'plan'))
  if (!chosen) return fail(say('agree.no_plan'))
  if (last(ctx.events, 'stop.raised/1') || await held(ctx)) return fail(say('fail.held'))
  const { second } = ctx.json('people') ?? {}
  const me = vault.who()
  const collectors = [{ party: me.username, name: me.name }, ...(second && last(ctx.events, 'visit.consent/1')?.body.second === second.party ? [second] : [])]
  const who = others.read(form, offer.body.people, { summary: chosen.summary, collectors, on, say })
  if (who.wrong) return fail(say(...who.wrong))
  const language = value(form, 'language')
  const affordability = home && annex(statement.event_id, home, policy, chosen.rows,
    plans.map(({ choice, summary }) => ({ choice, summary })), plans.indexOf(chosen), chosen.beyond)
  try {
    const agreement = await build(offer.body, chosen.choice, clauses['cn-repayment'], clauses['cn-rights'], language, uuid7(), { offer_sig: offer.sig, affordability, others: who.others })
    await outbox.append({
      type: 'agreement.proposed/1', visit_id: ctx.visit_id, depends_on: statement ? [statement.event_id] : [], case_ref: ctx.case_ref, about: offer.body.parties.debtor.name,
      basis: { offer_id: offer.body.offer_id }, body: { agreement },
    })
  } catch (error) {
    if (!error.code) throw error
    return fail(/^(wording|schedule|dates|money)\./.test(error.code) ? say('agree.broken', { why: error.code }) : say(`append.${error.code}`))
  }
  return show(`/m/visits/${ctx.visit_id}/sign`)
}
