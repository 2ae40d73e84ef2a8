// "Recording": one calm line on every page, from the announcement to the end of the visit. Locking and handing over do not stop it.
import { t } from '../text.js'
import { hear, tell } from '../offline/db.js'
import * as mine from '../offline/mine.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as store from '../offline/recording.js'
import * as vault from '../offline/vault.js'
import * as microphone from '../capture/microphone.js'
import { find, h, icon, once, say } from './dom.js'
import * as page from './page.js'
import { askWhy } from './recording-stop.js'

const WAIT_MS = 2000
const BROKEN = ['paused', 'cut', 'interrupted', 'full']
let live = null  // {fact, policy, sound, recorder, segment, before, turn, release}
let order = Promise.resolve() // one segment is made an event at a time
let slice_ms = 0 // of the policy, once it was read

const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`
const refuse = (code) => { throw Object.assign(new Error(code), { code }) }

/** Was it said to the people here, and does nobody object since? */
export const announced = (events) => {
  const last = events.findLast(({ type, body }) => ['visit.announced/1', 'visit.objected/1'].includes(type) || body.recording_announced)
  return Boolean(last) && last.type !== 'visit.objected/1'
}

/** The announcement is logged first, with its time; then the microphone. Throws {code: "sound.…"} */
export async function start(root, ctx) {
  if (live) await finish('stopped')
  const fact = page.about(root, ctx)
  if (!announced(ctx.events)) await outbox.append({ ...fact, type: 'visit.announced/1', body: {} })
  const policy = await pack.data('capture') ?? refuse('sound.none')
  slice_ms = policy.slice_ms
  const release = await hold()
  const before = (await heard(ctx)).reduce((sum, { body }) => sum + body.duration_ms, 0)
  try {
    const sound = await microphone.open(() => finish('interrupted'))
    live = { user: vault.who().username, fact, policy, sound, release, before, turn: setInterval(tick, 1000) }
    await roll()
  } catch (error) {
    await finish('stopped')
    release()
    throw error
  }
  document.documentElement.dataset.recording = ''
  say(t('sound.on'))
  tell('recording')
}

/** The lock "recording" for as long as it goes on: another tab neither records nor takes our pieces for a crash's. → release() */
const hold = () => new Promise((resolve, reject) => {
  navigator.locks.request('recording', { signal: AbortSignal.timeout(WAIT_MS) }, () => new Promise((release) => { resolve(release) }))
    .catch(() => { reject(Object.assign(new Error('elsewhere'), { code: 'sound.elsewhere' })) })
})

/** A new file; the one before it can be sent meanwhile. */
async function roll() {
  const { fact, policy, sound, segment, recorder } = live
  const was = live
  if (segment) live.before += segment.ms()
  const pieces = []
  let next = null
  const fresh = microphone.record(sound.stream, policy, (blob) => (next ? keep(next, blob) : pieces.push(blob)))
  live.recorder = fresh
  live.bytes = 0
  live.segment = null
  if (recorder) await closed(recorder, segment, 'rolled')
  next = await store.begin(fact, fresh.mime, segment?.box)
  if (live !== was) return closed(fresh, next, 'stopped')
  live.segment = next
  for (const blob of pieces) keep(next, blob)
  return settle()
}

function keep(segment, blob) {
  if (live) live.bytes += blob.size
  segment.keep(blob).catch(() => { if (live?.segment === segment) finish('full') })
}

async function closed(recorder, segment, ended) {
  await recorder.stop()
  await segment.close(ended).catch(() => {})
}

/** `ended`: "ended", "stopped", "paused", "objected", "interrupted", "full". Only of that visit, where one is named. */
export async function finish(ended, visit_id) {
  if (!live || (visit_id && live.fact.visit_id !== visit_id)) return
  const { recorder, segment, sound, release, turn } = live
  live = null
  clearInterval(turn)
  delete document.documentElement.dataset.recording
  if (recorder && segment) await closed(recorder, segment, ended)
  sound.close()
  await settle()
  release()
  say(t(BROKEN.includes(ended) ? `sound.${ended}` : 'sound.off'))
  tell('recording')
}

/** What is recorded to its end becomes events. Without room it stays in pieces, and is tried again. */
function settle() {
  order = order.then(() => store.settle({ slice_ms, current: live?.segment?.segment })).catch(() => {})
  return order
}

/** Pieces that a crash left: nobody records in any tab, so they are whole. */
async function recover() {
  if (live || !vault.unlocked()) return
  slice_ms ||= (await pack.data('capture'))?.slice_ms ?? 0
  await navigator.locks.request('recording', { ifAvailable: true }, (lock) => lock && settle())
}

/** The recordings of this visit, of the server's page and of this phone. */
async function heard({ visit_id, events }) {
  const own = visit_id ? await mine.of(visit_id) : []
  return [...events, ...own].filter(({ event_id, type }, index, all) =>
    type === 'visit.recording/1' && all.findIndex((each) => each.event_id === event_id) === index).sort((a, b) => a.seq - b.seq)
}

function tick() {
  const { policy, segment, bytes } = live
  if (segment && (segment.ms() >= policy.segment_ms || bytes >= policy.segment_bytes)) roll().catch(() => finish('full'))
  const time = find('#sound time')
  if (time) time.textContent = clock(elapsed())
}
const elapsed = () => live.before + (live.segment?.ms() ?? 0)

/** The line under the state bar: while it records everywhere, and on the pages of a visit whose recording was broken off. */
async function paint() {
  const now = page.current()
  const ctx = now?.ctx
  const sounds = ctx?.visit_id && !live ? await heard(ctx) : []
  const last = sounds.at(-1)?.body.ended
  const over = !ctx?.events || ctx.events.some(({ type }) => type === 'visit.ended/1')
  const broken = !live && !over && BROKEN.includes(last) ? last : ''
  const line = find('#sound')
  line.hidden = !live && !broken
  document.documentElement.toggleAttribute('data-sound', !line.hidden)
  if (line.hidden) return line.replaceChildren()
  const button = (key, work) => h('button', { type: 'button', class: 'button quiet', 'data-sound-do': key, onclick: once(work) }, t(`sound.${key}`))
  const total = live ? elapsed() : sounds.reduce((sum, { body }) => sum + body.duration_ms, 0)
  const other = live && ctx?.visit_id !== live.fact.visit_id && live.fact.about
  return line.replaceChildren(h('p', {}, icon('mic'), t(live ? 'sound.on' : `sound.${broken}`), ' ', h('time', {}, clock(total)), other ? ` · ${other}` : ''),
    ...(live ? [button('pause', () => finish('paused')), button('stop', () => askWhy(live.fact, finish))] : [button('again', () => restart(now))]))
}

const restart = ({ root, ctx }) => start(root, ctx).catch(({ code }) => { find('#sound p').textContent = t(`fail.${code}`) })

export const recording = (visit_id) => live?.fact.visit_id === visit_id

export function watch() {
  hear('unlocked', () => (live ? settle() : recover()))
  hear('user', () => { if (live && vault.me()?.username !== live.user) finish('stopped') })
  for (const news of ['painted', 'recording']) hear(news, paint)
  hear('changed', () => setTimeout(paint, 100)) // after the page has its events
}
