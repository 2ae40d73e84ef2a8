// A passkey of this phone beside the PIN: what its PRF gives goes into the key that wraps all others. The server has no part in it.
import { utf8 } from './wire.js'

const some = () => crypto.getRandomValues(new Uint8Array(32))
const TYPE = 'public-key'
const MINUTE = 60_000

/** Can this browser make one here? */
export async function offered() {
  try {
    const can = await PublicKeyCredential.getClientCapabilities?.() ?? {}
    return can['extension:prf'] !== false && await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()
  } catch {
    return false
  }
}

/** → {id, salt, prf}, or null where the authenticator has no PRF. Throws when he says no. */
export async function make({ username, name, device_id }) {
  const salt = some()
  const made = await navigator.credentials.create({ publicKey: {
    rp: { name: '外访 Field visits' }, user: { id: utf8(device_id), name: username, displayName: name }, challenge: some(), timeout: MINUTE,
    pubKeyCredParams: [{ type: TYPE, alg: -7 }, { type: TYPE, alg: -257 }], extensions: { prf: { eval: { first: salt } } },
    authenticatorSelection: { authenticatorAttachment: 'platform', residentKey: 'preferred', userVerification: 'required' },
  } })
  const { prf } = made.getClientExtensionResults()
  if (!prf?.enabled) return null
  const key = { id: made.rawId, salt }
  return { ...key, prf: prf.results?.first ?? await ask(key) } // most give it only when asked
}

/** → 32 bytes. Throws when he says no, or the passkey is gone. */
export async function ask({ id, salt }) {
  const said = await navigator.credentials.get({ publicKey: {
    challenge: some(), allowCredentials: [{ type: TYPE, id }], userVerification: 'required', timeout: MINUTE, extensions: { prf: { eval: { first: salt } } },
  } })
  return said.getClientExtensionResults().prf.results.first
}
