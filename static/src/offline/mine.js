// What he has done and no page of the server shows yet: the interface reads this, the sender reads the outbox.
import { db, hear, tell } from './db.js'
import { shrink } from './thumbs.js'
import { localTime } from './time.js'
import * as vault from './vault.js'

const KEEP_MS = 24 * 3600 * 1000 // a sent item stays on the outbox page for a day
const SHOWN = { applied: 'sent', held: 'waiting', rejected: 'needs', invalid: 'needs' }

/** For outbox.append: rows to write in its transaction. */
export async function prepare(event, about, blobs) {
  const { username: user } = vault.who()
  const { event_id, visit_id, type, case_ref, body, seq, captured_at: at } = event
  const files = event.blobs.map(({ sha256, mime, role }) => ({ sha256, mime, role }))
  const box = await vault.closeJson({ type, case_ref, body, seq, at, blobs: files, about: about ?? '' })
  const photos = await Promise.all(blobs.map(async ({ bytes, mime, thumb }, index) => {
    const small = thumb ?? await shrink(bytes, mime)
    return small && { sha256: files[index].sha256, event_id, user, mime: 'image/jpeg', box: await vault.close(small) }
  }))
  const row = { event_id, user, visit_id, box, status: null, code: '', message: '', server_seq: null, replayed_at: null }
  return { row, photos: photos.filter(Boolean) }
}

/**
 * His events of a visit that the server's page does not hold yet, in order:
 * [{event_id, visit_id, type, body, seq, at, blobs, about, state, server_seq, code, message}]; state: saved, sending, sent, waiting, needs.
 */
export async function of(visit_id) {
  const rows = vault.unlocked() ? await (await db()).getAllFromIndex('mine', 'visit_id', visit_id) : []
  const items = await read(rows.filter((row) => row.user === vault.who().username))
  return items.sort((a, b) => a.seq - b.seq)
}

/** His events of a case, beside its visits too, that the server's page does not hold yet. */
export const ofCase = async (case_ref) =>
  (await all()).filter((item) => item.case_ref === case_ref && !item.replayed).reverse()

/** All of them, newest first, the replayed of the last day too. */
export async function all() {
  if (!vault.unlocked()) return []
  const { username } = vault.who()
  const base = await db()
  const [rows, waiting] = await Promise.all([base.getAllFromIndex('mine', 'user', username), base.getAllFromIndex('outbox', 'user', username)])
  const known = new Set(rows.map((row) => row.event_id))
  const sealed = waiting.filter((row) => !known.has(row.event_id)).map(unread)
  return [...await read(rows), ...sealed].sort((a, b) => b.at.localeCompare(a.at))
}

/** Saved before the PIN was forgotten: it is sent, but only the server can read it. */
const unread = ({ event_id, visit_id, type, seq, created, state, code, message, last_at }) => ({
  event_id, visit_id, type, seq, state, code, message, last_at, at: localTime(new Date(created)),
  body: {}, blobs: [], about: '', server_seq: null, replayed: false, blobs_left: 0,
})

const opened = new Map() // {iv, inside} by event: each is decrypted once while the vault is open
for (const news of ['user', 'locked']) hear(news, () => opened.clear())

async function open({ event_id, box }) {
  const [known, iv] = [opened.get(event_id), String(new Uint8Array(box.iv))]
  if (known?.iv === iv) return known.inside
  const inside = await vault.openJson(box)
  if (vault.unlocked()) opened.set(event_id, { iv, inside })
  return inside
}

async function read(rows) {
  const insides = await Promise.all(rows.map(open))
  // one transaction for all of them: each of its own costs the page a turn
  const tx = (await db()).transaction(['outbox', 'blobs'])
  const [outbox, blobsOf] = [tx.objectStore('outbox'), tx.objectStore('blobs').index('event_id')]
  return Promise.all(rows.map(async ({ event_id, visit_id, status, code, message, server_seq, replayed_at }, n) => {
    const inside = insides[n]
    // what has a receipt is not in the outbox any more
    const [waiting, blobs] = await Promise.all([status ? undefined : outbox.get(event_id), inside.blobs.length ? blobsOf.count(event_id) : 0])
    const state = waiting ? waiting.state : blobs && status === 'applied' ? 'sending' : SHOWN[status] ?? 'saved'
    return {
      event_id, visit_id, ...inside, state, server_seq, replayed: Boolean(replayed_at), blobs_left: blobs,
      code: waiting?.code || code, message: waiting?.message || message, last_at: waiting?.last_at ?? null,
    }
  }))
}

/** The server's page shows these events now. They leave `mine` for good a day later. */
export async function replayed(event_ids) {
  const tx = (await db()).transaction(['mine', 'outbox'], 'readwrite')
  const now = Date.now()
  for (const id of event_ids) {
    const [row, waiting] = await Promise.all([tx.objectStore('mine').get(id), tx.objectStore('outbox').get(id)])
    if (row && !waiting && !row.replayed_at) await tx.objectStore('mine').put({ ...row, replayed_at: now })
  }
  await tx.done
}

/**
 * Away with what was replayed a day ago, and its pictures. `has(url)`: does the phone still hold that page? Of what the
 * office has and no page here will show again (another's case now, a day long past) only its line in the list stays.
 */
export async function sweep(has, now = Date.now()) {
  await forgetGone(has, now)
  const tx = (await db()).transaction(['mine', 'photos'], 'readwrite')
  for (const row of await tx.objectStore('mine').getAll()) {
    if (!row.replayed_at || now - row.replayed_at < KEEP_MS) continue
    await tx.objectStore('mine').delete(row.event_id)
    for (const key of await tx.objectStore('photos').index('event_id').getAllKeys(row.event_id)) await tx.objectStore('photos').delete(key)
  }
  await tx.done
  tell('changed')
}

async function forgetGone(has, now) {
  const base = await db()
  const known = new Map() // page: is it here?
  for (const row of await base.getAllFromIndex('mine', 'user', vault.who().username)) {
    if (!row.status || row.forgotten || await base.get('outbox', row.event_id) || await base.countFromIndex('blobs', 'event_id', row.event_id)) continue
    const { type, seq, at, case_ref } = await open(row)
    const page = row.visit_id ? `/m/visits/${row.visit_id}/talk` : `/m/cases/${case_ref}`
    if (!known.has(page)) known.set(page, await has(page))
    if (known.get(page)) continue
    const box = await vault.closeJson({ type, seq, at, case_ref: '', body: {}, blobs: [], about: '' })
    const tx = base.transaction(['mine', 'photos'], 'readwrite')
    tx.objectStore('mine').put({ ...row, box, forgotten: true, replayed_at: row.replayed_at ?? now })
    for (const key of await tx.objectStore('photos').index('event_id').getAllKeys(row.event_id)) tx.objectStore('photos').delete(key)
    await tx.done
  }
}
