// What the faces of the lock screen are made of.
import { t } from '../text.js'
import { MOST } from '../offline/pin.js'
import { find, h } from './dom.js'

let working = false // a PIN takes a moment to check: no second try meanwhile

export const button = (look, word, onclick, more = {}) => h('button', { type: onclick ? 'button' : 'submit', class: `button wide ${look}`, onclick, ...more }, word)
export const title = (key) => h('h1', { tabindex: '-1' }, t(key))
export const wrong = () => h('p', { class: 'wrong', role: 'alert' })

export const field = (name, value) => h('div', { class: 'field' }, h('label', { for: `lock-${name}` }, t(`lock.${name}`)),
  h('input', { id: `lock-${name}`, name, type: 'password', inputmode: 'numeric', autocomplete: 'off', maxlength: MOST, required: true, value }))

export function form(name, submit, ...content) {
  const made = h('form', { method: 'dialog', class: 'stack', name, novalidate: true }, ...content)
  made.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (working) return
    working = true
    try {
      await submit(made)
    } finally {
      working = false
    }
  })
  return made
}

export function tellWrong(made, text, name = 'pin') {
  find('[role=alert]', made).textContent = text
  made.elements[name].value = ''
  made.elements[name].focus()
}
