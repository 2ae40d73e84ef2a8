// Arrive: starting this phone's recording after it was said, and the reference of a separate recorder with the hash of its file.
import { t } from '../text.js'
import * as outbox from '../offline/outbox.js'
import { sha256hex } from '../offline/wire.js'
import { able } from '../capture/microphone.js'
import { find } from './dom.js'
import { about, busy, complain } from './frame.js'
import * as recording from './recording.js'
import { tag } from './state.js'

const MOST_BYTES = 300 * 1024 * 1024 // a browser hashes a file only whole, in memory

export function mount(root, ctx) {
  const start = find('[data-record]', root)
  if (!start) return
  start.addEventListener('click', () => {
    if (!recording.announced(ctx.events) && !find('[name="recording_announced"]', root).checked) return complain(root, t('sound.first'))
    return busy(root, start, async () => {
      await recording.start(root, ctx)
      paint(root, ctx)
    }, t('visit.working'))
  })
  const form = find('form[name="recorder"]', root)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    busy(root, find('[type="submit"]', form), () => keep(root, ctx))
  })
  find('[data-list="visit.recorder/1"]', root).addEventListener('change', ({ target }) => busy(root, target.parentElement, () => hash(root, ctx, target), t('visit.working')))
}

/** What he has written of a recorder, if he has. */
export async function keep(root, ctx) {
  const form = find('form[name="recorder"]', root)
  const { reference, file } = form.elements
  if (!reference.value.trim()) return
  const body = { reference: reference.value.trim(), file: file.value.trim() }
  await outbox.append({ ...about(root, ctx), type: 'visit.recorder/1', body, draft: form })
  form.reset()
}

async function hash(root, ctx, { files: [file], dataset: { recorder } }) {
  if (!file) return
  if (file.size > MOST_BYTES || !file.size) throw Object.assign(new Error('size'), { code: 'sound.size' })
  const body = { recorder, sha256: await sha256hex(await file.arrayBuffer()), size: file.size, name: file.name.slice(-200) }
  await outbox.append({ ...about(root, ctx), type: 'visit.recorder_file/1', body, depends_on: [recorder] })
}

export function paint(root, ctx) {
  const part = find('[data-sound-start]', root)
  if (!part) return
  const form = find('form[name="consent"]', root)
  if (form.hidden && form.contains(part)) form.before(part)
  const of = (type) => ctx.events.filter((event) => event.type === type)
  part.hidden = !of('visit.started/1').length || of('visit.ended/1').length > 0 || recording.recording(ctx.visit_id)
  find('[data-record]', part).hidden = !able()
  find('[data-unable]', part).hidden = able()
  find('[data-list="visit.recorder/1"]', root).replaceChildren(...of('visit.recorder/1').map((event) => {
    const copy = find('[data-template="visit.recorder/1"]', root).content.cloneNode(true)
    const added = of('visit.recorder_file/1').find(({ body }) => body.recorder === event.event_id)
    find('[data-slot="name"]', copy).textContent = [event.body.reference, event.body.file, added?.body.name].filter(Boolean).join(' · ')
    find('[data-slot="state"]', copy).replaceWith(tag(added ?? event))
    find('input', copy).dataset.recorder = event.event_id
    find('label', copy).hidden = Boolean(added)
    return copy
  }))
}
