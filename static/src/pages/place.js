// The browser's history by numbers of our own, with the place on the page for each.
import { find, say } from './dom.js'

let here = 0

const mark = (n) => `fv:${n}`
const highest = () => Number(sessionStorage.getItem('fv') ?? 0)

/** Has this window shown no page of ours before? Asked before begin(). */
export const isNew = () => sessionStorage.getItem('fv') === null

/** The number of the entry this page was loaded in. True when it is a reload of a page of ours. */
export function begin(path) {
  history.scrollRestoration = 'manual'
  const again = history.state?.fv !== undefined
  here = history.state?.fv ?? highest() + 1
  sessionStorage.setItem('fv', Math.max(here, highest()))
  history.replaceState({ fv: here }, '', path)
  document.addEventListener('visibilitychange', () => { if (document.hidden) leave() })
  addEventListener('pagehide', leave)
  return again
}

/** A new entry. Inside the tap, before any await: WebKit skips entries pushed later. */
export function enter(path) {
  if (path === location.pathname) return
  leave()
  here = highest() + 1
  sessionStorage.setItem('fv', here)
  history.pushState({ fv: here }, '', path)
}

/** Back or Forward has come to entry `n`; scrollY is still the page's that is being left. */
export function returnTo(n) {
  leave()
  here = n
}

/** Remembers where on the page he is. */
export function leave() {
  if (find('#app').inert) return // locked: nothing of the page is there
  sessionStorage.setItem(mark(here), JSON.stringify({ y: scrollY, id: document.activeElement?.id || null }))
}

/** Scroll and focus: where he was, or the top and the title of a page he comes to. */
export function settle(back) {
  const known = back ? JSON.parse(sessionStorage.getItem(mark(here)) ?? 'null') : null
  scrollTo(0, known?.y ?? 0)
  const target = (known?.id && document.getElementById(known.id)) || find('h1')
  if (!target) return
  if (target.matches('h1')) target.setAttribute('tabindex', '-1')
  focus(target)
  if (!back) say(document.title)
}

/** The field that he was in, wherever it stands; a dialog that was open opens again. */
export function focusOn(id) {
  const target = id && document.getElementById(id)
  if (!target) return
  focus(target)
  target.scrollIntoView({ block: 'center' })
}

function focus(target) {
  const dialog = target.closest('#main dialog:not([open])') // the page's own, never the sign-in's
  if (dialog) dialog.showModal()
  target.focus({ preventScroll: true })
}
