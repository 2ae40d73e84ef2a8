// How a thing lies on the phone: AES-256-GCM under a key of the vault, with an IV of its own.
import { ECDSA } from './wire.js'

/** → {iv, bytes} */
export async function closeBox(bytes, key) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, bytes) }
}
export const openBox = (box, key) => crypto.subtle.decrypt({ name: 'AES-GCM', iv: box.iv }, key, box.bytes)
export const parse = (bytes) => JSON.parse(new TextDecoder().decode(bytes))

/** A signing key that was wrapped: from here on no script can read it out. */
export const signer = (bytes) => crypto.subtle.importKey('pkcs8', bytes, ECDSA, false, ['sign'])
