// What is typed at the desk is read before it is sent: words that may not be said are named, once. The second press sends it as it is.
import { typed } from '../rules/speech.js'

const FIELDS = 'textarea, input[name="text"], input[name="reason"], input[name="note"]'
let rules = null // {row: {title, …}}, fetched when somebody begins to write

const fetched = (url) => (rules ??= fetch(url).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({})))

function name(form, template, hits, known) {
  form.querySelector('[data-words]')?.remove()
  const notice = template.content.firstElementChild.cloneNode(true)
  notice.querySelector('[data-found]').textContent = hits.map(({ row, words }) => `${words} (${known[row].title})`).join(' · ')
  form.querySelector('button:not([type="button"])')?.before(notice)
}

export function words() {
  const template = document.querySelector('[data-words-asked]')
  if (!template) return
  const { url } = template.dataset
  document.addEventListener('focusin', ({ target }) => { if (target.matches?.(FIELDS)) fetched(url) })
  document.addEventListener('submit', async (event) => {
    const form = event.target
    if (form.method !== 'post' || form.elements.sure) return // the server asks by itself
    const text = [...form.querySelectorAll(FIELDS)].map(({ value }) => value).join('\n')
    if (!text.trim() || form.dataset.asked === text) return
    event.preventDefault()
    event.stopImmediatePropagation()
    const known = await fetched(url)
    const hits = typed(text, known)
    form.dataset.asked = text
    if (hits.length) name(form, template, hits, known)
    else setTimeout(() => form.requestSubmit(event.submitter)) // a form that is still telling of its submission takes no second
  }, true)
}
