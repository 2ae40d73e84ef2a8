// "I will not sign": an outcome like any other, with a reason if he gives one.
import * as outbox from '../offline/outbox.js'
import { ask, h, icon, once } from './dom.js'
import { show } from './show.js'

const REASONS = ['cannot_pay', 'wants_time', 'disputes', 'no_reason', 'other']

/** Asks for the reason in the debtor's language; `proposal` is the event he read, or null where he read none; `signer`: who he is. */
export function refuse(ctx, say, proposal = null, terms_sha256 = null, signer = null) {
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const text = h('textarea', { id: 'refuse-text', name: 'text', maxlength: 500, autocomplete: 'off' })
  const form = h('form', { class: 'stack', method: 'dialog' },
    h('h2', { id: 'refuse-title' }, say('refuse.title')), h('p', {}, say('refuse.why')),
    h('fieldset', { class: 'choices' }, h('legend', {}, say('refuse.reason')),
      REASONS.map((reason) => h('label', {}, h('input', { type: 'radio', name: 'reason', value: reason, checked: reason === 'no_reason' }), say(`refuse.${reason}`)))),
    h('div', { class: 'field' }, h('label', { for: 'refuse-text' }, say('refuse.words')), text), wrong,
    h('button', { type: 'submit', class: 'button ink wide tall' }, icon('cross'), say('refuse.do')),
    h('button', { type: 'button', class: 'button wide', onclick: () => dialog.close() }, say('refuse.back')))
  const dialog = h('dialog', { class: 'debtor', 'aria-labelledby': 'refuse-title' }, form)
  dialog.addEventListener('close', () => dialog.remove())
  form.addEventListener('submit', (event) => { event.preventDefault(); answer() })
  const answer = once(async () => {
    if (!dialog.open) return
    try {
      await outbox.append({
        type: 'signature.refused/1', visit_id: ctx.visit_id, case_ref: ctx.case_ref, about: ctx.about,
        depends_on: proposal ? [proposal.event_id] : [],
        body: {
          agreement_id: proposal?.body.agreement.agreement_id ?? null, terms_sha256,
          reason: new FormData(form).get('reason'), text: text.value.trim(),
          ...(signer && signer.role !== 'debtor' ? { signer } : {}),
        },
      })
    } catch (error) {
      wrong.textContent = say(`append.${error.code}`)
      wrong.hidden = false
      return
    }
    dialog.close()
    show(`/m/visits/${ctx.visit_id}/leave`)
  })
  document.body.append(dialog)
  ask(dialog)
}
