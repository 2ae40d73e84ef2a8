// Which phone this is for a person: a number and a key that signs and cannot be read out. It needs no PIN.
import { db, recall, remember } from './db.js'
import { ECDSA, base64url } from './wire.js'

/** Where in `meta` his row lies: {device_id, device, public_key, box, binder, tries, dropped, token, demo}. */
export const place = (username) => `keys:${username}`

/** `afresh`: he has just signed in with both factors; a phone that was wiped becomes a new one by that. */
export async function identity(username, afresh) {
  const known = await recall(place(username))
  if (known && !(afresh && known.dropped === 'wipe')) {
    if (afresh && known.dropped) await remember(place(username), { ...known, dropped: '' })
    return pick(known)
  }
  const device = await crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify'])
  const public_key = base64url(await crypto.subtle.exportKey('raw', device.publicKey))
  const made = { device_id: crypto.randomUUID(), device, public_key, box: null, binder: null, tries: 0, dropped: '', token: null }
  // Two tabs may both be first: the one that stands in the store wins.
  const tx = (await db()).transaction('meta', 'readwrite')
  const other = await tx.store.get(place(username))
  if (other?.device_id === known?.device_id) await tx.store.put(made, place(username))
  await tx.done
  return pick(other?.device_id === known?.device_id ? made : other)
}

export const pick = ({ device_id, device, public_key }) => ({ device_id, device, public_key })
