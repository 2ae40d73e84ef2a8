// Signing in, in place: the page behind it stays as it is, and so does everything typed into it.
import { t } from '../text.js'
import { hear, tell } from '../offline/db.js'
import * as pack from '../offline/pack.js'
import { demoCode, hello, signIn } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { find, h } from './dom.js'

const dialog = () => find('#sign-in')
let working = false
let put_off = 0 // he said "later": until then it does not open by itself
const LATER_MS = 10 * 60_000

function field(name, attributes, hint) {
  const id = `sign-in-${name}`
  return h('div', { class: 'field' }, h('label', { for: id }, t(`signin.${name}`)),
    hint ? h('span', { class: 'hint', id: `${id}-hint` }, hint) : null,
    h('input', { id, name, required: true, 'aria-describedby': hint ? `${id}-hint` : null, ...attributes }))
}

/** Opens the dialog; `again` when a user of this phone has only lost his session. */
export async function open() {
  if (dialog().open) return
  const again = Boolean(vault.me())
  const form = h('form', { method: 'dialog', class: 'stack', novalidate: true, name: 'sign-in' },
    h('h2', { id: 'sign-in-title' }, t(again ? 'signin.again' : 'signin.title')),
    again ? h('p', {}, t('signin.again.why')) : null,
    h('div', { class: 'stack', 'data-demo': true }),
    field('username', { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', value: vault.me()?.username }),
    field('password', { type: 'password', autocomplete: 'current-password' }),
    field('code', { inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: '6' }, t('signin.code.why')),
    h('p', { class: 'wrong bad', role: 'alert' }),
    h('button', { type: 'submit', class: 'button main wide' }, t('signin.title')),
    again ? h('button', { type: 'button', class: 'button quiet wide', onclick: later }, t('signin.later')) : null)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    submit(form, Object.fromEntries(new FormData(form)))
  })
  dialog().replaceChildren(form)
  dialog().showModal()
  const met = await hello()
  if (met?.user?.role === 'collector' && !vault.me()) await known(met.user) // the session is there, only this phone had forgotten
  else if (met) offerDemo(form, met.demo ?? [])
  else wrong(form, again ? t('why.unreachable') : t('signin.offline'))
}

function later() {
  put_off = Date.now() + LATER_MS
  dialog().close()
}

async function known(user) {
  await vault.enter(user)
  await hello()
  dialog().close()
  tell('signed_in')
}

function offerDemo(form, everybody) {
  const people = everybody.filter(({ role }) => role === 'collector')
  if (!people.length) return
  form.querySelector('[data-demo]').replaceChildren(h('p', { class: 'mute' }, t('signin.demo')), ...people.map(({ username, name, role }) =>
    h('button', { type: 'button', class: 'button wide', 'data-username': username, onclick: async () => {
      const given = await demoCode(username)
      if (given) submit(form, { username, ...given })
      else wrong(form, t('signin.offline'))
    } }, `${name} · ${t(`role.${role}`)}`)))
}

function wrong(form, text) {
  form.querySelector('[role=alert]').textContent = text
}

async function submit(form, { username, password, code }) {
  if (working) return
  if (!username || !password || !code) {
    wrong(form, t('signin.fill'))
    const empty = ['username', 'password', 'code'].find((name) => !form.elements[name].value)
    form.elements[empty]?.focus()
    return
  }
  working = true
  const before = vault.me()?.username
  wrong(form, t('signin.wait'))
  const { user, message } = await signIn({ username: username.trim(), password, code: code.trim() })
  working = false
  if (!user) {
    wrong(form, message ?? t('signin.offline'))
    form.elements.code.value = ''
    form.elements.code.focus()
    return
  }
  if (user.role !== 'collector') {
    location.assign('/')
    return
  }
  if (before && before !== user.username) {
    location.assign('/m/today') // another person: nothing of the first one's may stay on the screen
    return
  }
  if (vault.unlocked()) {
    wrong(form, t('signin.fetching'))
    await pack.refresh()
  }
  dialog().close()
  tell('signed_in')
}

export function start() {
  // Not over the lock, which asks again when it is open, and never under the debtor's eyes.
  const calm = () => vault.unlocked() && document.documentElement.dataset.handover === undefined && Date.now() > put_off
  hear('sign_in', ({ asked }) => { if (asked || !vault.me() || calm()) open() })
  dialog().addEventListener('cancel', (event) => {
    event.preventDefault()
    if (vault.me()) later() // else there is nothing behind the dialog to go back to
  })
}
