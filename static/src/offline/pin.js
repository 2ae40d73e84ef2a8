// The PIN and what it wraps. A finder of the phone must guess against the browser's key store, not on his own machine.
import { concat, utf8 } from './wire.js'

export const LEAST = 6
export const MOST = 12
export const TRIES = 10
const ITERATIONS = 600_000
const NOTHING = new Uint8Array(0)

// What is tried first by whoever finds a phone; repeats, runs and dates are recognised below.
const COMMON = new Set(['112233', '123321', '147258', '147852', '159357', '159753', '258456', '741852', '789456', '131420', '201314', '5201314', '147147', '110120', '314159', '142857'])
const RUNS = '01234567890123456789'

/** → null, or why it is none: "short", "long", "digits", "repeat", "run", "date", "common". */
export function weak(pin) {
  if (!/^[0-9]*$/.test(pin)) return 'digits'
  if (pin.length < LEAST) return 'short'
  if (pin.length > MOST) return 'long'
  if (/^(\d{1,4})\1+\d?$/.test(pin)) return 'repeat'
  if (RUNS.includes(pin) || RUNS.includes([...pin].reverse().join(''))) return 'run'
  if (dated(pin)) return 'date'
  return COMMON.has(pin) ? 'common' : null
}

/** 19901123, 901123, 231190, 112390: a birthday is the first thing a colleague tries. */
function dated(pin) {
  const day = (month, day) => month >= 1 && month <= 12 && day >= 1 && day <= 31
  const [a, b, c] = [0, 2, 4].map((at) => Number(pin.slice(at, at + 2)))
  if (pin.length === 6) return day(b, c) || day(b, a) || day(a, b)
  if (pin.length !== 8) return false
  const century = (year) => year >= 1930 && year <= 2039
  const last = Number(pin.slice(6))
  return (century(Number(pin.slice(0, 4))) && day(c, last)) || (century(Number(pin.slice(4))) && (day(a, b) || day(b, a)))
}

/**
 * HKDF(PBKDF2(PIN) ‖ HMAC(key of this phone, salt) ‖ PRF of the passkey) → AES-256-GCM key. `binder`: HMAC key that no script
 * can read out, null where the browser keeps no keys; `prf`: where there is a passkey.
 */
async function wrappingKey(pin, { salt, iterations }, binder, prf) {
  const typed = await crypto.subtle.importKey('raw', utf8(pin), 'PBKDF2', false, ['deriveBits'])
  const [stretched, bound] = await Promise.all([
    crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, 256), binder ? crypto.subtle.sign('HMAC', binder, salt) : NOTHING])
  return derived(concat(stretched, bound, prf ?? NOTHING), salt, 'fieldvisit/pin/1', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt'])
}

async function derived(secret, salt, info, algorithm, uses) {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: utf8(info) }, material, algorithm, false, uses)
}

export const newBinder = () => crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

/** → {v, iterations, salt, iv, bytes, passkey}, to be stored. `passkey`: {id, salt, prf} or null. `fixed` ({salt, iv}) is for the worked example only. */
export async function wrap(pin, root, binder, fixed = {}, passkey = null) {
  const box = {
    v: 1, iterations: ITERATIONS, passkey: passkey && { id: passkey.id, salt: passkey.salt }, salt: fixed.salt ?? crypto.getRandomValues(new Uint8Array(16)), iv: fixed.iv ?? crypto.getRandomValues(new Uint8Array(12)),
  }
  return { ...box, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv: box.iv }, await wrappingKey(pin, box, binder, passkey?.prf), root) }
}

/** → the 32 bytes, or null for a wrong PIN. */
export async function unwrap(pin, box, binder, prf) {
  const key = await wrappingKey(pin, box, binder, prf)
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, key, box.bytes).then((root) => new Uint8Array(root), () => null)
}

/** The two keys for what lies on the phone: for contents and for names. */
export async function keysOf(root) {
  const none = new Uint8Array(32)
  const [data, index] = await Promise.all([
    derived(root, none, 'fieldvisit/data/1', { name: 'AES-GCM', length: 256 }, ['encrypt', 'decrypt']),
    derived(root, none, 'fieldvisit/index/1', { name: 'HMAC', hash: 'SHA-256', length: 256 }, ['sign'])])
  return { data, index }
}
