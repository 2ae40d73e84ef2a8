// Stopping the sound before the visit ends.
import { t } from '../text.js'
import * as outbox from '../offline/outbox.js'
import { ask, h, once } from './dom.js'

/** Why it stops: a debtor may object, and that is logged. */
export function askWhy(fact, finish) {
  const answer = (ended) => once(async () => {
    dialog.close()
    if (ended === 'objected') await outbox.append({ ...fact, type: 'visit.objected/1', body: {} })
    await finish(ended)
  })
  const dialog = h('dialog', { 'aria-labelledby': 'sound-title' }, h('div', { class: 'stack' }, h('h2', { id: 'sound-title' }, t('sound.why')), h('p', {}, t('sound.why.do')),
    h('button', { type: 'button', class: 'button main wide', 'data-ended': 'objected', onclick: answer('objected') }, t('sound.objected')),
    h('button', { type: 'button', class: 'button wide', 'data-ended': 'stopped', onclick: answer('stopped') }, t('sound.stopped')),
    h('button', { type: 'button', class: 'button quiet wide', onclick: () => dialog.close() }, t('sound.go_on'))))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  ask(dialog)
}
