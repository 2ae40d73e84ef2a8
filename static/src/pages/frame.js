// What every page of a visit shares, Agree and Sign too: the path, dialogs, stopping, and how a failure is said.
import { has, t } from '../text.js'
import * as outbox from '../offline/outbox.js'
import { position } from '../capture/position.js'
import { ask, each, find } from './dom.js'
import { askBeforeDialling, paintLawful } from './lawful.js'
import { about } from './page.js'
import { paintPath } from './path.js'
import * as recording from './recording.js'
import { show } from './show.js'
import { insist } from './update.js'

export const SOON_MS = 3_000 // for a position beside the point

export { about } from './page.js'

/** A sentence for what append or the camera threw. */
export const failure = (error) => t(has(`fail.${error.code}`) ? `fail.${error.code}` : 'fail.other')

/** Says what is wrong above the form and beside each field, and goes to the first. Nothing typed is lost. */
export function complain(root, sentence, fields = []) {
  const own = (place) => place.closest('dialog') === root.closest('dialog') // a dialog on the page says its own
  for (const place of each('[data-wrong]', root).filter(own)) {
    const field = place.dataset.wrong
    place.hidden = field ? !fields.includes(field) : !sentence
    if (!field) place.textContent = sentence ?? ''
  }
  for (const field of each('[data-field]', root)) {
    for (const input of each('input', field)) input.setAttribute('aria-invalid', String(fields.includes(field.dataset.field)))
  }
  if (fields.length) find(`[data-field="${fields[0]}"] input`, root)?.focus()
}

/** One at a time; the button says what is being done, and what went wrong is said in words. */
export async function busy(root, button, work, saying) {
  if (root.dataset.busy !== undefined) return
  root.dataset.busy = ''
  const label = find('[data-label]', button) ?? button
  const before = label.textContent
  if (saying) label.textContent = saying
  try {
    await work()
  } catch (error) {
    if (error.code === 'outdated') return insist()
    if (!error.code) console.error(error)
    complain(find('dialog[open]', root) ?? root, failure(error))
  } finally {
    delete root.dataset.busy
    label.textContent = before
  }
}

export function dialogs(root) {
  root.addEventListener('click', (event) => {
    const opener = event.target.closest('[data-opens]')
    if (opener) {
      const dialog = find(`[data-dialog="${opener.dataset.opens}"]`, root)
      if (opener.dataset.reason) find(`[value="${opener.dataset.reason}"]`, dialog).checked = true
      ask(dialog)
    }
    const leave = event.target.closest('[data-leave]')?.closest('form')
    if (leave) {
      leave.elements.reason.value = 'asked_to_leave'
      leave.requestSubmit()
    }
    if (event.target.closest('[data-closes]')) event.target.closest('dialog').close()
  })
}

/** For Agree and Sign too: the path, the dialogs, stopping. */
export function mountFrame(root, ctx) {
  dialogs(root)
  const stop = find('form[name="stop"]', root)
  stop?.addEventListener('submit', (event) => {
    event.preventDefault()
    busy(root, find('[type="submit"]', stop), () => raiseStop(root, ctx, stop), t('visit.working'))
  })
  paintLawful(root, ctx)
  askBeforeDialling(root, ctx)
  const clock = setInterval(() => { paintPath(root, ctx); paintLawful(root, ctx) }, 30_000) // "14 min" grows by itself
  return () => clearInterval(clock)
}

async function raiseStop(root, ctx, form) {
  const body = { reason: form.elements.reason.value, text: form.elements.text.value.trim() }
  await outbox.append({ ...about(root, ctx), type: 'stop.raised/1', body, draft: form })
  const where = await position(SOON_MS)
  await end(root, ctx, { outcome: 'stopped', next_action: 'office', next_on: null, copy_left: false, ...where })
  form.closest('dialog').close()
  await show(form.dataset.next)
}

/** visit.ended: its own seq is the visit's last. What was recorded goes before it. */
export async function end(root, ctx, body, draft) {
  await recording.finish('ended', ctx.visit_id)
  return outbox.append({ ...about(root, ctx), type: 'visit.ended/1', body: ({ seq }) => ({ ...body, last_seq: seq }), draft })
}
