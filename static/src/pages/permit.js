// The debtor's leave for hours that the rules else forbid, signed by him on the glass.
import { t } from '../text.js'
import * as outbox from '../offline/outbox.js'
import { pad } from '../capture/signature.js'
import { ask, find } from './dom.js'
import { about, busy, complain } from './frame.js'
import { local } from './lawful.js'
import { current } from './page.js'

const MIDNIGHT = '00:00' // the end of a day, as a time field writes it
let glass = null

export const register = () => document.addEventListener('click', ({ target }) => {
  if (target.closest('[data-permit]')) open(current())
})

/** Opens the dialog with two hours from now, today. */
async function open({ root, ctx }) {
  const dialog = find('[data-dialog="permit"]', root)
  const form = find('form', dialog)
  const now = await local()
  const hour = Number(now.slice(11, 13))
  form.elements.from.value = `${now.slice(11, 13)}:00`
  form.elements.until.value = hour < 22 ? `${String(hour + 2).padStart(2, '0')}:00` : MIDNIGHT
  form.elements.last_day.value = form.elements.last_day.min = now.slice(0, 10)
  ask(dialog)
  glass?.off()
  glass = pad(find('canvas', dialog))
  form.onsubmit = (event) => {
    event.preventDefault()
    keep(root, ctx, form)
  }
  dialog.addEventListener('close', () => { glass?.off(); glass = null }, { once: true })
}

async function keep(root, ctx, form) {
  const [from, end, last_day] = ['from', 'until', 'last_day'].map((name) => form.elements[name].value)
  const until = end === MIDNIGHT ? '24:00' : end
  const wrong = from >= until ? t('permit.hours') : glass.empty() ? t('permit.sign') : null
  complain(form.closest('dialog'), wrong)
  if (wrong) return
  await busy(root, find('[type="submit"]', form), async () => {
    await outbox.append({ ...about(root, ctx), type: 'contact.permitted/1', body: { from, until, last_day, strokes: glass.strokes() } })
    form.closest('dialog').close()
    complain(root, null) // what stopped the visit a moment ago
  }, t('visit.working'))
}
