// The field client: one page under /m/, started here.
import { load, t } from './text.js'
import { hear, tell } from './offline/db.js'
import * as drafts from './offline/drafts.js'
import * as mine from './offline/mine.js'
import * as pack from './offline/pack.js'
import { revisions } from './offline/receipts.js'
import * as sender from './offline/sender.js'
import { hello } from './offline/server.js'
import * as vault from './offline/vault.js'
import { find, h } from './pages/dom.js'
import { obstacle, refuse } from './pages/install.js'
import * as me from './pages/me.js'
import { focusOn, isNew } from './pages/place.js'
import * as outboxPage from './pages/outbox.js'
import * as page from './pages/page.js'
import * as recording from './pages/recording.js'
import * as lock from './pages/lock.js'
import { again, askForCase, freshen, show, start as startRouter } from './pages/show.js'
import * as signin from './pages/signin.js'
import * as state from './pages/state.js'
import * as update from './pages/update.js'
// --- pages of fragments: each registers itself with page.on(data-page, …)
import * as today from './pages/today.js'
import * as visit from './pages/visit.js'

// What an agreement needs is a part of its own, fetched at once but waited for by nothing except its own pages, which ask again.
const part = () => import('./pages/agreement.js')
let agreement = part()
agreement.catch(() => {})

async function main() {
  me.setTheme(me.theme())
  await load()
  me.translateShell()
  if (!crypto.subtle || !navigator.locks) return notice('unsupported')
  hear('blocked', () => notice('blocked'))
  hear('blocking', makeWay)
  hear('sending', async ({ active, why }) => {
    if (active) return
    await swept() // what has just been taken may be of a case that is not his any more
    if (!why) await askForCase()
  })
  await update.start()
  if (!await vault.restore() && obstacle()) return refuse()
  signin.start()
  outboxPage.start()
  me.start()
  today.register()
  visit.register()
  page.later(/\/(statement|agree|sign|cards|companion)$/, () => (agreement = agreement.catch(part)))
  await state.start()
  recording.watch()
  lock.start()
  hear('signed_in', begin)
  let left = isNew() // a new window: the phone was switched off, or the browser killed
  hear('unlocked', async () => {
    const draft = left && await drafts.latest()
    left = false
    if (draft) await returnTo(draft)
    else await show(location.pathname, { push: false, back: true })
    await begin({ painted: true })
  })
  hear('user', ({ elsewhere }) => { if (elsewhere) location.reload() })
  await startRouter()
  return begin({ painted: true })
}

/** Somebody is here: send what waits, fetch what is new, and show it. */
async function begin({ painted = false } = {}) {
  if (!vault.me()) return undefined
  if (begin.running) sender.drain({ force: true })
  else start()
  const open = vault.unlocked()
  const met = await hello()
  if (!open || !vault.unlocked()) return undefined // what waits is being sent; the rest comes when the PIN has opened it
  if (met && met.user?.username !== vault.who().username) return tell('sign_in')
  await renew(painted ? freshen : again)
  return swept()
}

/** What the office has, and no page on this phone shows any more; not before a pack is here to tell. */
const swept = async () => (vault.unlocked() && await pack.status() ? mine.sweep(async (url) => Boolean(await pack.get(url))) : undefined)

/** Once in the life of the page. */
function start() {
  begin.running = true
  navigator.storage?.persist?.() // unsent work lies here: the browser may be asked to spare it
  sender.start()
  addEventListener('online', calm)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) calm() })
  setInterval(calm, 10 * 60_000)
}

/** One at a time: where the signal comes and goes, requests for the pack would pile up before the work that waits. */
function calm() {
  calm.running ??= renew().finally(() => { calm.running = null })
}

/** The pack and what people have decided at the office. */
async function renew(repaint = freshen) {
  const came = vault.me() ? await pack.refresh() : 'later'
  if (came === 'sign_in') return tell('sign_in')
  if (came === 'new' || repaint === again) await repaint()
  if (came === 'later') return undefined
  await revisions()
  return came === 'new' ? swept() : undefined
}

/** A newer build in another tab changes the store: what is typed is kept, and this page goes on as the newer build. */
async function makeWay({ close }) {
  // not under the hands of somebody who is signing; the other tab says that it waits
  while (document.documentElement.dataset.handover !== undefined) await new Promise((resolve) => { setTimeout(resolve, 300) })
  await drafts.flushAll()
  close()
  location.reload()
}

/** Where he was typing when the window died. */
async function returnTo({ url, focus }) {
  await show(url)
  focusOn(focus)
}

function notice(key) {
  find('#main').replaceChildren(h('div', { class: 'page' }, h('h1', {}, t('app')), h('p', {}, t(key))))
}

main()
