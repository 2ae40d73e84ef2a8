// The ceremony: hand the phone over; each who must reads exactly the proposal's text, signs or does not; code and copy.
import * as mine from '../offline/mine.js'
import { tell as news } from '../offline/db.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as vault from '../offline/vault.js'
import { position } from '../capture/position.js'
import { pad } from '../capture/signature.js'
import { check_code, terms_hash } from '../rules/document.js'
import { yuan } from '../rules/money.js'
import { summary } from '../rules/schedule.js'
import { kind } from '../rules/signers.js'
import * as dates from '../rules/dates.js'
import { language as shown } from '../text.js'
import { confirmation } from './confirm.js'
import { inWords, offerOf, silence, sized, tools, usual, words } from './debtor.js'
import { each, find, h, icon, once, say as aloud } from './dom.js'
import { held } from './lawful.js'
import { onPaper } from './on-paper.js'
import { personOf, standing } from './others.js'
import { refuse } from './refuse.js'
import { on } from './show.js'

const CONSENTS = ['electronic-form', 'read', 'no-duress', 'copy-received']
const WITNESSING = ['electronic-form', 'read'] // interpreter and collectors owe nothing and get no copy
const LOCATION = 'location' // sensitive data: asked by itself, and may be refused (PIPL 28-29)
let open = null

export const register = () => on('sign', { mount, unmount })

async function mount(root, ctx) {
  const proposal = ctx.events.findLast(({ type }) => type === 'agreement.proposed/1')
  const place = find('[data-twin=deed]', root)
  const agreement = proposal?.body.agreement
  const { missing, refused } = proposal ? standing(agreement, ctx.events) : { refused: true }
  if (refused) return place.replaceChildren(nothing(ctx))
  if (missing.length && await stopped(ctx)) return place.replaceChildren(nothing(ctx, true))
  const sets = await pack.data('clauses')
  const state = {
    root, ctx, place, proposal, agreement, sha256: await terms_hash(agreement), say: words(agreement.language),
    offer: await offerOf(ctx.case_ref), rights: sets?.[agreement.rights_card.id], clauses: same(sets, agreement.clauses),
    missing, signer: missing[0], person: missing.length ? personOf(agreement, missing[0]) : null,
  }
  if (!missing.length) return done(state)
  // what he reads as his rights and confirms stands in the set that the paper names
  if (state.signer.role !== 'debtor') state.own = state.clauses?.signer?.[kind(state.person)]
  return state.own || state.signer.role === 'debtor' ? handOver(state) : place.replaceChildren(nothing(ctx))
}

/** The set that the paper names, or nothing: what a later one explains may be another clause. */
const same = (sets, { id, version }) => (sets?.[id]?.version === version ? sets[id] : undefined)

function unmount() {
  silence()
  open?.pad?.off()
  clearInterval(open?.timer)
  open?.seen?.disconnect()
  open?.keys?.disconnect()
  open = null
  handedOver(false)
}

/** While the debtor holds the phone, nothing of the collector's app can be reached from the page. */
function handedOver(on) {
  if (on) document.documentElement.dataset.handover = ''
  else delete document.documentElement.dataset.handover
  if (!on) usual()
}

function nothing(ctx, stop = false) {
  const say = words(shown())
  return h('div', { class: 'empty' }, icon('paper'), h('h2', { tabindex: -1 }, say(stop ? 'sign.stopped' : 'sign.nothing')), h('p', {}, say(stop ? 'fail.held' : 'sign.nothing.do')),
    h('a', { class: 'button main wide', href: stop ? '/m/today' : `/m/visits/${ctx.visit_id}/agree` }, say(stop ? 'page.today' : 'sign.to_plans')))
}

/** This visit, or the whole case, and perhaps in another tab a moment ago. */
const stopped = async (ctx) =>
  [...ctx.events, ...await mine.of(ctx.visit_id)].some(({ type }) => type === 'stop.raised/1') || held(ctx)

