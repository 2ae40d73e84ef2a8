// j k a r u ? and / : each presses what stands on the page, so keys can do nothing that the mouse cannot.
const BUTTONS = { j: '.decide [rel="next"]', k: '.decide [rel="prev"]', a: '.decide [data-key="a"]', u: '[data-key="u"]' }
const REST = 400 // ms: a key that is held or struck twice must not approve a visit nobody has seen
const STORE = 'fieldvisit.keys'

const find = (selector) => document.querySelector(selector)
let rested = 0

function press(key) {
  if (key === 'r') {
    const details = find('.decide details')
    if (!details) return false
    details.open = true
    details.querySelector('textarea').focus()
  } else if (key === '?') {
    find('#keys')?.showModal()
  } else if (key === '/') {
    const search = find('#search')
    if (search) search.focus()
    else find('.find')?.click()
  } else if (BUTTONS[key] && performance.now() > rested) {
    find(BUTTONS[key])?.click()
  } else {
    return false
  }
  return true
}

/** Single keys can be switched off for those whose speech or sip input would press them (WCAG 2.1.4). */
const on = () => localStorage.getItem(STORE) !== 'off'

export function keys() {
  document.addEventListener('htmx:beforeRequest', () => { rested = Infinity })
  document.addEventListener('htmx:afterRequest', () => { rested = performance.now() + REST })

  document.addEventListener('keydown', (event) => {
    const details = find('.decide details[open]')
    if (event.key === 'Escape' && details && !find('dialog[open]')) {
      details.open = false
      details.querySelector('summary').focus()
    }
    const typing = event.target.closest?.('input, textarea, select, [contenteditable]')
    if (typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (!on() || find('dialog[open]')) return
    if (press(event.key.toLowerCase())) event.preventDefault()
  })

  const choice = find('#keys-on')
  if (!choice) return
  choice.checked = on()
  choice.addEventListener('change', () => localStorage.setItem(STORE, choice.checked ? 'on' : 'off'))
}
