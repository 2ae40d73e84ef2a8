// Moving about: one function paints the page of an address from the pack, and asks the server for a newer one.
import { t } from '../text.js'
import { tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import { leaseIsOver } from '../offline/orders.js'
import * as pack from '../offline/pack.js'
import * as vault from '../offline/vault.js'
import { each, find, h, icon } from './dom.js'
import * as page from './page.js'
import { answerTaps, paint } from './paint.js'
import * as place from './place.js'

export { on, local } from './page.js'
export * as page from './page.js'

const HOME = '/m/today'
let turn = 0
let composing = false
let painted = { url: '', html: '' }

const main = () => find('#main')
const addressOf = (url) => {
  const { pathname } = new URL(url, location.origin)
  return pathname === '/m/' || pathname === '/m' ? HOME : pathname
}

/** Paints the page of `url` (a path under /m/). `push` puts it into the history; `back`: he was there before. */
export async function show(url, { push = true, back = false } = {}) {
  const path = addressOf(url)
  if (push) place.enter(path)
  // The debtor has the phone in his hand: whatever leads away from his page leads to the lock.
  if (path !== painted.url && document.documentElement.dataset.handover !== undefined) return tell('lock', { why: 'handover' })
  const now = ++turn
  const still = () => now === turn
  page.rest()
  find('#offer').replaceChildren()
  markNav(path)
  await drafts.flushAll()
  if (!vault.me()) return tell('sign_in')
  if (!vault.unlocked()) return tell('locked', {})
  if (!still()) return undefined
  const make = page.localAt(path)
  if (make) return put(path, await make(), { still, back })
  const kept = await pack.get(path)
  if (!still()) return undefined
  if (kept) await put(path, kept.html, { still, back })
  const slow = kept || setTimeout(() => { if (still()) main().setAttribute('aria-busy', 'true') }, 150)
  const fresh = await pack.ask(path, kept?.sha256)
  clearTimeout(slow)
  main().removeAttribute('aria-busy')
  if (!still()) return undefined
  if (fresh === 'sign_in') tell('sign_in')
  if (fresh === 'gone' || (typeof fresh === 'string' && !kept)) return put(path, await missing(path, fresh), { still, back: false })
  if (typeof fresh === 'object') return kept ? renew(path, fresh.html, still) : put(path, fresh.html, { still, back })
  return undefined
}

/** The same page again: another language, a newer pack. */
export const again = () => show(location.pathname, { push: false })

/** The pack has changed under the page that is shown. */
export async function freshen() {
  const { url } = painted
  if (!url || !vault.unlocked()) return
  const now = turn
  const still = () => now === turn && url === location.pathname
  const kept = await pack.get(url)
  if (kept && still()) await renew(url, kept.html, still)
}

/** What was sent stands on the server's page of a case now; the pages of a visit show it by themselves. */
export async function askForCase() {
  const { url } = painted
  if (!vault.unlocked() || !page.current()?.ctx.ofCase) return
  const now = turn
  const fresh = await pack.ask(url, (await pack.get(url))?.sha256)
  const still = () => now === turn && url === location.pathname
  if (typeof fresh === 'object' && still()) await renew(url, fresh.html, still)
}

/** Locked: nothing of the page stays, and what is on its way to it comes too late. */
export async function clear() {
  turn += 1
  await page.unmount()
  main().replaceChildren()
  find('#offer').replaceChildren()
  for (const name of ['visit', 'case']) delete main().dataset[name]
  painted = { url: '', html: '' }
  document.title = t('app')
  drafts.release()
}

async function put(path, content, { still, back, keepPlace = false }) {
  await page.unmount()
  if (!still()) return
  if (typeof content === 'string') paint(main(), content)
  else main().replaceChildren(content)
  painted = { url: path, html: typeof content === 'string' ? content : '' }
  const root = find('[data-page]', main())
  for (const name of ['visit', 'case']) {
    if (root?.dataset[name]) main().dataset[name] = root.dataset[name]
    else delete main().dataset[name]
  }
  const title = find('h1')?.textContent.trim()
  if (typeof content !== 'string' && title) document.title = `${title} · ${t('app')}`
  drafts.release()
  if (root) await page.mount(root, path, still)
  if (!still()) return
  tell('painted')
  if (!keepPlace) place.settle(back)
}

/** A newer page has come. It never overwrites what he is writing, and never moves under a debtor's eyes. */
async function renew(path, html, still) {
  if (html === painted.html) return
  const focused = document.activeElement?.matches('input, textarea, select') && main().contains(document.activeElement)
  if (find('[data-keep]', main())) return
  const busy = find('form[data-dirty], dialog[open]', main()) // a photo he is looking at lies nowhere else
  if (!composing && !focused && !busy) {
    await put(path, html, { still, keepPlace: true })
    return
  }
  const button = h('button', { type: 'button', class: 'button quiet', onclick: async () => {
    find('#offer').replaceChildren()
    await drafts.flushAll()
    if (still()) put(path, html, { still, keepPlace: true })
  } }, `${t('page.updated')} · ${t('page.show')}`)
  find('#offer').replaceChildren(button)
}

async function missing(path, why) {
  const gone = why === 'gone'
  const word = gone ? 'gone' : await leaseIsOver() ? 'lease' : 'missing'
  return h('div', { class: 'page stack', 'data-page': 'missing' },
    h('header', { class: 'title' }, h('h1', {}, t(`page.${word}`))),
    h('p', {}, t(`page.${word}.do`)),
    h('div', { class: 'act' },
      gone ? null : h('button', { type: 'button', class: 'button wide', onclick: () => again() }, t('page.retry')),
      h('a', { class: 'button main wide', href: HOME }, t('page.today'), icon('next'))))
}

function markNav(path) {
  const door = ['/m/today', '/m/outbox', '/m/me'].includes(path) ? path : '/m/cases'
  for (const link of each('#nav a')) {
    if (link.getAttribute('href') === door) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** Once: Back and Forward, links, and the page this address asks for. */
export function start() {
  const reload = place.begin(addressOf(location.pathname))
  addEventListener('popstate', ({ state }) => {
    if (state?.fv === undefined) return
    place.returnTo(state.fv)
    show(location.pathname, { push: false, back: true })
  })
  document.addEventListener('compositionstart', () => { composing = true })
  document.addEventListener('compositionend', () => { composing = false })
  answerTaps(show)
  return show(location.pathname, { push: false, back: reload })
}
