// The phone's store. Keys and rows are opaque; what can be read lies in boxes that only the vault opens.
import { openDB } from 'idb'
import { memory } from './memory.js'

const HEADS = ['user', 'state', 'created'] // counted and dated without reading what is large
const STORES = {
  meta: {},                                                  // "user", "server", "keys:<user>", "tip:<device>", "seq:<visit>" …
  drafts: { keyPath: 'name' },                               // {name, user, box, at}
  outbox: { keyPath: 'event_id', by: ['user', HEADS] },      // {event_id, user, device_id, type, visit_id, seq, created, sha256, envelope, state, attempts, …}
  blobs: { keyPath: 'sent_sha256', by: ['user', 'event_id', HEADS] }, // {sent_sha256, sha256, event_id, user, device_id, bytes: ArrayBuffer, sent, …}
  mine: { keyPath: 'event_id', by: ['user', 'visit_id'] },   // {event_id, user, visit_id, box, status, code, message, server_seq, replayed_at}
  photos: { keyPath: 'sha256', by: ['event_id'] },           // {sha256, event_id, user, mime, box}: small pictures of `mine`
  pieces: { keyPath: 'key', by: ['user', 'segment'] },       // {key: "segment/n", segment, n, user, ms, sealed, sha256}: sound not yet an event; n 0 is its head
  receipts: { keyPath: 'event_id' },                         // the verdict as the server signed it
  pack: { keyPath: 'name', by: ['user'] },                   // {name, user, sha256, box}
}

let opened
let forgetful = false

export function db() {
  opened ??= open().catch((error) => {
    if (storageError(error).code === 'quota' || ['VersionError', 'AbortError'].includes(error.name)) throw error
    return useMemory() // shut off by the browser's settings, or there is none
  })
  return opened
}

/** Nothing that is written here outlives the page: no work may be captured. */
export const keepsNothing = () => forgetful

export function useMemory() {
  forgetful = true
  opened = Promise.resolve(memory(STORES))
  return opened
}

async function open() {
  return openDB('fieldvisit', 3, {
    upgrade(base, _old, _new, tx) {
      for (const [name, { by = [], ...options }] of Object.entries(STORES)) {
        const store = base.objectStoreNames.contains(name) ? tx.objectStore(name) : base.createObjectStore(name, options)
        for (const index of by) if (!store.indexNames.contains(`${index}`)) store.createIndex(`${index}`, index)
      }
    },
    blocked: () => tell('blocked'),
    blocking: (_current, _next, event) => tell('blocking', { close: () => event.target.close() }),
    terminated: () => { opened = undefined },
  })
}

/** A transaction that is on the disk when it is done. No await of anything but its own requests inside. */
export const strict = async (stores) => (await db()).transaction(stores, 'readwrite', { durability: 'strict' })

/** What lies unsent in the outbox, photos counted: [{user, n, needs, oldest}], `oldest` in ms. Only indexes are read. */
export async function heads() {
  const found = new Map()
  if (forgetful) return []
  for (const name of ['outbox', 'blobs']) {
    const index = (await db()).transaction(name).store.index(`${HEADS}`)
    for (let at = await index.openKeyCursor(); at;) {
      const [user, state] = at.key
      const all = IDBKeyRange.bound([user, state], [user, state, []])
      const known = found.get(user) ?? { user, n: 0, needs: 0, oldest: Infinity }
      const n = await index.count(all)
      found.set(user, { user, n: known.n + n, needs: known.needs + (state === 'needs' ? n : 0), oldest: Math.min(known.oldest, at.key[2]) })
      at = await index.openKeyCursor(IDBKeyRange.lowerBound(all.upper)) // the next state, or the next user
    }
  }
  return [...found.values()]
}

export const recall = async (key) => (await db()).get('meta', key)
export const remember = async (key, value) => (await db()).put('meta', value, key)
export const forget = async (key) => (await db()).delete('meta', key)

/** QuotaExceededError, however the browser wraps it, becomes {code: "quota"}. */
export function storageError(error) {
  const full = [error, error?.cause, error?.inner].some((each) => each?.name === 'QuotaExceededError')
  return full ? Object.assign(new Error('storage is full', { cause: error }), { code: 'quota' }) : error
}

// News, in this page and in its other tabs: "changed" (outbox, mine), "saved" (something new to send), "pack", "sign_in", "user", "sending", "lock", "locked", "unlocked", "ordered", "blocked", "recording".
const news = new EventTarget()
const tabs = globalThis.BroadcastChannel && new BroadcastChannel('fieldvisit')
tabs?.unref?.()
if (tabs) tabs.onmessage = ({ data }) => news.dispatchEvent(new CustomEvent(data, { detail: { elsewhere: true } }))

const SHARED = new Set(['changed', 'saved', 'pack', 'user', 'lock'])

export function tell(what, detail = {}) {
  news.dispatchEvent(new CustomEvent(what, { detail }))
  if (SHARED.has(what)) tabs?.postMessage(what)
}
/** → a function that stops listening. */
export function hear(what, listener) {
  const heard = ({ detail }) => listener(detail)
  news.addEventListener(what, heard)
  return () => news.removeEventListener(what, heard)
}
