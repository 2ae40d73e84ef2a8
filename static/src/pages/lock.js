// The lock screen: a section of its own beside #app, which is inert and empty until the PIN is right.
import { t } from '../text.js'
import { hear, recall, tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import { ordered } from '../offline/orders.js'
import * as pack from '../offline/pack.js'
import * as passkeys from '../offline/passkey.js'
import { enrolled, hello } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { each, find, h, icon } from './dom.js'
import * as enrol from './enrol.js'
import { button, field, form, tellWrong, title } from './lock-form.js'
import * as idle from './idle.js'
import * as place from './place.js'
import { clear } from './show.js'
import * as update from './update.js'

const DEMO_PIN = '258013'
const screen = () => find('#lock')
let shown = ''      // which face is on the screen
let forgotten = false

/** Saves what is being typed, closes the vault, and empties the page. */
export async function lock(why = '') {
  if (!vault.unlocked()) return
  place.leave()
  await drafts.flushAll()
  vault.lock(why)
}

/** Asks for what this phone needs now: to be enrolled, its PIN, a first PIN, a new sign-in, or the office. */
export async function ask(why = '') {
  if (vault.unlocked() || !vault.me()) return
  const [state, order] = [await vault.lockState(), await ordered()]
  if (!state.pin && !state.dropped) await vault.ready()
  const known = await enrolled()
  const face = order === 'lock' ? 'office' : state.dropped ? 'dropped' : !known ? 'enrol' : state.pin ? 'pin' : 'choose'
  if (face === shown && !why) return
  await update.takeOver() // the new build loads the page again, and asks itself
  if (vault.unlocked()) return
  shown = face
  find('#app').inert = true
  screen().hidden = false
  const { demo } = await recall('server') ?? {}
  const faces = { office, pin, dropped, enrol: enrol.face, choose: enrol.choose }
  const made = await faces[face]({ ...state, why, demo: face === 'pin' ? state.demo : demo })
  if (shown === face && !vault.unlocked()) paint(made)
}

function paint(...content) {
  screen().replaceChildren(h('p', { class: 'with' }, icon('lock'), h('span', {}, t('app'))), ...content, h('p', { class: 'mute', 'data-bar': true }, find('#bar').dataset.text))
  const first = find('input:not([readonly])', screen()) ?? find('h1', screen())
  first.focus({ preventScroll: true })
}

function pin({ why, left, demo, passkey }) {
  forgotten = false
  const fill = (made) => { made.elements.pin.value = DEMO_PIN }
  return form('unlock', async (made) => {
    find('[role=alert]', made).textContent = t('lock.wait')
    const prf = passkey && await passkeys.ask(passkey).catch(() => null)
    if (passkey && !prf) return tellWrong(made, t('passkey.no'))
    const { ok, left: rest } = await vault.unlock(made.elements.pin.value, prf)
    if (ok) return opened()
    if (!rest) return ask('tries')
    return tellWrong(made, t('lock.wrong', { left: rest }))
  },
  title('lock.title'), h('p', {}, t(why === 'handover' ? 'lock.handover' : 'lock.why', { name: vault.who().name })),
  field('pin'), h('p', { class: 'wrong', role: 'alert' }, left < 10 ? t('lock.left', { left }) : ''),
  demo ? h('button', { type: 'button', class: 'button wide quiet', 'data-demo-pin': true, onclick: ({ target }) => fill(target.form) }, t('lock.demo')) : null,
  button('main', t('lock.open')), button('quiet', t('lock.forgot'), forgot))
}

function forgot() {
  shown = 'forgot'
  paint(h('div', { class: 'stack' }, title('lock.forgot'), h('p', {}, t('lock.forgot.why')),
    button('main', t('lock.sign_in'), () => {
      forgotten = true
      tell('sign_in', { asked: true })
    }),
    button('', t('lock.back'), () => ask())))
}

const dropped = (state) => h('div', { class: 'stack' }, title(`lock.${state.dropped}`), h('p', {}, t(`lock.${state.dropped}.why`)),
  button('main', t('lock.sign_in'), () => tell('sign_in', { asked: true })))

const office = () => h('div', { class: 'stack' }, title('lock.office'), h('p', {}, t('lock.office.why')),
  button('main', t('page.retry'), async () => {
    await hello()
    ask()
  }))

async function opened() {
  if (!await pack.status()) {
    find('[role=alert]', screen()).textContent = t('signin.fetching')
    if (await pack.refresh() === 'sign_in') tell('sign_in', { asked: true })
  }
  if (!vault.unlocked()) return
  shown = ''
  screen().hidden = true
  screen().replaceChildren()
  find('#app').inert = false
  tell('unlocked')
}

export function start() {
  enrol.start({ paint, opened, again: () => ask('again') })
  hear('lock', ({ why }) => lock(why))
  hear('locked', async ({ why }) => {
    for (const dialog of each('dialog[open]:not(#sign-in)')) dialog.close()
    await clear()
    ask(why)
  })
  hear('ordered', () => ask('ordered'))
  hear('signed_in', async () => {
    if (vault.unlocked()) return
    if (forgotten) await vault.drop('')
    forgotten = false
    shown = ''
    ask()
  })
  idle.start(() => lock())
}
