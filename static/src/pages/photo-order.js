// In which order the office sees the photos: moved by buttons, a draft at first, an event with the notes.
import * as outbox from '../offline/outbox.js'
import { find } from './dom.js'
import { about } from './page.js'

const ids = (items) => items.map(({ event_id }) => event_id)
const draftOf = (root) => find('form[name="photo-order"]', root)?.elements.order

/** As he has put them, else as they were taken. */
export function ordered(root, { events }) {
  const kept = events.findLast(({ type }) => type === 'visit.photo_order/1')?.body.order ?? []
  const wanted = draftOf(root).value ? draftOf(root).value.split(' ') : kept
  const place = ({ event_id }) => (wanted.includes(event_id) ? wanted.indexOf(event_id) : wanted.length)
  return events.filter(({ type }) => type === 'visit.photo/1').sort((a, b) => place(a) - place(b) || a.seq - b.seq)
}

/** One place earlier or later; it is a draft until the notes are kept. */
export async function move(root, ctx, button, paint) {
  const [order, id, step] = [ids(ordered(root, ctx)), button.closest('figure').dataset.event, Number(button.dataset.move)]
  const at = order.indexOf(id)
  order.splice(at + step, 0, ...order.splice(at, 1))
  const field = draftOf(root)
  field.value = order.join(' ')
  field.dispatchEvent(new Event('input', { bubbles: true })) // kept as a draft
  await paint(root, ctx)
  const moved = find(`figure[data-event="${id}"]`, root)
  moved.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  const same = find(`[data-move="${step}"]`, moved)
  ;(same.disabled ? find(`[data-move="${-step}"]`, moved) : same).focus()
}

/** The order he gave them becomes an event, with the notes. */
export async function keep(root, ctx) {
  const field = draftOf(root)
  if (!field?.value) return
  await outbox.append({ ...about(root, ctx), type: 'visit.photo_order/1', body: { order: ids(ordered(root, ctx)) }, draft: field.form })
  field.value = ''
}
