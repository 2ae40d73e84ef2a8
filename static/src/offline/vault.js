// Who works on this phone, and the keys that are his. Everything readable passes through close() and open().
// The keys for it exist in memory only, from the PIN to the lock; what sends needs none of them and goes on.
import { closeBox, openBox, parse, signer } from './box.js'
import { forget, keepsNothing, recall, remember, strict, tell } from './db.js'
import { identity, pick, place } from './identity.js'
import * as pins from './pin.js'
import { shut } from './shut.js'
import { hex, sign as signBytes, utf8 } from './wire.js'

const READABLE = ['pack', 'mine', 'photos', 'drafts']
let current = null // who; locked or not
let keys = null    // {data, index, token, device} while unlocked; `device` only where the PIN wraps it

/** {username, name, role, language, device_id, public_key, device} or null: also while locked. */
export const me = () => current
/** The same for work that is his. Throws {code: "signed_out"}. */
export const who = () => current ?? shut('signed_out')
export const unlocked = () => keys !== null
/** For X-Unlock; null while locked, or when the server must give a new one. */
export const token = () => keys?.token ?? null

const opened = () => keys ?? shut('locked')

/** The user this phone was left with, locked. */
export async function restore() {
  const user = await recall('user')
  if (user) current = { ...user, ...await identity(user.username) }
  return current
}

/** `user` as `hello` names him. Makes his phone's identity on first use; the keys stay where they are. */
export async function enter(user, { afresh = false } = {}) {
  const known = { username: user.username, name: user.name, role: user.role, language: user.language }
  if (current?.username !== user.username) keys = null
  current = { ...known, ...await identity(user.username, afresh) }
  await remember('user', known)
  tell('user')
  return current
}

/** Closes the vault; everything stays in it, and unsent work stays in the outbox. */
export async function leave() {
  current = keys = null
  await forget('user')
  tell('user')
}

/** Where the signing key lies: "browser", "pin" or "memory", as the office is told. */
export const keeps = () => (keepsNothing() ? 'memory' : current.device ? 'browser' : 'pin')

/** Before a PIN is chosen: a key that only a PIN had wrapped, or none yet, went with that PIN or with the page that made it. */
export async function ready() {
  if (!current.device && !current.loose) current = { ...current, ...await identity(current.username, true) }
}

/** {pin: is there one?, passkey: {id, salt} or null, left: tries that are left, dropped: "" | "tries" | "wipe", demo} of this phone. */
export async function lockState() {
  const row = await recall(place(current.username))
  return { pin: Boolean(row?.box), passkey: row?.box?.passkey ?? null, left: pins.TRIES - (row?.tries ?? 0), dropped: row?.dropped ?? '', demo: Boolean(row?.demo) }
}

/** A first or a new PIN: new keys, and what lay under the old ones is gone. The outbox is not touched. `passkey`: {id, salt, prf}. */
export async function choose(pin, { demo = false, passkey = null } = {}) {
  const root = crypto.getRandomValues(new Uint8Array(32))
  const binder = current.device && await pins.newBinder()
  const box = await pins.wrap(pin, root, binder, {}, passkey)
  const made = await pins.keysOf(root)
  const bytes = current.loose && await crypto.subtle.exportKey('pkcs8', current.loose)
  const sealed = bytes && await closeBox(bytes, made.data)
  await empty((row) => ({ ...pick(row), binder, box, sealed, tries: 0, dropped: '', token: null, demo }))
  keys = { ...made, token: null, device: bytes && await signer(bytes) }
  current = { ...current, loose: null }
}

/** → {ok: true} or {ok: false, left}. With the last wrong try the keys and all they open are gone. `prf`: where there is a passkey. */
export function unlock(pin, prf) {
  return navigator.locks.request('pin', async () => {
    const { username } = current
    const tx = await strict(['meta'])
    const row = await tx.store.get(place(username))
    // Counted before it is tried: switching the phone off in between is no free try.
    if (row?.box) await tx.store.put({ ...row, tries: row.tries + 1 }, place(username))
    await tx.done
    if (!row?.box) return { ok: false, left: 0 }
    const root = row.tries < pins.TRIES ? await pins.unwrap(pin, row.box, row.binder, prf) : null
    if (!root) {
      const left = pins.TRIES - row.tries - 1
      if (left <= 0) await drop('tries')
      return { ok: false, left: Math.max(0, left) }
    }
    const made = await pins.keysOf(root)
    await remember(place(username), { ...row, tries: 0 })
    const device = row.sealed && await signer(await openBox(row.sealed, made.data))
    keys = { ...made, device, token: row.token && await openBox(row.token, made.data).then(parse, () => null) }
    return { ok: true }
  })
}

/** The keys leave the memory. News for the page: it must not show a word any more. */
export function lock(why = '') {
  if (!keys) return
  keys = null
  tell('locked', { why })
}

/** The wrapped keys and everything they open; `why`: "tries", "wipe" or "" (a forgotten PIN). Unsent work stays. */
export async function drop(why) {
  lock(why)
  await empty((row) => ({ ...pick(row), binder: null, box: null, sealed: null, tries: 0, dropped: why, token: null }))
  await remember(`revoke:${current.username}`, current.device_id)
  tell('user') // his other tabs load anew, and are locked by that
}

async function empty(change) {
  const { username } = current
  const tx = await strict(['meta', ...READABLE])
  const row = await tx.objectStore('meta').get(place(username))
  await tx.objectStore('meta').put(change(row), place(username))
  await tx.objectStore('meta').delete(`pack:${username}`)
  for (const name of READABLE) {
    for (let cursor = await tx.objectStore(name).openCursor(); cursor; cursor = await cursor.continue()) if (cursor.value.user === username) await cursor.delete()
  }
  await tx.done
  tell('changed')
  tell('pack')
}

/** What the server gave; null when it does not take the old one any more. */
export async function keepToken(given) {
  opened().token = given
  const box = given && await closeJson(given)
  const tx = await strict(['meta'])
  await tx.store.put({ ...await tx.store.get(place(current.username)), token: box }, place(current.username))
  await tx.done
}

export const sign = (bytes) => signBytes(keys?.device ?? who().device.privateKey, bytes)

/** Bytes → {iv, bytes}, readable only while the vault is open. Throws {code: "locked"}. */
export const close = async (bytes) => closeBox(bytes, opened().data)
export const open = async (box) => openBox(box, opened().data)

export const closeJson = (value) => close(utf8(JSON.stringify(value)))
export const openJson = async (box) => parse(await open(box))

/** The name under which something lies in a store: tells a finder nothing. */
export async function nameOf(text) {
  return hex(await crypto.subtle.sign('HMAC', opened().index, utf8(text)))
}
