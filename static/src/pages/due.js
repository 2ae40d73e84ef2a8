// Training cards: what was read on this phone is due no more, before the office knows of it.
import * as mine from '../offline/mine.js'
import { each, find } from './dom.js'

/** Prepare hides what was read, the page of cards marks it. */
export async function paintCards(root) {
  const cards = each('[data-card]', root)
  if (!cards.length) return
  const read = new Set((await mine.all()).filter(({ type }) => type === 'training.read/1').map(({ body }) => `${body.card}@${body.version}`))
  const list = find('[data-cards]', root)
  for (const card of cards) if (read.has(card.dataset.card)) card.toggleAttribute(list ? 'hidden' : 'data-read', true)
  if (list) list.hidden = !due(root)
}

export const due = (root) => find('[data-card]:not([hidden])', root)
