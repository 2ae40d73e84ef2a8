// The office: pages come whole from the server; htmx swaps the visit, keys and the light box do the rest.
import htmx from 'htmx.org'
import { keys } from './pages/office-keys.js'
import { lightbox } from './pages/office-lightbox.js'
import { sketch } from './pages/map.js'
import { words } from './pages/office-words.js'

Object.assign(htmx.config, {
  allowEval: false, allowScriptTags: false, selfRequestsOnly: true, includeIndicatorStyles: false, attributesToSettle: [],
  historyCacheSize: 0, refreshOnHistoryMiss: true, // personal data stays out of sessionStorage; Back asks the server
  scrollBehavior: 'instant', defaultSettleDelay: 0,
  // a refusal comes back as the page with its sentence and what was typed
  responseHandling: [
    { code: '204', swap: false }, { code: '[23]..', swap: true }, { code: '422', swap: true, error: false },
    { code: '[45]..', swap: false, error: true },
  ],
})

const find = (selector) => document.querySelector(selector)

/** After a swap: the queue shows which visit is open, the title says it, and the cursor goes to its name or to the error. */
function shown() {
  const view = find('#main')
  if (view.dataset.title) document.title = view.dataset.title
  for (const link of document.querySelectorAll('#queue a')) link.removeAttribute('aria-current')
  const link = find(`#row-${view.dataset.visit} a`)
  link?.setAttribute('aria-current', 'true')
  link?.scrollIntoView({ block: 'nearest' })
  const target = view.querySelector('[autofocus]') ?? view.querySelector('h1')
  target?.focus({ preventScroll: true })
}

document.addEventListener('htmx:afterSettle', ({ detail }) => {
  find('#failed').hidden = true
  if (detail.elt.id === 'main' || detail.target?.id === 'main') shown()
})

document.addEventListener('htmx:pushedIntoHistory', ({ detail }) => {
  for (const input of document.querySelectorAll('.desk input[name="next"]')) input.value = detail.path
})

const failed = () => {
  find('#failed').hidden = false
}
document.addEventListener('htmx:sendError', failed)
document.addEventListener('htmx:responseError', ({ detail }) => {
  // the session is over: sign in and come back to this visit
  if (detail.xhr.status === 401) location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname)}`)
  else failed()
})

for (const list of document.querySelectorAll('[data-sketch]')) { // the doors of a day
  const doors = [...list.children].map(({ dataset, classList, firstElementChild }) => ({
    n: dataset.n, lat: Number(dataset.lat), lon: Number(dataset.lon), done: classList.contains('done'), name: firstElementChild.textContent.trim(),
  })).filter(({ lat, lon }) => lat && lon)
  if (doors.length) find('[data-drawing]').replaceChildren(sketch(doors, document.title))
}

keys()
words()
lightbox()
