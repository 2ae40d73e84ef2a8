// The lock screen: a section of its own beside #app, which is inert and empty until the PIN is right.
import { t } from '../text.js'
import { hear, recall, tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import { ordered } from '../offline/orders.js'
import * as pack from '../offline/pack.js'
import { LEAST, MOST, weak } from '../offline/pin.js'
import { enrol, hello } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { each, find, h, icon } from './dom.js'
import { button, field, form, tellWrong, title, wrong } from './lock-form.js'
import * as idle from './idle.js'
import * as place from './place.js'
import { clear } from './show.js'
import * as update from './update.js'

const DEMO_PIN = '258013'
const screen = () => find('#lock')
let shown = ''      // which of the four faces is on the screen
let forgotten = false

/** Saves what is being typed, closes the vault, and empties the page. */
export async function lock(why = '') {
  if (!vault.unlocked()) return
  place.leave()
  await drafts.flushAll()
  vault.lock(why)
}

/** Asks for what this phone needs now: its PIN, a first PIN, a new sign-in, or the office. */
export async function ask(why = '') {
  if (vault.unlocked() || !vault.me()) return
  const [state, order] = [await vault.lockState(), await ordered()]
  const face = order === 'lock' ? 'office' : state.pin ? 'pin' : state.dropped ? 'dropped' : 'choose'
  if (face === shown && !why) return
  if (update.take()) return // the new build loads the page again, and asks itself
  shown = face
  find('#app').inert = true
  screen().hidden = false
  const { demo } = await recall('server') ?? {}
  paint({ office, pin, dropped, choose }[face]({ ...state, why, demo: face === 'pin' ? state.demo : demo }))
}

function paint(...content) {
  screen().replaceChildren(h('p', { class: 'with' }, icon('lock'), h('span', {}, t('app'))), ...content, h('p', { class: 'mute', 'data-bar': true }, find('#bar').dataset.text))
  const first = find('input:not([readonly])', screen()) ?? find('h1', screen())
  first.focus({ preventScroll: true })
}

function pin({ why, left, demo }) {
  forgotten = false
  const fill = (made) => { made.elements.pin.value = DEMO_PIN }
  return form('unlock', async (made) => {
    find('[role=alert]', made).textContent = t('lock.wait')
    const { ok, left: rest } = await vault.unlock(made.elements.pin.value)
    if (ok) return opened()
    if (!rest) return ask('tries')
    return tellWrong(made, t('lock.wrong', { left: rest }))
  },
  title('lock.title'), h('p', {}, t(why === 'handover' ? 'lock.handover' : 'lock.why', { name: vault.me().name })),
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

function choose({ demo }) {
  const value = demo ? DEMO_PIN : null
  return form('choose', async (made) => {
    const { pin: first, again, owner } = made.elements
    const why = weak(first.value)
    if (why) return tellWrong(made, t(`pin.${why}`, { least: LEAST, most: MOST }))
    if (first.value !== again.value) return tellWrong(made, t('pin.differ'), 'again')
    find('[role=alert]', made).textContent = t('lock.wait')
    await vault.choose(first.value, { demo: demo && first.value === DEMO_PIN })
    await enrol({ anew: true, owner: owner.value })
    return opened()
  },
  title('lock.choose'), h('p', {}, t('lock.choose.why', { least: LEAST })), demo ? h('p', { class: 'mute' }, t('lock.demo')) : null,
  field('pin', value), field('again', value),
  h('fieldset', { class: 'choices' }, h('legend', {}, t('lock.owner')), ['company', 'private'].map((code) =>
    h('label', {}, h('input', { type: 'radio', name: 'owner', value: code, checked: code === 'company' }), t(`lock.owner.${code}`)))),
  wrong(), button('main', t('lock.use')))
}

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
