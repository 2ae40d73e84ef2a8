// Which phone this is for a person: a number and a key that signs and cannot be read out. It needs no PIN.
// A browser that keeps no keys (Lockdown, some private windows) gets one that the PIN wraps; one that keeps nothing, none at all.
import { db, recall, remember, storageError, useMemory } from './db.js'
import { ECDSA, base64url } from './wire.js'

/** Where in `meta` his row lies: {device_id, device, public_key, box, binder, sealed, tries, dropped, token, demo}. */
export const place = (username) => `keys:${username}`

/**
 * → {device_id, device, public_key, loose?}; `device` is null where the browser keeps no keys, `loose` then the private key until
 * a PIN wraps it. `afresh`: he has just signed in with both factors; a phone that was wiped becomes a new one by that.
 */
export async function identity(username, afresh) {
  const known = await recall(place(username))
  const there = known?.device || known?.sealed
  if (known && !(afresh && (known.dropped === 'wipe' || !there))) {
    if (afresh && known.dropped) await remember(place(username), { ...known, dropped: '' })
    return pick(known)
  }
  const made = await generate(false)
  const row = await kept(username, known, made)
  if (row) return pick(row)
  const wrapped = await generate(true)
  const bare = { ...wrapped, device: null }
  if (await kept(username, known, bare)) return { ...pick(bare), loose: wrapped.device.privateKey }
  useMemory()
  await kept(username, undefined, made)
  return pick(made)
}

async function generate(extractable) {
  const device = await crypto.subtle.generateKey(ECDSA, extractable, ['sign', 'verify'])
  const public_key = base64url(await crypto.subtle.exportKey('raw', device.publicKey))
  return { device_id: crypto.randomUUID(), device, public_key, box: null, binder: null, sealed: null, tries: 0, dropped: '', token: null }
}

/** The row that stands in the store, or null where the browser does not take it. Two tabs may both be first: one of them wins. */
async function kept(username, known, made) {
  try {
    const tx = (await db()).transaction('meta', 'readwrite')
    tx.done.catch(() => {})
    const other = await tx.store.get(place(username))
    if (other?.device_id === known?.device_id) await tx.store.put(made, place(username))
    await tx.done
    const row = await recall(place(username))
    return !made.device || row.device?.privateKey?.type === 'private' ? row : null
  } catch (error) {
    if (storageError(error).code === 'quota') throw storageError(error)
    return null
  }
}

export const pick = ({ device_id, device, public_key }) => ({ device_id, device, public_key })