/** First screen, still the collector's: whom he hands the phone to, and what document he has seen. */
function handOver(state) {
  const { place, ctx, agreement, missing, signer, person: { name } } = state
  const say = words(shown())
  const turn = ({ role, party }) => {
    const left = missing.some((other) => other.party === party && other.role === role)
    return h('li', { class: left ? 'with' : 'good with' }, icon(left ? 'wait' : 'tick'), h('span', {}, `${say(`role.${role}`)} · ${personOf(agreement, { role, party }).name}`))
  }
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true }, say('sign.id.missing'))
  const form = h('form', { class: 'stack wide', method: 'dialog' },
    h('h1', { tabindex: -1 }, say('sign.hand_over', { name })), h('p', {}, say('sign.hand_over.why')),
    agreement.required_signers.length > 1 ? h('ul', { class: 'turns' }, agreement.required_signers.map(turn)) : '',
    signer.role === 'collector' ? '' : h('fieldset', { class: 'choices' }, h('legend', {}, say('sign.id')),
      ['seen:id-card', 'seen:passport', 'not-seen'].map((code) => h('label', {}, h('input', { type: 'radio', name: 'id_check', value: code }), say(`sign.id.${code}`)))),
    wrong,
    h('div', { class: 'act' }, h('button', { type: 'submit', class: 'button main wide' }, icon('phone'), say('sign.hand_over.do', { name })),
      h('button', { type: 'button', class: 'button wide', 'data-paper': true, onclick: () => byHand(state) }, icon('paper'), say('paper.title')),
      h('a', { class: 'button quiet wide', href: `/m/visits/${ctx.visit_id}/agree` }, say('sign.to_plans'))))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    state.id_check = signer.role === 'collector' ? 'colleague' : new FormData(form).get('id_check')
    wrong.hidden = Boolean(state.id_check)
    if (state.id_check) read(state)
    else find('input', form).focus()
  })
  place.replaceChildren(form)
}

/** On paper: one signature for each who is still missing, all with the photos of the same pages. */
const byHand = (state) => onPaper(state, {
  collectors: collectors(state.ctx), back: () => handOver(state),
  async keep(signatures) {
    if (await stopped(state.ctx)) return words(shown())('sign.stopped')
    try {
      for (const signature of signatures) await write(state, signature)
    } catch (error) {
      return words(shown())(`append.${error.code}`)
    }
    state.missing = []
    return done(state)
  },
})

/** One at a time, and never a second one: another tab of this phone may have been quicker. */
const write = ({ ctx, agreement, proposal }, signature) => navigator.locks.request(`sign:${agreement.agreement_id}`, async () => await answered(ctx, agreement, signature.signer) ?? outbox.append({
  type: 'signature.captured/1', visit_id: ctx.visit_id, case_ref: ctx.case_ref, about: ctx.about, depends_on: [proposal.event_id],
  basis: { offer_id: agreement.offer_id }, body: { signature },
}))

