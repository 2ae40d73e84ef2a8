// Talking to the server: what is an answer of ours, and what is only something on the way (a portal, a proxy, no signal).
import { BUILD } from './build.js'
import { forget, recall, remember, tell } from './db.js'
import { obey, report } from './orders.js'
import { language } from '../text.js'
import * as vault from './vault.js'

const API = '1'
const PATIENCE_MS = 30_000
const UNSAFE = new Set(['POST', 'PATCH', 'DELETE'])
let csrf = ''

/**
 * → {ours, status, json, etag, text, headers, retry_after_s}; `ours` is false for anything not sent by us:
 * "offline" (no answer), "portal" (an answer of something else). Never throws. Never follows a redirect.
 */
export async function call(method, path, { json, body, headers = {}, etag, text = false } = {}) {
  if (UNSAFE.has(method) && !csrf) await hello() // after a reload nobody may have asked for the token yet
  const answer = { ours: false, status: 0, json: null, why: 'offline' }
  let response
  try {
    response = await fetch(path, {
      method, credentials: 'same-origin', cache: 'no-store', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS),
      body: json === undefined ? body : JSON.stringify(json),
      headers: {
        'X-Fieldvisit': '1', 'X-Language': language(),
        ...(vault.me() && { 'X-Device': vault.me().device_id }),
        ...(UNSAFE.has(method) && { 'X-CSRFToken': csrf }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
        ...(etag && { 'If-None-Match': etag }), ...headers,
      },
    })
    answer.text = method === 'HEAD' ? '' : await response.text()
  } catch {
    return answer
  }
  const type = response.headers.get('content-type') ?? ''
  const retry = response.headers.get('retry-after')
  Object.assign(answer, {
    status: response.status, why: 'portal', headers: response.headers, etag: response.headers.get('etag'),
    ours: response.headers.get('x-fieldvisit-api') === API,
    retry_after_s: retry === null ? 0 : Number(retry) || Math.max(0, (Date.parse(retry) - Date.now()) / 1000) || 0,
  })
  if (text) answer.html = type.startsWith('text/html')
  if (answer.ours && method !== 'HEAD' && type.startsWith('application/json')) {
    try {
      answer.json = JSON.parse(answer.text)
    } catch {
      answer.ours = false // cut off on the way
    }
  }
  return answer
}

/** Fresh CSRF token, keys and time. → the answer's JSON, or null when there is no server to ask. */
export async function hello() {
  const before = Date.now()
  const { ours, status, json } = await call('GET', '/sync/hello', { headers: { 'X-Unsent': await report(), 'X-Build': BUILD } })
  if (!ours || status !== 200 || json?.v !== 1) return null
  csrf = json.csrf
  if (await recall('sign_out_due')) {
    // He signed out where there was no signal: the session must not let the next one in.
    if (json.user && !await endSession()) return null
    await forget('sign_out_due')
    return hello()
  }
  const at = Date.now()
  const offset_ms = Math.round(Date.parse(json.now) - (before + at) / 2)
  const { envelope, build, minimum_build } = json
  const past = (await recall('server'))?.signings ?? {}
  // Old signing keys stay: a receipt must be provable later.
  const signings = { ...past, [json.signing.key_id]: json.signing.public_key }
  await remember('server', { envelope, signings, build, minimum_build, offset_ms, at, demo: json.demo?.length > 0 })
  await obey(json, at, (id) => call('DELETE', '/sync/devices', { headers: { 'X-Device': id } }))
  return json
}

/** → {user} or {message} in words. */
export async function signIn({ username, password, code }) {
  let answer = await call('POST', '/sync/session', { json: { username, password, code } })
  if (answer.status === 403 && await hello()) answer = await call('POST', '/sync/session', { json: { username, password, code } })
  if (!answer.ours) return { message: null }
  if (answer.status !== 200) return { message: answer.json?.message ?? null }
  if (answer.json.user.role !== 'collector') return { user: answer.json.user } // he works at a desk, not from this store
  await vault.enter(answer.json.user, { afresh: true })
  await hello() // signing in has changed the token
  await enrol({ anew: vault.unlocked() && !vault.token() })
  return { user: answer.json.user }
}

/** Password and an unused code of a demo login. */
export async function demoCode(username) {
  const { ours, status, json } = await call('POST', '/sync/demo-code', { json: { username } })
  return ours && status === 200 ? json : null
}

/** What is declared for a private phone, {version, text: {language: …}}, or null without a signal. */
export async function declaration() {
  const { ours, status, json } = await call('GET', '/sync/devices')
  if (ours && status === 401) tell('sign_in', { asked: true })
  return ours && status === 200 ? json.consent : null
}

/** The demo gives its codes away. */
export async function demoEnrolment() {
  const { ours, status, json } = await call('POST', '/sync/demo-enrolment', { json: {} })
  return ours && status === 200 ? json.code : ''
}

export const enrolled = async () => await recall(`enrolled:${vault.who().username}`) === vault.who().device_id

/**
 * Says whose key signs the events of this phone, a new one's with {code, owner, consent, keeps}; where the vault is open and has
 * none, asks for the token that opens the pack. `anew`: the server does not know the phone (any more), or its token. Again does
 * no harm. One at a time: of two tokens only the later opens, and a late "enrol.needed" must not undo what was taken meanwhile.
 * → {taken, status, message}
 */
export const enrol = (said = {}) => navigator.locks.request('enrol', () => register(said))

async function register({ anew = false, ...said }) {
  const { device_id, public_key, username } = vault.who()
  if (!anew && !said.code) return { taken: await enrolled() }
  const wanting = vault.unlocked() && !vault.token()
  const json = { device_id, public_key, label: label(), ...said, ...(wanting && { unlock: true }) }
  const { ours, status, json: given } = await call('POST', '/sync/devices', { json })
  if (ours && given?.code?.startsWith('enrol.')) await forget(`enrolled:${username}`) // it must be enrolled again
  if (!ours || status !== 200) return { taken: false, status, message: ours ? given?.message : null }
  if (wanting && vault.unlocked()) await vault.keepToken(given.unlock)
  await remember(`enrolled:${username}`, device_id)
  return { taken: true }
}

/** Ends the session here, and at the server as soon as it can be reached. */
export async function signOut() {
  if (!await endSession()) await remember('sign_out_due', true)
  csrf = ''
  await vault.leave()
}

async function endSession() {
  const { ours, status } = await call('DELETE', '/sync/session')
  return ours && status === 200
}

function label() {
  const brands = navigator.userAgentData?.brands?.map(({ brand }) => brand).filter((brand) => !/not.?a.?brand/i.test(brand)) ?? []
  return [navigator.userAgentData?.platform, brands.at(-1)].filter(Boolean).join(' · ').slice(0, 80)
}
