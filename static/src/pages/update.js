// A new build waits until the page is not in the middle of something: the lock screen, a load, or his tap.
import { hear, tell } from '../offline/db.js'
import * as vault from '../offline/vault.js'
import { t } from '../text.js'
import { ask, find, h } from './dom.js'

let registration = null
let asked = false
let asking = 0
const PATIENCE_MS = 3000 // a takeover that does not come must not leave an empty page
const AGAIN_MS = 300
const READY_MS = 20_000  // for a newer build to be fetched whole

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

/** Registers the worker. A build that waits takes over, and the page loads again before anything is shown. */
export async function start() {
  const { serviceWorker } = navigator
  if (!serviceWorker) return
  // The first install takes over too, unasked, and needs no reload; this page may be the same one that saw it.
  serviceWorker.addEventListener('controllerchange', () => { if (asked) location.reload() })
  hear('unlocked', giveUp)
  serviceWorker.addEventListener('message', ({ ports }) => ports[0]?.postMessage('alive')) // sw-stop.js asks
  try {
    registration = await serviceWorker.getRegistration('/m/') ?? null
    const register = () => serviceWorker.register('/m/sw.js', { scope: '/m/', updateViaCache: 'none' })
    if (!registration) registration = await register()
    else register().then((newer) => { registration = newer }, () => {})
  } catch {
    return // no signal at the very first start; the next one tries again
  }
  await takeOver() // else he works with this build now: no reload in the middle of it
}

export const waiting = () => Boolean(registration?.waiting)

/** Lets the waiting worker take over; the page then loads anew, drafts and address kept. */
export function take() {
  if (!registration?.waiting || document.documentElement.dataset.recording !== undefined) return false // sound would be cut
  asked = true
  registration.waiting.postMessage('skip')
  return true
}

/**
 * At the lock screen. Returns when there is nothing to take over, or when it does not come: the lock must not stay empty. A
 * browser waits with it while the old worker has anything to do, so it is asked again for as long as the phone is locked.
 */
export async function takeOver() {
  if (!take()) return
  const until = Date.now() + PATIENCE_MS
  clearInterval(asking)
  asking = setInterval(() => {
    if (Date.now() < until || (vault.me() && !vault.unlocked())) registration.waiting?.postMessage('skip')
    else giveUp()
  }, AGAIN_MS)
  await pause(PATIENCE_MS)
}

/** He works again: a takeover that comes now must not load his page away. */
function giveUp() {
  clearInterval(asking)
  asked = false
}

/** Saves, locks and updates: the lock screen is where the waiting build takes over. → is there a newer one? */
export async function now() {
  await registration?.update().catch(() => {})
  for (let waited = 0; registration?.installing && waited < READY_MS; waited += 200) await pause(200)
  if (waiting()) tell('lock', { why: '' })
  return waiting()
}

/** Said once he begins new work with a build that the office no longer wants: one button. */
export function insist() {
  const why = h('p', { role: 'status' }, t('update.first.why'))
  const go = async ({ currentTarget: button }) => {
    button.disabled = true
    why.textContent = t('update.wait')
    if (await now()) return
    why.textContent = t('update.none')
    button.disabled = false
  }
  find('#ask').replaceChildren(h('div', { class: 'stack' }, h('h2', { id: 'ask-title' }, t('update.first')), why,
    h('button', { type: 'button', class: 'button main wide', 'data-update': true, onclick: go }, t('me.update'))))
  ask(find('#ask'))
}