/** The agreement itself: rights, text, consents, code, pad, and two equal answers. */
function read(state) {
  const { place, agreement, say, sha256, rights, clauses, signer, person, own } = state
  const lines = own ? own.rights : rights?.lines
  state.consents = !own ? CONSENTS : [...(['interpreter', 'collector'].includes(signer.role) ? WITNESSING : CONSENTS), `as:${kind(person)}`]
  handedOver(true)
  sized(state.root)
  place.lang = agreement.language === 'en' ? 'en' : 'zh-Hans'
  const end = h('p', { class: 'good with', hidden: true }, icon('tick'), h('span', {}, say('sign.read')))
  const canvas = h('canvas', { class: 'glass', 'aria-label': say('sign.pad') })
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const sentinel = h('span', { 'aria-hidden': 'true' })
  const answer = once(async ({ currentTarget: button }) => {
    button.textContent = say('visit.keeping')
    await sign(state, wrong)
    button.textContent = say('sign.sign')
  })
  const box = (name) => h('label', {}, h('input', { type: 'checkbox', name: 'consent', value: name }), name.startsWith('as:') ? own.consent[agreement.language] : say(`consent.${name}`))
  place.replaceChildren(
    h('p', { class: 'lock' }, icon('lock'), h('span', {}, say('sign.lock'))),
    tools(say, agreement.language, () => each('.rights li, .deed h2, .deed p', place).map((part) => part.textContent)),
    h('div', {}, h('h1', { tabindex: -1 }, say('sign.title')), h('p', { class: 'mute' }, say('sign.until_end', { name: person.name }))),
    agreement.affordability?.needs_approval ? h('p', { class: 'notice' }, icon('people'), h('span', {}, say('plans.second'))) : '',
    lines ? h('section', { class: 'rights' }, h('h2', {}, own ? say(`role.${signer.role}`) : rights.heading[agreement.language]), h('ul', {}, lines[agreement.language].map((line) => h('li', {}, line)))) : '',
    deed(agreement, clauses, say), sentinel,
    h('fieldset', { class: 'choices' }, h('legend', {}, say('consent.title')), state.consents.map(box)),
    h('fieldset', { class: 'choices' }, h('legend', {}, say('consent.free')), box(LOCATION)),
    h('div', { class: 'check-code' }, h('span', {}, say('sign.code')), h('span', { class: 'code' }, check_code(sha256))),
    h('section', { class: 'pad', 'aria-labelledby': 'pad-title' },
      h('div', { class: 'pair' }, h('h2', { id: 'pad-title' }, say('sign.write')), h('button', { type: 'button', class: 'button quiet', onclick: () => open.pad.clear() }, say('sign.again'))),
      canvas, end, wrong),
    h('div', { class: 'act last two' },
      h('button', { type: 'button', class: 'button ink tall', onclick: () => refuse(state.ctx, say, state.proposal, sha256, signer) }, say('sign.not')),
      h('button', { type: 'button', class: 'button ink tall', onclick: answer }, say('sign.sign'))))
  place.addEventListener('change', ({ target }) => {
    wrong.hidden = true
    // asked for as soon as he agrees to it: the answer is there when he signs, and nothing can come between
    if (target.value === LOCATION) state.where = target.checked ? position(4000) : null
  })
  scrollTo(0, 0)
  find('h1', place).focus({ preventScroll: true })
  open = { visible_ms: 0, key_ms: {}, reached_end: false, pad: pad(canvas, { onEnd: () => { wrong.hidden = true } }) }
  const sight = new Set()
  // a key term counts while it stands in the middle of the screen
  open.keys = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) sight[isIntersecting ? 'add' : 'delete'](target.dataset.key)
  }, { rootMargin: '-15% 0px' })
  for (const term of each('.deed [data-key]', place)) {
    open.key_ms[term.dataset.key] = 0
    open.keys.observe(term)
  }
  open.timer = setInterval(() => {
    if (document.hidden) return
    open.visible_ms += 200
    for (const name of sight) open.key_ms[name] += 200
  }, 200)
  open.seen = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return
    open.reached_end = true
    end.hidden = false
  })
  open.seen.observe(sentinel)
}

/** rendered_text, paragraph by paragraph: what is painted is what is hashed; a key term is also said in one sentence. */
function deed({ rendered_text, language }, clause_set, say) {
  const plain = Object.fromEntries(clause_set?.clause.map(({ id, explain }) => [id, explain?.[language]]) ?? [])
  const large = new Set(clause_set?.clause.filter(({ sum }) => sum).map(({ id, sum }) => `${id}.${sum}`))
  const clauses = []
  for (const paragraph of rendered_text) {
    if (clauses.at(-1)?.clause !== paragraph.clause) clauses.push({ ...paragraph, lines: [] })
    clauses.at(-1).lines.push(paragraph)
  }
  return h('ol', { class: 'deed' }, clauses.map(({ clause, key, heading, lines }) => h('li', { class: key ? 'key' : null, 'data-key': key ? clause : null }, h('h2', {}, heading),
    lines.map(({ id, text }) => h('p', {}, large.has(id) ? h('strong', { class: 'sum keep' }, text) : text)),
    key && plain[clause] ? h('p', { class: 'plain' }, say('sign.plain', { text: plain[clause] })) : '')))
}

