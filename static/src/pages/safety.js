// A word from the door, by when the next is due (path.js paints it); and two taps that quietly call the office.
import * as outbox from '../offline/outbox.js'
import * as sender from '../offline/sender.js'
import { position } from '../capture/position.js'
import { once } from './dom.js'
import { SOON_MS, about, busy } from './frame.js'
import { current } from './page.js'

const ARMED_MS = 4000

export function register() {
  document.addEventListener('click', ({ target }) => {
    const [word, help] = ['[data-checkin]', '[data-help]'].map((name) => target.closest(name))
    const { root, ctx } = current() ?? {}
    if (word && root) busy(root, word, () => outbox.append({ ...about(root, ctx), type: 'visit.checkin/1', body: {} }))
    if (!help || !root) return
    if (help.dataset.armed !== undefined) return call(root, ctx)
    help.dataset.armed = ''
    setTimeout(() => { delete help.dataset.armed }, ARMED_MS)
  })
}

/** Kept and sent before anything else; where he is follows. Nothing is said, and nothing moves on the page. */
const call = once(async (root, ctx) => {
  const known = about(root, ctx)
  try {
    const { event_id } = await outbox.append({ ...known, type: 'visit.help/1', body: { position: null, position_refused: null }, quiet: true })
    await sender.urgent(event_id)
    await outbox.append({ ...known, type: 'visit.location/1', body: await position(SOON_MS), quiet: true })
  } catch (error) {
    if (!error.code) throw error // a full or locked phone: there is nobody to tell
  }
})
