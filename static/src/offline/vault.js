// Who works on this phone, and the keys that are his. Everything readable passes through close() and open().
// The PIN comes here: it will wrap `data` and `index`; nothing outside this file knows where they come from.
import { db, forget, recall, remember, tell } from './db.js'
import { ECDSA, base64url, hex, sign as signBytes, utf8 } from './wire.js'

let current = null

/** {username, name, role, language, device_id, public_key, device, data, index} or null. */
export const me = () => current

/** The user this phone was left with. */
export async function restore() {
  const user = await recall('user')
  if (user) current = { ...user, ...await keysOf(user.username) }
  return current
}

/** `user` as `hello` names him. Makes his keys on first use. */
export async function enter(user) {
  const known = { username: user.username, name: user.name, role: user.role, language: user.language }
  current = { ...known, ...await keysOf(user.username) }
  await remember('user', known)
  tell('user')
  return current
}

/** Closes the vault; everything stays in it, and unsent work stays in the outbox. */
export async function leave() {
  current = null
  await forget('user')
  tell('user')
}

async function keysOf(username) {
  const key = `keys:${username}`
  const known = await recall(key)
  if (known) return known
  const device = await crypto.subtle.generateKey(ECDSA, false, ['sign', 'verify'])
  const made = {
    device_id: crypto.randomUUID(),
    device,
    public_key: base64url(await crypto.subtle.exportKey('raw', device.publicKey)),
    data: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    index: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
  }
  // Two tabs may both be first: the one that stands in the store wins.
  const tx = (await db()).transaction('meta', 'readwrite')
  const other = await tx.store.get(key)
  if (!other) await tx.store.put(made, key)
  await tx.done
  return other ?? made
}

export const sign = (bytes) => signBytes(current.device.privateKey, bytes)

/** Bytes → {iv, bytes}, readable only while the vault is open. */
export async function close(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, current.data, bytes) }
}
export const open = (box) => crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, current.data, box.bytes)

export const closeJson = (value) => close(utf8(JSON.stringify(value)))
export const openJson = async (box) => JSON.parse(new TextDecoder().decode(await open(box)))

/** The name under which something lies in a store: tells a finder nothing. */
export const nameOf = async (text) => hex(await crypto.subtle.sign('HMAC', current.index, utf8(text)))
