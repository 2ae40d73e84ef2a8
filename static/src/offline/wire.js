// The bytes on the wire, as fieldvisit/wire.py makes them; both read tests/vectors/wire.json.
import canonicalize from 'canonicalize'

const P256 = { name: 'ECDH', namedCurve: 'P-256' }
export const ECDSA = { name: 'ECDSA', namedCurve: 'P-256' }
const BY_SHA256 = { name: 'ECDSA', hash: 'SHA-256' }
const MAGIC = utf8('FVE1')

export function utf8(text) {
  return new TextEncoder().encode(text)
}

export function concat(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    all.set(part instanceof Uint8Array ? part : new Uint8Array(part), at)
    at += part.byteLength
  }
  return all
}

export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))

export function base64(bytes) {
  const view = new Uint8Array(bytes)
  let text = ''
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < view.length; at += 0x8000) text += String.fromCharCode(...view.subarray(at, at + 0x8000))
  return btoa(text)
}
export const base64url = (bytes) => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
export const unbase64url = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
export const sha256hex = async (bytes) => hex(await sha256(bytes))

/** RFC 8785 bytes. Throws {code:"text"} for half a character, {code:"number"} for what is no integer. */
export function canonical(value) {
  refuseWhatDoesNotTravel(value)
  return utf8(canonicalize(value))
}

function refuseWhatDoesNotTravel(value) {
  if (typeof value === 'string' && !value.isWellFormed()) throw Object.assign(new Error('lone surrogate'), { code: 'text' })
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw Object.assign(new Error(`${value} is no integer`), { code: 'number' })
  if (value && typeof value === 'object') Object.entries(value).flat().forEach(refuseWhatDoesNotTravel)
}

/**
 * "FVE1" ‖ key id (8) ‖ ephemeral public key (65) ‖ iv (12) ‖ AES-256-GCM, to the server's public key: the phone itself
 * cannot open it again. `fixed` ({ephemeral: CryptoKeyPair, iv}) is for the worked example only.
 */
export async function envelope({ key_id, public_key }, id, type, plain, fixed) {
  const theirs = await crypto.subtle.importKey('raw', unbase64url(public_key), P256, false, [])
  const ours = fixed?.ephemeral ?? await crypto.subtle.generateKey(P256, false, ['deriveBits'])
  const iv = fixed?.iv ?? crypto.getRandomValues(new Uint8Array(12))
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey('raw', ours.publicKey))
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ours.privateKey, 256)
  const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
  const key = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: ephemeral, info: utf8('fieldvisit/envelope/1') },
    material, { name: 'AES-GCM', length: 256 }, false, ['encrypt'])
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(`${id}\n${type}`) }, key, plain)
  return concat(MAGIC, unhex(key_id), ephemeral, iv, sealed)
}

/** Raw r‖s, 64 bytes. */
export const sign = async (privateKey, bytes) => new Uint8Array(await crypto.subtle.sign(BY_SHA256, privateKey, bytes))

/** Did the server say this? `signed` is a verdict or an offer with `sig`, `keys` its signing keys by id. */
export async function verify(signed, { key_id, public_key }) {
  const { sig, ...rest } = signed
  if (!sig || rest.key_id !== key_id) return false
  const key = await crypto.subtle.importKey('raw', unbase64url(public_key), ECDSA, false, ['verify'])
  return crypto.subtle.verify(BY_SHA256, key, unbase64url(sig), canonical(rest))
}
