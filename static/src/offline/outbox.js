// The one way out: every write is an event, finalised here and sent by sender.js.
import { v7 as uuid7 } from 'uuid'
import { BUILD, begins, older } from './build.js'
import { db, keepsNothing, recall, storageError, strict, tell } from './db.js'
import * as drafts from './drafts.js'
import * as mine from './mine.js'
import { localTime } from './time.js'
import * as vault from './vault.js'
import { canonical, concat, envelope, sha256hex } from './wire.js'

export const MAX_EVENT = 200 * 1024 // bytes of JCS: what is larger would not fit a request
const SCHEMA = '2026-11'

const refuse = (code, cause) => { throw Object.assign(new Error(code, { cause }), { code }) }

/**
 * Finalises an event: from here on it is frozen and will reach the record exactly once. → {event_id, seq}
 *
 * `visit_id` null: beside any visit, and `seq` counts within the case. `body` may be a function ({seq}) → body. `blobs` [{bytes: ArrayBuffer, mime, role, thumb?: ArrayBuffer}].
 * `draft`: the form (bound by the router), whose draft goes with it. `about`: whom it concerns, for the outbox page (else data-name of the page shown).
 * `quiet`: nobody is told aloud. `pieces`: keys of the sound that this event names now; they leave with it.
 * Throws {code}: "too_big", "quota" (nothing was saved, the draft is still there), "text", "signed_out", "locked", "never_online", "online_only",
 * "outdated" (the office wants a newer build for what begins: say so with update.insist()).
 */
export async function append({ draft, ...fact }) {
  if (!vault.me()) refuse('signed_out')
  if (!vault.unlocked()) refuse('locked')
  if (keepsNothing()) refuse('online_only')
  const server = await recall('server')
  if (!server) refuse('never_online')
  if (older(server.minimum_build) && begins(fact)) refuse('outdated')
  const handle = drafts.of(draft)
  if (handle?.dirty) await handle.flush().catch(() => {}) // typed a moment ago: until the event is on the disk, the draft is
  if (handle) handle.done = true // a save that is still on its way must not bring the draft back
  try {
    // The tip is compared once more inside the transaction; the lock spares two tabs the second try.
    return await navigator.locks.request('append', () => finalise(fact, server, handle))
  } catch (error) {
    if (handle) handle.done = false
    throw storageError(error)
  }
}

async function finalise({ type, visit_id, case_ref, body, blobs = [], depends_on = [], basis = {}, about, pieces = [], quiet = false }, server, handle) {
  const who = vault.who()
  const draft = await handle?.name
  const event_id = uuid7()
  const sealed = await Promise.all(blobs.map((blob) => sealBlob(blob, event_id, server)))
  const tip_key = `tip:${who.device_id}`
  const seq_key = `seq:${visit_id ?? case_ref}`
  for (;;) {
    const [tip = { device_seq: 0, sha256: null }, last = 0] = await Promise.all([recall(tip_key), recall(seq_key)])
    const seq = last + 1
    const event = {
      v: 1, event_id, type, visit_id, case_ref, seq, depends_on,
      device_id: who.device_id, device_seq: tip.device_seq + 1, prev_sha256: tip.sha256,
      captured_at: localTime(new Date()), clock: clock(server),
      basis: { case_version: null, assignment_id: null, offer_id: null, rules: null, ...basis },
      app: { build: BUILD, schema: SCHEMA },
      blobs: sealed.map(({ row, mime, role }) => ({ sha256: row.sha256, sent_sha256: row.sent_sha256, bytes: row.bytes.byteLength, mime, role })),
      body: typeof body === 'function' ? body({ seq }) : body,
    }
    const bytes = canonical(event)
    if (bytes.byteLength > MAX_EVENT) refuse('too_big')
    const sha256 = await sha256hex(bytes)
    const row = {
      event_id, user: who.username, device_id: who.device_id, type, visit_id, seq, created: Date.now(), sha256,
      envelope: (await envelope(server.envelope, event_id, type, concat(await vault.sign(bytes), bytes))).buffer,
      state: 'saved', attempts: 0, last_at: null, code: '', message: '', not_before: 0,
    }
    const kept = await mine.prepare(event, about ?? globalThis.document?.querySelector('[data-page]')?.dataset.name, blobs)
    if (await commit({ row, kept, sealed, draft, pieces, tip, tip_key, seq, seq_key })) {
      tell('changed', { event_id, visit_id })
      tell('saved', { quiet })
      return { event_id, seq }
    }
  }
}

/** One transaction, or nothing. False when another tab was quicker. */
async function commit({ row, kept, sealed, draft, pieces, tip, tip_key, seq, seq_key }) {
  const tx = await strict(['meta', 'outbox', 'blobs', 'mine', 'photos', 'drafts', 'pieces'])
  const store = (name) => tx.objectStore(name)
  const [now, last] = await Promise.all([store('meta').get(tip_key), store('meta').get(seq_key)])
  if ((now?.device_seq ?? 0) !== tip.device_seq || (last ?? 0) !== seq - 1) {
    tx.abort()
    await tx.done.catch(() => {})
    return false
  }
  const writes = [tx.done]
  const write = (name, row, key) => writes.push(store(name).put(row, key))
  try {
    write('meta', { device_seq: tip.device_seq + 1, sha256: row.sha256 }, tip_key)
    write('meta', seq, seq_key)
    write('outbox', row)
    write('mine', kept.row)
    for (const blob of sealed) write('blobs', blob.row)
    for (const photo of kept.photos) write('photos', photo)
    if (draft) writes.push(store('drafts').delete(draft))
    for (const key of pieces) writes.push(store('pieces').delete(key))
    await Promise.all(writes)
  } catch (error) {
    try { tx.abort() } catch { /* it has ended by itself */ }
    await Promise.allSettled(writes)
    throw error
  }
  return true
}

async function sealBlob({ bytes, mime, role }, event_id, server) {
  const { username: user, device_id } = vault.who()
  const sha256 = await sha256hex(bytes)
  const sealed = (await envelope(server.envelope, sha256, 'blob/1', bytes)).buffer
  const row = { sent_sha256: await sha256hex(sealed), sha256, event_id, user, device_id, bytes: sealed, state: 'saved', created: Date.now() }
  return { row, mime, role }
}

/** The server knows events of this visit up to `seq` (another phone's, perhaps): ours go on from there. */
export async function known(visit_id, seq) {
  if ((await recall(`seq:${visit_id}`) ?? 0) >= seq) return // mostly: then nothing is locked for writing
  const tx = (await db()).transaction('meta', 'readwrite')
  if ((await tx.store.get(`seq:${visit_id}`) ?? 0) < seq) await tx.store.put(seq, `seq:${visit_id}`)
  await tx.done
}

/** The clear headers of what has no receipt yet, oldest first. */
export async function unsent() {
  const rows = vault.me() ? await (await db()).getAllFromIndex('outbox', 'user', vault.who().username) : []
  return rows.map(({ envelope: _, ...row }) => row).sort((a, b) => a.created - b.created)
}

/** Corrected time = captured_at + offset_ms. */
const clock = ({ offset_ms, at }) => ({
  mono_ms: Math.round(performance.now()), offset_ms, offset_age_s: Math.max(0, Math.round((Date.now() - at) / 1000)),
})
