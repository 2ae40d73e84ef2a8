// The page of training cards: to have read one is an event in the record of the next case.
import { language, t } from '../text.js'
import * as outbox from '../offline/outbox.js'
import { find } from './dom.js'
import { paintCards } from './due.js'
import { about, busy } from './frame.js'
import { on } from './page.js'

export const register = () => on('cards', {
  mount(root, ctx) {
    root.addEventListener('submit', (event) => {
      event.preventDefault()
      const [card, version] = event.target.closest('[data-card]').dataset.card.split('@')
      busy(root, find('[type=submit]', event.target), () =>
        outbox.append({ ...about(root, ctx), type: 'training.read/1', body: { card, version, language: language() } }), t('visit.keeping'))
    })
  },
  paint: paintCards,
})
