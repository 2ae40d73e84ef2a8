// The outbox as a file, for a phone that cannot send: envelopes as they are, which only the server opens.
import { db } from './db.js'
import * as vault from './vault.js'
import { base64, base64url } from './wire.js'

/** → [{name, blob}]: a file for each phone this person has been on with this browser (one, as a rule). */
export async function lockedFiles(now = new Date()) {
  const { username } = vault.who()
  const base = await db()
  const [rows, photos] = await Promise.all(['outbox', 'blobs'].map((name) => base.getAllFromIndex(name, 'user', username)))
  const phones = [...new Set([...rows, ...photos].map(({ device_id }) => device_id))]
  return phones.map((device_id) => {
    const own = (list) => list.filter((row) => row.device_id === device_id)
    const said = {
      v: 1, device_id, exported_at: now.toISOString(),
      events: own(rows).sort((a, b) => a.created - b.created).map(({ event_id, type, envelope }) => ({ event_id, type, envelope: base64url(envelope) })),
      blobs: own(photos).map(({ sent_sha256, sha256, event_id, bytes }) => ({ sent_sha256, sha256, event_id, bytes: base64(bytes) })),
    }
    const name = `fieldvisit-${device_id.slice(0, 8)}-${now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}.json`
    return { name, blob: new Blob([JSON.stringify(said)], { type: 'application/json' }) }
  })
}
