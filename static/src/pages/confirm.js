// The debtor confirms with a code to his own number, on the glass, while the phone is still his.
import { recall } from '../offline/db.js'
import { call } from '../offline/server.js'
import { verify } from '../offline/wire.js'
import { find, h, icon, once } from './dom.js'

const PATH = '/sync/confirmations'
const DIGITS = /^\d{6}$/

/** The part of his last page where he may; '' where the creditor does not ask, or the text names no number. */
export function confirmation({ agreement, sha256, offer, say }) {
  const number = agreement.parties.debtor.mobile_masked
  if (!number || ['none', undefined].includes(offer?.body.confirmation)) return ''
  const { agreement_id, offer_id, language } = agreement
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const tell = (text) => { wrong.textContent = text; wrong.hidden = !text }
  const field = h('input', { id: 'confirm-code', class: 'code', inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 8, required: true })
  const form = h('form', { class: 'stack', method: 'dialog', hidden: true },
    h('div', { class: 'field' }, h('label', { for: 'confirm-code' }, say('confirm.code')), field),
    h('button', { type: 'submit', class: 'button main wide' }, icon('tick'), say('confirm.do')))
  const send = h('button', { type: 'button', class: 'button wide' }, icon('phone'), say('confirm.send'))
  const part = h('section', { class: 'stack', 'data-confirm': true, 'aria-labelledby': 'confirm-title' }, h('h2', { id: 'confirm-title' }, say('confirm.title')),
    h('p', {}, say('confirm.why', { number })), wrong, form, send)
  let code = ''

  /** Asks the server; shows what it says of the code once its signature holds. */
  const ask = once(async (path, said) => {
    tell('')
    const { ours, status, json } = await call('POST', path, { json: { ...said, language } })
    const keys = (await recall('server'))?.signings ?? {}
    const stated = json?.statement
    if (!ours || status === 401 || status === 403) return tell(say('confirm.later'))
    if (!stated) return tell(json?.message ?? say('confirm.later'))
    const holds = stated.terms_sha256 === sha256 && await verify(stated, { key_id: stated.key_id, public_key: keys[stated.key_id] ?? '' }).catch(() => false)
    if (!holds) return tell(say('confirm.later'))
    code = stated.code
    if (stated.confirmed_at) return part.replaceChildren(h('p', { class: 'good with', role: 'status', 'data-confirmed': true }, icon('tick'), h('span', {}, say('confirm.done', { number }))))
    form.hidden = false
    send.lastChild.textContent = say('confirm.again')
    find('p', part).textContent = say('confirm.sent', { number })
    return field.focus()
  })
  send.addEventListener('click', () => ask(PATH, { offer_id, agreement_id, terms_sha256: sha256 }))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const said = field.value.replace(/\s/g, '')
    if (DIGITS.test(said)) ask(`${PATH}/entered`, { code, said })
    else tell(say('confirm.six'))
  })
  return part
}