async function sign(state, wrong) {
  const { place, say, agreement, sha256, ctx, signer } = state
  const consents = each('[name=consent]:checked', place).map(({ value }) => value)
  const missing = !open.reached_end ? 'sign.not_read' : !state.consents.every((name) => consents.includes(name)) ? 'sign.no_consent' : open.pad.empty() ? 'sign.no_strokes' : null
  if (missing) return tell(wrong, say(missing))
  // all that he did is taken before anything is waited for: Back must not take it away
  const signature = {
    schema: 'signature/1', agreement_id: agreement.agreement_id, terms_sha256: sha256,
    signer: { role: signer.role, party: signer.party, id_check: state.id_check, consents },
    display: {
      w: innerWidth, h: innerHeight, font_px: Math.round(parseFloat(getComputedStyle(find('.deed p', place)).fontSize)),
      reached_end: open.reached_end, visible_ms: open.visible_ms, key_ms: { ...open.key_ms },
    },
    strokes: open.pad.strokes(), collectors: collectors(ctx), location: null, photos: photos(ctx),
  }
  if (consents.includes(LOCATION)) signature.location = (await (state.where ?? position(4000))).position
  if (open?.answered) return undefined
  if (await stopped(ctx)) return tell(wrong, say('sign.stopped'))
  try {
    await write(state, signature)
  } catch (error) {
    return tell(wrong, say(`append.${error.code}`))
  }
  if (!open) return undefined // he has left the page meanwhile; it is kept
  open.answered = true
  open.pad.clear() // the next one finds nothing of this hand
  state.missing = state.missing.slice(1)
  return done(state)
}

/** Does this phone hold his signature under this proposal already, or a refusal? Then nothing more is written. */
async function answered({ visit_id }, agreement, { role, party }) {
  const { missing, refused } = standing(agreement, await mine.of(visit_id))
  return refused || !missing.some((left) => left.role === role && left.party === party) || null
}

function tell(wrong, text) {
  wrong.textContent = text
  wrong.hidden = false
  wrong.scrollIntoView({ block: 'center' })
}

/** Who stood at the door: he himself, and the second that his consent event names. */
function collectors({ events }) {
  const second = events.findLast(({ type }) => type === 'visit.consent/1')?.body.second
  return [vault.who().username, ...(second ? [second] : [])]
}

const photos = ({ events }) => events.filter(({ type }) => type === 'visit.photo/1').flatMap(({ blobs }) => (blobs ?? []).map(({ sha256 }) => sha256))

/** Signed: his check code, his plan in four lines, the code to photograph; then the phone goes back. */
function done(state) {
  const { place, agreement, say, sha256, offer, ctx, missing, signer } = state
  silence()
  handedOver(true)
  place.lang = agreement.language === 'en' ? 'en' : 'zh-Hans'
  const sums = summary(agreement.terms, agreement.schedule)
  const written = agreement.language === 'en' ? dates.en : dates.zh
  const line = (label, ...value) => [h('dt', {}, label), h('dd', {}, value)]
  place.replaceChildren(
    h('h1', { tabindex: -1, class: 'good with' }, icon('tick'), say('signed.title')), h('p', {}, say('signed.saved')),
    h('div', { class: 'check-code' }, h('span', {}, say('signed.code')), h('span', { class: 'code' }, check_code(sha256))),
    offer?.copy ? h('figure', { class: 'copy' }, h('img', { src: offer.copy, alt: say('signed.qr'), width: 280, height: 280 }), h('figcaption', {}, say('signed.photograph'))) : '',
    h('dl', { class: 'facts' }, line(say('plans.each'), yuan(sums.each_fen)), line(say('plans.until'), written(sums.until)),
      line(say('plans.total'), yuan(sums.total_fen), ' ', inWords(sums.total_fen, agreement.language)),
      line(say('signed.pay_to'), `${agreement.parties.creditor.account_bank} · ${agreement.parties.creditor.account_tail}`)),
    !signer || signer.role === 'debtor' ? confirmation(state) : '',
    h('p', { class: 'mute' }, say('signed.not_yet')),
    h('div', { class: 'act' }, missing.length
      ? h('button', { type: 'button', class: 'button main wide', 'data-next-signer': true, onclick: () => news('lock', { why: 'handover' }) }, say('signed.back'), icon('next'))
      : h('a', { class: 'button main wide', href: `/m/visits/${ctx.visit_id}/leave` }, say('signed.back'), icon('next'))))
  scrollTo(0, 0)
  find('h1', place).focus({ preventScroll: true })
  aloud(say('signed.title'))
}
