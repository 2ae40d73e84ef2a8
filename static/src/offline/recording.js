// The sound of a visit on this phone: each piece is sealed to the server as it comes, so that it needs no PIN and a lock does
// not stop it. A segment of pieces becomes one event with one blob; until then its pieces lie here, and a crash leaves them here.
import { v7 as uuid7 } from 'uuid'
import { db, recall, storageError, strict } from './db.js'
import * as outbox from './outbox.js'
import { localTime } from './time.js'
import * as vault from './vault.js'
import { concat, envelope, sha256, sha256hex, utf8 } from './wire.js'

const keyOf = (segment, n) => `${segment}/${String(n).padStart(5, '0')}`

/** A new segment of this visit. → {segment, box, keep(blob), ms(), close(ended)}; `known`: the box of the one before, for a locked phone. */
export async function begin({ visit_id, case_ref, about, basis }, mime, known) {
  const [segment, server, { username: user, device_id }] = [uuid7(), await recall('server'), vault.who()]
  const box = known ?? await vault.closeJson({ about, basis })
  const head = { key: keyOf(segment, 0), segment, n: 0, user, device_id, visit_id, case_ref, mime, box, started_at: localTime(new Date()), ended: '' }
  await put(head)
  const since = performance.now()
  const ms = () => Math.round(performance.now() - since)
  let n = 0
  let line = Promise.resolve()
  const keep = (blob) => {
    const [number, at] = [++n, ms()]
    line = line.then(async () => {
      const plain = await blob.arrayBuffer()
      const sealed = (await envelope(server.envelope, `${segment}/${number}`, 'piece/1', plain)).buffer
      await put({ key: keyOf(segment, number), segment, n: number, user, ms: at, sealed, sha256: await sha256(plain) })
    })
    return line
  }
  return { segment, box, keep, ms, close: async (ended) => { await line.catch(() => {}); await put({ ...head, ended }) } }
}

async function put(row) {
  try {
    const tx = await strict(['pieces'])
    await Promise.all([tx.store.put(row), tx.done])
  } catch (error) {
    throw storageError(error)
  }
}

/** Makes events of this person's segments, but for `current`, which is being recorded. Needs the vault; what fails waits. */
export async function settle({ slice_ms, current } = {}) {
  if (!vault.unlocked()) return
  const keys = await (await db()).getAllKeysFromIndex('pieces', 'user', vault.who().username)
  for (const segment of new Set(keys.map((key) => key.split('/')[0]))) if (segment !== current) await finalise(segment, slice_ms)
}

/** The pieces leave in the transaction that writes the event: never both, never neither. */
async function finalise(segment, slice_ms = 0) {
  const [head, ...pieces] = await (await db()).getAllFromIndex('pieces', 'segment', segment)
  const keys = [head, ...pieces].map(({ key }) => key)
  if (!pieces.length) return (await db()).delete('pieces', head.key)
  const { about, basis } = await vault.openJson(head.box).catch(() => ({ about: '' })) // of a PIN that was forgotten
  const lengths = pieces.map(({ sealed }) => new Uint8Array(new Uint32Array([sealed.byteLength]).buffer).reverse())
  const bytes = concat(utf8('FVR1'), ...pieces.flatMap(({ sealed }, index) => [lengths[index], sealed])).buffer
  const body = {
    segment, started_at: head.started_at, duration_ms: pieces.at(-1).ms, pieces: pieces.length, mime: head.mime,
    digest: await sha256hex(concat(...pieces.map((piece) => piece.sha256))),
    ended: head.ended || 'cut', lost_ms: head.ended && head.ended !== 'full' ? 0 : 2 * slice_ms,
  }
  return outbox.append({
    type: 'visit.recording/1', visit_id: head.visit_id, case_ref: head.case_ref, about, basis, body,
    blobs: [{ bytes, mime: head.mime, role: 'recording' }], pieces: keys,
  })
}
