// A fragment onto the page. No htmx here, see docs/decisions/field-without-htmx.md; its two attributes for moving about work.
import { each, find } from './dom.js'

/** Replaces the content of `target`; a <title> names the page. Nothing in `html` is ever run. */
export function paint(target, html) {
  const { content } = Object.assign(document.createElement('template'), { innerHTML: html })
  for (const script of each('script', content)) script.remove()
  const title = find('title', content)
  if (title) document.title = title.textContent.trim()
  title?.remove()
  target.replaceChildren(content)
}

/** Taps on <a href="/m/…"> and [hx-get="/m/…"] become show(url, {push}). */
export function answerTaps(show) {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return
    const element = event.target.closest?.('a[href^="/m/"], [hx-get^="/m/"]')
    if (!element || element.target || element.hasAttribute('download')) return
    event.preventDefault()
    show(element.getAttribute('hx-get') ?? element.getAttribute('href'), { push: element.getAttribute('hx-push-url') !== 'false' })
  })
}
