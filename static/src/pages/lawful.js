// What the rules say of being here now: painted on every page of a visit, asked before it starts and before a paper is signed.
import { language, t } from '../text.js'
import { recall } from '../offline/db.js'
import * as mine from '../offline/mine.js'
import * as pack from '../offline/pack.js'
import { covering, weigh } from '../rules/conduct.js'
import { find, h, icon } from './dom.js'
import { last } from './path.js'

const STOPS = ['block', 'require']
const BESIDE = ['call', 'message']
const stops = ({ effect }) => STOPS.includes(effect)
const line = ({ effect, sentence, citation }) =>
  h('div', { class: `notice ${STOPS.includes(effect) ? 'bad' : 'warn'}` }, icon('mind'), h('strong', {}, sentence), h('p', {}, citation))
let known = { visit: null, basis: {} } // for the events of the page that is open

/** What events say of the rules they were made under: {rules, verdicts}. */
export const basis = (visit_id) => (known.visit === visit_id ? known.basis : {})

/** Wall time where the debtor lives, by the server's clock: "2026-11-24T10:05:00". */
export async function local(ms = Date.now(), data) {
  const [offset, its] = await Promise.all([recall('server'), data ?? pack.data('conduct')])
  return new Date(ms + (offset?.offset_ms ?? 0) + (its?.offset_minutes ?? 480) * 60_000).toISOString().slice(0, 19)
}

/** What he has agreed to on this phone, as the rules read it. */
const agreed = (events, data) => Promise.all(events.filter(({ type }) => type === 'contact.permitted/1').map(async ({ at, body }) => ({
  for: 'hours', channel: 'visit', from: body.from, until: body.until, to: `${body.last_day}T24:00:00`, since: await local(Date.parse(at), data),
})))

/** → {rules, verdicts: [{rule, effect, sentence, citation}] without those kept, until}; null without a pack. */
export async function weighed(root, ctx, act = 'visit') {
  const all = await pack.data('conduct')
  const its = all?.cases[ctx.case_ref]
  if (!its) return null
  const data = all.packs?.[its.jurisdiction] ?? all // another country's case by its own rules and clock
  const consent = last(ctx.events, 'visit.consent/1')?.body
  const facts = {
    ...its.facts, collectors: root.dataset.second !== undefined || consent?.second ? 2 : 1,
    ...(consent && { place: consent.present.length === 1 && consent.present[0] === 'minor' ? ['minors'] : [] }),
  }
  const contacts = [...its.contacts.filter(({ visit }) => visit !== ctx.visit_id), ...await called(ctx, its, data)]
  const situation = {
    ...its, act, local: await local(Date.now(), data), channel: BESIDE.includes(act) ? act : 'visit', contacts, facts, same: { ...its.same, address: root.dataset.address },
    consents: [...its.consents, ...await agreed(ctx.events, data)],
  }
  const verdicts = weigh(situation, data.pack).filter(({ effect }) => effect !== 'ok').map(({ rule, effect, kind, params }) => {
    const said = data.pack.rules[rule]
    const words = (text) => text[language()].replace(/{(\w+)}/g, (_, name) => params[name] ?? '')
    return { rule, effect, sentence: words(said[kind ? `say-${kind}` : 'say']), citation: words(said.citation) }
  })
  return { rules: `${data.pack.id}@${data.pack.version}`, verdicts, until: endOf(situation, Object.values(data.pack.rules).find(({ test, acts }) => test === 'hours' && acts.includes('visit'))) }
}

/** His own calls and messages that the pack does not count yet. */
async function called({ case_ref }, its, data) {
  const own = (await mine.ofCase(case_ref)).filter(({ type, body }) => type === 'contact.made/1' && BESIDE.includes(body.channel))
  const made = await Promise.all(own.map(async ({ at, body: { channel, outcome } }) => ({
    local: await local(Date.parse(at), data), channel, result: { reached: 'effective', no_answer: 'unanswered' }[outcome] ?? 'other', debt: its.same.debt,
  })))
  return made.filter(({ local: at }) => !its.contacts.some((known) => BESIDE.includes(known.channel) && known.local.slice(0, 16) === at.slice(0, 16)))
}

/** What stands in the way of calling now, as lines; the first says how often it was tried today. */
export async function paintCall(place, root, ctx, act = 'call') {
  const found = await weighed(root, ctx, act)
  const verdicts = found?.verdicts ?? []
  place.replaceChildren(...verdicts.map(line), ...(verdicts.some(stops) ? [h('p', { class: 'mute' }, t('lawful.no_call'))] : []))
  return { rules: found?.rules ?? null, verdicts: verdicts.map(({ rule, effect }) => ({ rule, effect })), stopped: verdicts.some(stops) }
}

/** A number is dialled once the rules have been asked: a stop stays, a warning is read, then the next tap dials. */
export function askBeforeDialling(root, ctx) {
  root.addEventListener('click', async (event) => {
    const link = event.target.closest('a[href^="tel:"]')
    if (!link || link.dataset.asked) return
    event.preventDefault()
    find('[data-says]', link.parentElement)?.remove()
    const place = h('div', { class: 'stack', 'data-says': true, role: 'alert' })
    link.after(place)
    const { verdicts, stopped } = await paintCall(place, root, ctx)
    if (stopped) return
    link.dataset.asked = 'once'
    setTimeout(() => { delete link.dataset.asked }, 60_000)
    if (!verdicts.length) link.click()
  })
}

/** When a visit must have ended: the end of the rule's hours, or of those he agreed to. */
function endOf(situation, hours) {
  const now = situation.local.slice(11)
  const ends = covering('hours', situation.local, situation).map(({ until }) => until ?? '24:00')
  return [...(hours && hours.from <= now && now < hours.until ? [hours.until] : []), ...ends].sort().at(-1)
}

/** Is the work on this case stopped, by the office or on this phone, in whatever tab? */
export async function held({ case_ref }) {
  const [own, paused, door] = await Promise.all([mine.ofCase(case_ref), pack.data('paused'), pack.data('door')])
  return paused?.[case_ref] === 'hold' || own.some(({ type, body }) => type === 'stop.raised/1' && door?.holding.includes(body.reason))
}

/** The sentence that stops this act now, or null. */
export async function stopped(root, ctx, act) {
  if (await held(ctx)) return t('fail.held')
  const found = (await weighed(root, ctx, act))?.verdicts.find(({ effect }) => STOPS.includes(effect))
  return found ? `${found.sentence} ${t('lawful.by', { citation: found.citation })}` : null
}

export async function paintLawful(root, ctx) {
  const place = find('[data-twin="lawful"]', root)
  const found = place && await weighed(root, ctx)
  if (!found) return
  const { rules, verdicts, until } = found
  known = { visit: ctx.visit_id, basis: { rules, verdicts: verdicts.map(({ rule, effect }) => ({ rule, effect })) } }
  const ended = ctx.events.some(({ type }) => type === 'visit.ended/1' || type === 'stop.raised/1')
  const lines = ended ? [] : verdicts.map(line)
  if (find('[data-dialog="permit"]', root) && verdicts.some(({ rule, effect }) => rule === 'CN-TIME-01' && effect === 'block')) {
    lines.push(h('button', { type: 'button', class: 'button wide', 'data-permit': true }, icon('edit'), t('lawful.permit')))
  }
  if (!lines.length && !ended && root.dataset.step === 'prepare') lines.push(h('p', { class: 'good with' }, icon('tick'), h('span', {}, t('lawful.now', { until }))))
  place.replaceChildren(...lines)
}
