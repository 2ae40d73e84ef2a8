// A browser becomes a phone: whose it is, the supervisor's code, a PIN, and a passkey where there is one.
import { language, t } from '../text.js'
import { tell } from '../offline/db.js'
import * as passkeys from '../offline/passkey.js'
import { LEAST, MOST, weak } from '../offline/pin.js'
import { declaration, demoEnrolment, enrol } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { find, h, icon } from './dom.js'
import { advice, instead, obstacle } from './install.js'
import { button, field, form, tellWrong, title, wrong } from './lock-form.js'

const DEMO_PIN = '258013'

/** What is shared by both faces here: `paint` shows another, `again` asks anew what this phone needs, `opened` is the end. */
let ways

export const start = (given) => { ways = given }

/** The first face of a new phone; of one that the server has lost too, which keeps its PIN. */
export async function face({ pin, demo }) {
  if (obstacle()) return instead(obstacle())
  const [said, code] = await Promise.all([declaration(), demo ? demoEnrolment() : null])
  if (!said) return h('div', { class: 'stack' }, title('enrol.title'), h('p', { role: 'alert' }, t('enrol.offline')), button('main', t('page.retry'), ways.again))
  const consent = h('div', { class: 'choices', hidden: true },
    h('label', {}, h('input', { type: 'checkbox', name: 'consent' }), h('span', {}, said.text[language() === 'en' ? 'en' : 'zh-hans'])))
  const keeps = vault.keeps()
  return form('enrol', async (made) => {
    const { owner, consent: tick } = made.elements
    const typed = made.elements.code.value.trim()
    if (!typed) return stop(made, 'code', t('enrol.no_code'))
    if (owner.value === 'private' && !tick.checked) return stop(made, 'consent', t('enrol.tick'))
    if (!pin && !chosen(made)) return undefined
    find('[role=alert]', made).textContent = t('lock.wait')
    const answer = await enrol({ code: typed, owner: owner.value, keeps, ...(owner.value === 'private' && { consent: said.version }) })
    if (answer.status === 401) tell('sign_in', { asked: true })
    if (!answer.taken) return stop(made, 'code', answer.message ?? t('signin.offline'))
    return pin ? ways.again() : secure(made.elements.pin.value, demo)
  },
  title('enrol.title'), h('p', {}, t('enrol.why')), advice(), keeps === 'browser' ? null : h('p', { class: 'notice', 'data-keeps': keeps }, icon('mind'), h('span', {}, t(`enrol.${keeps}`))),
  h('fieldset', { class: 'choices', onchange: ({ target }) => { consent.hidden = target.value !== 'private' } }, h('legend', {}, t('lock.owner')),
    ['company', 'private'].map((value) => h('label', {}, h('input', { type: 'radio', name: 'owner', value, checked: value === 'company' }), t(`lock.owner.${value}`)))),
  consent,
  h('div', { class: 'field' }, h('label', { for: 'lock-code' }, t('enrol.code')),
    h('input', { id: 'lock-code', name: 'code', value: code, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', maxlength: 16, required: true })),
  ...(pin ? [] : twice(demo)), wrong(), button('main', t('enrol.do')))
}

/** A new PIN on a phone that is enrolled. */
export const choose = ({ demo }) => form('choose', async (made) => {
  if (!chosen(made)) return undefined
  find('[role=alert]', made).textContent = t('lock.wait')
  return secure(made.elements.pin.value, demo)
}, title('lock.choose'), ...twice(demo), wrong(), button('main', t('lock.use')))

const twice = (demo) => [h('p', {}, t('lock.choose.why', { least: LEAST })), demo ? h('p', { class: 'mute' }, t('lock.demo')) : null,
  field('pin', demo ? DEMO_PIN : null), field('again', demo ? DEMO_PIN : null)]

function chosen(made) {
  const { pin, again } = made.elements
  const why = weak(pin.value)
  if (why) tellWrong(made, t(`pin.${why}`, { least: LEAST, most: MOST }))
  else if (pin.value !== again.value) tellWrong(made, t('pin.differ'), 'again')
  else return true
  return false
}

function stop(made, name, text) {
  find('[role=alert]', made).textContent = text
  made.elements[name].focus()
}

/** The passkey, where this browser has one; the demo's PIN protects nothing that it could. */
async function secure(pin, demo) {
  const open = demo && pin === DEMO_PIN
  const end = async (passkey) => {
    await vault.choose(pin, { demo: open, passkey })
    await enrol({ anew: true, passkey: Boolean(passkey) })
    return ways.opened()
  }
  if (open || vault.keeps() === 'memory' || !await passkeys.offered()) return end(null)
  return ways.paint(form('passkey', async (made) => {
    find('[role=alert]', made).textContent = t('lock.wait')
    const passkey = await passkeys.make(vault.me()).catch(() => undefined)
    return passkey ? end(passkey) : stop(made, 'use', t(passkey === null ? 'passkey.unable' : 'passkey.failed'))
  }, title('passkey.title'), h('p', {}, t('passkey.why')), wrong(), button('main', t('passkey.use'), null, { name: 'use' }),
  button('', t('passkey.without'), () => end(null))))
}
