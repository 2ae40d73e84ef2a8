// The second collector: on his own phone he says that he is there; on the first one's his code is compared with its hash.
import { t } from '../text.js'
import { recall, remember } from '../offline/db.js'
import * as mine from '../offline/mine.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import { hex, utf8 } from '../offline/wire.js'
import { position } from '../capture/position.js'
import { each, find, once } from './dom.js'
import { SOON_MS, about, busy, complain } from './frame.js'
import { current, on } from './page.js'
import { tag } from './state.js'

const TYPE = 'visit.companion/1'

export function register() {
  on('companion', {
    mount(root) {
      root.addEventListener('click', ({ target }) => {
        const button = target.closest('[data-there]')
        if (button) there(root, button)
      })
    },
    async paint(root) {
      for (const part of each('[data-with]', root)) {
        const said = (await mine.of(part.dataset.with)).find(({ type }) => type === TYPE)
        const [place, button] = ['[data-mine]', '[data-there]'].map((name) => find(name, part))
        if (!place) continue
        place.hidden = !said
        place.replaceChildren(said ? tag(said, [said]) : '')
        if (button) button.hidden = Boolean(said)
      }
    },
  })
  document.addEventListener('click', ({ target }) => { if (target.closest('[data-check-code]')) check() })
}

function there(root, button) {
  const part = button.closest('[data-with]')
  return busy(part, button, async () => {
    const { with: visit_id, case: case_ref, name, version } = part.dataset
    await outbox.append({ type: TYPE, visit_id, case_ref, about: name, basis: { case_version: Number(version) }, body: await position(SOON_MS) })
  }, t('visit.working'))
}

/** As the server reads it: capitals, no spaces, and no letter that looks like a digit. */
export const plain = (typed) => typed.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')

export async function hashed(code, { salt, iterations }) {
  const key = await crypto.subtle.importKey('raw', utf8(code), 'PBKDF2', false, ['deriveBits'])
  const bytes = Uint8Array.from(salt.match(/../g), (pair) => parseInt(pair, 16))
  return hex(await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes, iterations }, key, 256))
}

const check = once(async () => {
  const { root, ctx } = current()
  const [field, wrong] = ['#second-code', '[data-code-wrong]'].map((name) => find(name, root))
  const say = (text) => { wrong.textContent = text; wrong.hidden = !text }
  const its = (await pack.data('companions'))?.[ctx.visit_id]
  const name = `tries:${ctx.visit_id}`
  const tries = await recall(name) ?? 0
  if (!its || tries >= its.tries) return say(t('second.none'))
  const code = plain(field.value)
  if (code.length !== 8) return say(t('second.eight'))
  await remember(name, tries + 1) // counted before it is tried: switching the phone off is no free try
  if (await hashed(code, its) !== its.hash) return say(tries + 1 < its.tries ? t('second.wrong', { left: its.tries - tries - 1 }) : t('second.none'))
  say('')
  try {
    await outbox.append({ ...about(root, ctx), type: 'visit.second/1', body: { username: its.username, code } })
  } catch (error) {
    if (!error.code) throw error
    return complain(root, t(`fail.${error.code}`))
  }
  await remember(name, 0)
  find('#consent [name="second"]', root).checked = true
  field.value = ''
  return undefined
})
