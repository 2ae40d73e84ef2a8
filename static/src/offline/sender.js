// From the outbox to the record. Nothing leaves this phone's store without a matching, signed receipt.
import { db, hear, tell } from './db.js'
import { ANSWERS, pause } from './answers.js'
import { batches, wired } from './batches.js'
import { accept, revisions } from './receipts.js'
import { enrol, call, hello } from './server.js'
import { uploadAll } from './upload.js'
import * as vault from './vault.js'

const MINUTE = 60_000

let failures = 0
let next_at = 0
let timer
let wanted = false // something was saved while a drain was under way
export const progress = { active: false, why: '', at: null }

/** `force`: he asked, or the network came back: do not wait. → "sent", "later", "sign_in", "busy" or "nothing". */
export async function drain({ force = false } = {}) {
  if (!vault.me() || (!force && Date.now() < next_at)) return 'later'
  const outcome = await navigator.locks.request('outbox', { ifAvailable: true }, async (lock) => {
    wanted = !lock
    if (!lock) return 'busy'
    const user = vault.who().username
    if (!await waiting()) return 'nothing'
    report({ active: true })
    let outcome = { then: 'later', why: 'offline' }
    try {
      outcome = await rounds(user, force)
    } finally {
      const failed = outcome.then === 'later'
      failures = failed ? failures + 1 : 0
      next_at = failed ? Date.now() + pause(failures, outcome.retry_after_s) : 0
      clearTimeout(timer)
      if (failed) timer = setTimeout(() => drain(), next_at - Date.now() + 10)
      report({ active: false, why: failed ? outcome.why : outcome.then === 'sign_in' ? 'sign_in' : '', at: Date.now() })
      tell('changed')
    }
    if (outcome.then === 'sign_in') tell('sign_in')
    return outcome.then
  })
  return wanted && outcome !== 'busy' ? drain() : outcome
}

function report(news) {
  Object.assign(progress, news)
  tell('sending', progress)
}

/** Of everybody who has worked on this phone: sealed, so that whoever is signed in can carry it and not read it. */
async function waiting() {
  const base = await db()
  return await base.count('outbox') + await base.count('blobs')
}

async function rounds(user, force) {
  const met = await hello()
  if (!met) return { then: 'later', why: navigator.onLine === false ? 'offline' : 'unreachable' }
  if (met.user?.username !== user || met.flags?.sign_in) return { then: 'sign_in' }
  if (met.flags?.pause) return { then: 'later', why: 'pause', retry_after_s: 60 }
  await enrol({ anew: !met.device })
  const base = await db()
  const other = (row) => row.user !== user // his own first
  const rows = (await base.getAll('outbox'))
    .filter((row) => force || (row.state !== 'needs' && (row.not_before ?? 0) <= Date.now()))
    .sort((a, b) => other(a) - other(b) || calls(b) - calls(a) || (a.visit_id ?? '').localeCompare(b.visit_id ?? '') || a.seq - b.seq)
  for (const batch of batches(rows)) {
    const outcome = await send(batch)
    if (outcome.then === 'later' || outcome.then === 'sign_in') return outcome
  }
  const outcome = await uploadAll()
  if (outcome.then === 'later' || outcome.then === 'sign_in') return outcome
  await revisions()
  return { then: 'sent' }
}

const calls = ({ type }) => Number(type === 'visit.help/1') // before all else

/** One that cannot wait for what is being sent: at once and by itself; that it may be sent twice does no harm. */
export async function urgent(event_id) {
  const row = await (await db()).get('outbox', event_id)
  if (row) await send([row])
}

async function send(batch, again = true) {
  const answer = await call('POST', '/sync/events', { json: { v: 1, device_id: batch[0].device_id, events: batch.map(wired) } })
  const { then, alone } = ANSWERS.find(({ when }) => when(answer))
  if (then === 'verdicts') return verdicts(batch, answer.json.verdicts)
  if (then === 'again' && again && await hello()) return send(batch, false)
  if (then === 'halve' && batch.length > 1) {
    const middle = Math.ceil(batch.length / 2)
    const first = await send(batch.slice(0, middle))
    return first.then === 'halved' || first.then === 'sent' ? send(batch.slice(middle)) : first
  }
  if (then === 'halve') {
    // another's trouble is his own to read: here it only waits
    const state = batch[0].user === vault.me()?.username ? alone : 'saved'
    await note(batch, () => ({ state, code: answer.json?.code ?? `http_${answer.status}`, message: answer.json?.message ?? '' }))
    return { then: 'halved' }
  }
  await note(batch, () => ({ code: answer.why, message: '', not_before: 0 }))
  return { then: then === 'sign_in' ? then : 'later', why: answer.status === 403 ? 'refused' : answer.why, retry_after_s: answer.retry_after_s }
}

/** What has become of rows that stay: `news(row)`. */
async function note(rows, news) {
  const tx = (await db()).transaction('outbox', 'readwrite')
  await Promise.all(rows.map(async (row) => {
    const now = await tx.store.get(row.event_id)
    if (!now) return
    const attempts = now.attempts + 1
    tx.store.put({ ...now, not_before: Date.now() + pause(attempts), ...news(row), attempts, last_at: Date.now() })
  }))
  await tx.done
}

async function verdicts(batch, answers) {
  const told = new Map(answers.map((verdict) => [verdict.event_id, verdict]))
  const taken = await accept(batch.map(({ event_id }) => told.get(event_id)).filter(Boolean))
  const left = batch.filter(({ event_id }) => !taken.has(event_id))
  if (left.length) {
    await note(left, ({ event_id }) => {
      const verdict = told.get(event_id)
      return { state: verdict?.status === 'invalid' ? 'needs' : 'saved', code: verdict?.code || 'no_receipt', message: verdict?.message ?? '' }
    })
  }
  tell('changed')
  return { then: 'sent' }
}

/** On start, on every save, when the network or the page comes back, and once a minute. */
export function start() {
  let soon
  hear('saved', () => { // what was tapped is painted first
    clearTimeout(soon)
    soon = setTimeout(() => drain(), 300)
  })
  addEventListener('online', () => drain({ force: true }))
  document.addEventListener('visibilitychange', () => { if (!document.hidden) drain({ force: true }) })
  setInterval(() => drain(), MINUTE)
  drain({ force: true })
}
