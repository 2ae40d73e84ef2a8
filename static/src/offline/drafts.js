// What he has typed and not yet finished: kept under the address of its page, whatever happens to the tab.
import { db } from './db.js'
import * as vault from './vault.js'

const EVERY_MS = 200
const bound = new WeakMap()
const live = new Set()

/** The handle of a form that was bound, or a handle itself; undefined for anything else. */
export const of = (form) => (form ? bound.get(form) ?? (form.flush ? form : undefined) : undefined)

/**
 * Restores the form's draft, then saves every change (throttled, not debounced). → {name, restored, flush(), discard(), done}
 * The name is fixed now: when the timer fires, the address may already be the next page's.
 */
export function bind(form, url = location.pathname) {
  if (bound.has(form)) return bound.get(form)
  const handle = { form, name: vault.nameOf(`draft\n${url}\n${form.name || form.id || form.dataset.event || 'form'}`), done: false, dirty: false, timer: 0 }
  handle.flush = () => flush(handle)
  handle.discard = async () => {
    Object.assign(handle, { done: true, dirty: false })
    delete form.dataset.dirty
    await (await db()).delete('drafts', await handle.name)
    handle.done = false
  }
  const changed = () => {
    handle.dirty = true
    form.dataset.dirty = ''
    handle.timer ||= setTimeout(handle.flush, EVERY_MS)
  }
  form.addEventListener('input', changed)
  form.addEventListener('change', changed)
  bound.set(form, handle)
  live.add(handle)
  handle.restored = restore(handle)
  return handle
}

async function restore(handle) {
  const row = await (await db()).get('drafts', await handle.name).catch(() => null) // locked meanwhile
  if (!row || handle.dirty) return false // he was quicker than the disk: his keys win
  const values = (await vault.openJson(row.box)).values
  if (handle.dirty) return false
  write(handle.form, values)
  handle.form.dataset.dirty = ''
  handle.form.dispatchEvent(new CustomEvent('draft:restored', { bubbles: true }))
  return true
}

async function flush(handle) {
  clearTimeout(handle.timer)
  handle.timer = 0
  if (!handle.dirty || handle.done || !vault.unlocked()) return
  handle.dirty = false
  const values = read(handle.form)
  // where he was is part of it: after a reboot nothing else knows
  const box = await vault.closeJson({ values, url: location.pathname, focus: document.activeElement?.id || null }).catch(() => null)
  const name = await handle.name
  if (handle.done || !box) return
  await (await db()).put('drafts', { name, user: vault.who().username, box, at: Date.now() })
  if (handle.done) await (await db()).delete('drafts', name)
}

const FRESH_MS = 12 * 3600 * 1000

/** {url, focus} of what he was typing last, if that was today; or null. */
export async function latest(now = Date.now()) {
  const own = (await (await db()).getAll('drafts')).filter((row) => row.user === vault.me()?.username && now - row.at < FRESH_MS)
  const last = own.sort((a, b) => b.at - a.at)[0]
  return last ? vault.openJson(last.box).catch(() => null) : null
}

/** All of the page's, at most `ms`: on navigation, hiding and signing out. */
export async function flushAll(ms = 500) {
  await Promise.race([Promise.all([...live].map(flush)), new Promise((resolve) => { setTimeout(resolve, ms) })])
}

/** The forms that have left the page. */
export async function release() {
  await flushAll()
  for (const handle of live) if (!handle.form.isConnected) live.delete(handle)
}

export const count = async () => (vault.me() ? (await (await db()).getAll('drafts')).filter((row) => row.user === vault.who().username).length : 0)

const CHECKED = new Set(['checkbox', 'radio'])
const NEVER = new Set(['file', 'submit', 'button', 'password', 'hidden'])
const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.has(field.type))

/** [[name, value or null when not checked]…] in the form's order: two fields of one name stay two. */
const read = (form) => fields(form).map((field) => [field.name, CHECKED.has(field.type) ? [field.value, field.checked] : field.value])

function write(form, values) {
  const left = [...values]
  for (const field of fields(form)) {
    const match = ([name, value]) => name === field.name && (!CHECKED.has(field.type) || value[0] === field.value)
    const at = left.findIndex(match)
    if (at < 0) continue
    const [[, value]] = left.splice(at, 1)
    if (CHECKED.has(field.type)) field.checked = value[1]
    else field.value = value
  }
}

globalThis.document?.addEventListener('visibilitychange', () => { if (document.hidden) flushAll() })
globalThis.addEventListener?.('pagehide', () => flushAll())
