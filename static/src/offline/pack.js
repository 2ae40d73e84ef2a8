// What is ready to be read without a signal: the pages of today and tomorrow in both languages, offers and clauses.
import { db, hear, recall, remember, tell } from './db.js'
import { language } from '../text.js'
import { leaseIsOver } from './orders.js'
import { call, hello } from './server.js'
import * as vault from './vault.js'
import { sha256hex, utf8 } from './wire.js'

const nameOf = (url, lang) => vault.nameOf(`pack\n${lang}\n${url}`)
const rowOf = async (url, lang) => (await db()).get('pack', await nameOf(url, lang))
const stateKey = () => `pack:${vault.who().username}`

/** → {html, sha256} or null. */
export async function get(url, lang = language()) {
  if (!vault.unlocked()) return null
  const [over, row] = await Promise.all([expired(), rowOf(url, lang)])
  return row && !over ? { sha256: row.sha256, html: (await vault.openJson(row.box)).html } : null
}

let opened = null // a promise: what came with the pack is opened once while the vault is open
for (const news of ['pack', 'user', 'locked']) hear(news, () => { opened = null })

/** Offers, clause texts and whatever else came with the pack; to be read only. */
export async function data(name) {
  if (!vault.unlocked()) return null
  opened ??= rowOf('data', '').then((row) => row && vault.openJson(row.box))
  const mine = opened
  mine.catch(() => { if (opened === mine) opened = null })
  return (await mine)?.data[name] ?? null
}

/** {state, as_of, at} of the pack on this phone, or null. */
export const status = () => (vault.me() ? recall(stateKey()) : null)

/** 72 h without a word from the server: the pages are taken away. */
async function expired() {
  if (!await leaseIsOver()) return false
  if (await status()) {
    const { username } = vault.who()
    const tx = (await db()).transaction(['pack', 'meta'], 'readwrite')
    for (const name of await tx.objectStore('pack').index('user').getAllKeys(username)) tx.objectStore('pack').delete(name)
    tx.objectStore('meta').delete(stateKey())
    await tx.done
    tell('pack')
  }
  return true
}

const opening = () => (vault.token() ? { 'X-Unlock': vault.token() } : {})

/** The session is over, or the server does not take our token: signing in mends both. */
async function refused({ json }, used) {
  if (json?.code !== 'locked') return 'sign_in'
  await hello() // an order of the office, perhaps: then the vault is closed now
  if (!vault.unlocked() || vault.token() !== used) return 'later' // or a new token has come meanwhile
  await vault.keepToken(null)
  return 'sign_in'
}

async function keep(url, lang, { html, sha256, ...rest }) {
  const { username: user } = vault.who()
  return { name: await nameOf(url, lang), user, sha256, box: await vault.closeJson({ url, html, ...rest }) }
}

/** Fetches the whole pack where it has changed. → "new", "same", "sign_in" or "later". The outbox is never touched. */
export async function refresh() {
  if (!vault.unlocked()) return 'later'
  const [before, used] = [await status(), vault.token()]
  const answer = await call('GET', `/sync/pack${before ? `?since=${encodeURIComponent(before.state)}` : ''}`, { etag: before && `"${before.state}"`, headers: opening() })
  if (answer.status === 401) return refused(answer, used)
  if (answer.ours && answer.status === 304 && before) {
    await remember(stateKey(), { ...before, at: Date.now() })
    tell('pack')
    return 'same'
  }
  if (!answer.ours || answer.status !== 200 || answer.json?.v !== 1) return 'later'
  const { state, as_of, fragments, data: extra } = answer.json
  // All the cryptography first: a transaction does not wait for it.
  const whole = await Promise.all(fragments.map(async (piece) => await sha256hex(utf8(piece.html)) === piece.sha256))
  if (!whole.every(Boolean)) return 'later'
  if (!vault.unlocked()) return 'later' // locked while it came
  const rows = await Promise.all(fragments.map((piece) => keep(piece.url, piece.language, piece)))
  rows.push(await keep('data', '', { data: extra, sha256: state }))
  const names = new Set(rows.map((row) => row.name))
  const tx = (await db()).transaction(['pack', 'meta'], 'readwrite')
  const store = tx.objectStore('pack')
  for (const name of await store.index('user').getAllKeys(vault.who().username)) if (!names.has(name)) store.delete(name)
  for (const row of rows) store.put(row)
  tx.objectStore('meta').put({ state, as_of, at: Date.now() }, stateKey())
  await tx.done
  tell('pack')
  return 'new'
}

/** Asks the server for one page. → {html, sha256} when it is new, "same", "gone", "sign_in" or "later". */
export async function ask(url, sha256, lang = language()) {
  const used = vault.token()
  const answer = await call('GET', url, { text: true, etag: sha256 && `"${sha256}"`, headers: { 'HX-Request': 'true', 'X-Language': lang, ...opening() } })
  if (!answer.ours || !vault.unlocked()) return 'later'
  if (answer.status === 401) return refused(answer, used)
  if (answer.status === 304) return 'same'
  if (answer.status === 404 || answer.status === 403) return 'gone'
  const etag = answer.etag?.replace(/^W\//, '').replaceAll('"', '')
  // A page is ours only if it is what it says it is: a portal's page has no such hash.
  if (answer.status !== 200 || !answer.html || etag !== await sha256hex(utf8(answer.text))) return 'later'
  if (etag === sha256) return 'same'
  const fresh = { html: answer.text, sha256: etag }
  await (await db()).put('pack', await keep(url, lang, fresh))
  return fresh
}
