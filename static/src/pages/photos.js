// Photos on Talk: the camera in a dialog, and the strip of what was taken with the state of each.
import { t } from '../text.js'
import * as drafts from '../offline/drafts.js'
import { photo } from '../offline/thumbs.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as camera from '../capture/camera.js'
import { position } from '../capture/position.js'
import { ask, each, find, say } from './dom.js'
import { word } from './path.js'
import * as order from './photo-order.js'
import { stateOf, tag } from './state.js'
import { about, busy, complain, failure } from './frame.js'

const SOON_MS = 4_000
let stop = () => {}
let turn = 0 // a camera that opens late, after he closed the dialog, is closed again
let taken = null // {bytes, mime, width, height, url}
let covering = null // photo-cover.js, over what was taken

export function mount(root, ctx) {
  const dialog = find('[data-dialog="camera"]', root)
  if (!dialog) return
  const form = find('form', dialog)
  find('[data-camera]', root).addEventListener('click', () => {
    ask(dialog)
    live(dialog)
  })
  dialog.addEventListener('close', () => close(dialog))
  find('[data-shutter]', dialog).addEventListener('click', () => take(dialog, () => camera.still(find('video', dialog))))
  const file = find('[type="file"]', dialog)
  file.addEventListener('click', () => drafts.flushAll()) // the system's camera may cost us the tab
  file.addEventListener('change', async () => {
    const [chosen] = file.files
    const { original_bytes } = await pack.data('capture') ?? {}
    if (chosen) await take(dialog, () => camera.fromFile(chosen, original_bytes), chosen.name)
    file.value = ''
  })
  find('[data-again]', dialog).addEventListener('click', () => {
    drop(dialog)
    live(dialog)
  })
  find('[data-cover]', dialog).addEventListener('click', () => busy(root, find('[data-cover]', dialog), () => cover(dialog)))
  find('[data-list="visit.photo/1"]', root).addEventListener('click', ({ target }) => {
    const button = target.closest('[data-move]')
    if (button) order.move(root, ctx, button, paint)
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (taken) busy(root, find('[type="submit"]', form), () => keep(root, ctx, dialog, form), t('visit.keeping'))
  })
}

/** live: the camera runs; pick: there is none to see; keep: a photo was taken. */
function stage(dialog, name) {
  for (const part of each('[data-stage]', dialog)) part.hidden = !part.dataset.stage.split(' ').includes(name)
  find('video', dialog).hidden = name !== 'live'
  find('[data-view="shot"]', dialog).hidden = name !== 'keep'
  find('[data-cover]', dialog).hidden = false
}

async function live(dialog) {
  const now = ++turn
  complain(dialog, null)
  stage(dialog, 'pick')
  try {
    const ours = await camera.watch(find('video', dialog))
    if (now !== turn) return ours()
    stop = ours
    stage(dialog, 'live')
  } catch (error) {
    if (now === turn) complain(dialog, failure(error))
  }
  return undefined
}

async function take(dialog, how, name) {
  try {
    const shot = await how()
    drop(dialog)
    taken = { ...shot, url: URL.createObjectURL(new Blob([shot.bytes], { type: shot.mime })) }
    find('[data-view="shot"]', dialog).src = taken.url
    complain(dialog, null)
    stage(dialog, 'keep')
  } catch (error) {
    complain(dialog, name ? t('photo.of', { name, why: failure(error) }) : failure(error))
  }
}

async function cover(dialog) {
  const now = turn
  const tool = await (await import('./photo-cover.js')).open(dialog, taken)
  if (now !== turn) return tool.close()
  covering = tool
  find('[data-view="shot"]', dialog).hidden = find('[data-cover]', dialog).hidden = true
  return undefined
}

function letGo() {
  turn += 1
  stop()
  stop = () => {}
  covering?.close()
  if (taken) URL.revokeObjectURL(taken.url)
  taken = covering = null
}

function drop(dialog) {
  letGo()
  find('[data-view="shot"]', dialog).removeAttribute('src')
}

async function keep(root, ctx, dialog, form) {
  const covered = covering?.count() ?? 0
  const { bytes, mime, width, height, thumb } = covered ? await covering.burn() : taken
  const body = {
    kind: form.elements.kind.value, caption: form.elements.caption.value.trim(), width, height,
    ...covered && { covered }, ...await position(SOON_MS),
  }
  await outbox.append({ ...about(root, ctx), type: 'visit.photo/1', body, blobs: [{ bytes, mime, role: 'photo', thumb }], draft: form })
  say(t('visit.photo_kept'))
  dialog.close()
}

/** Closed in whatever way: no camera runs on, no photo lies about. */
function close(dialog) {
  drop(dialog)
  const form = find('form', dialog)
  form.reset()
  drafts.of(form)?.discard()
}

export const unmount = letGo

export async function paint(root, ctx) {
  const strip = find('[data-list="visit.photo/1"]', root)
  if (!strip) return
  const items = order.ordered(root, ctx)
  const figures = await Promise.all(items.map((event) => figure(root, event)))
  strip.replaceChildren(find('[data-camera]', strip), ...figures)
  for (const end of [strip.querySelector('[data-move="-1"]'), [...each('[data-move="1"]', strip)].at(-1)]) if (end) end.disabled = true
  const sent = items.filter((event) => stateOf(event) === 'sent').length
  find('[data-photo-count]', root).textContent = items.length ? t('visit.photos', { n: items.length, sent }) : ''
}

async function figure(root, event) {
  const copy = find('[data-template="visit.photo/1"]', root).content.cloneNode(true)
  const caption = event.body.caption || word(root, `photo.${event.body.kind}`)
  find('[data-slot="caption"]', copy).textContent = caption
  const state = tag(event, [event])
  state.classList.remove('tag')
  find('[data-slot="state"]', copy).replaceWith(state)
  const url = event.blobs?.length ? await photo(event.blobs[0].sha256) : null
  find('figure', copy).dataset.event = event.event_id
  const picture = find('[data-slot="picture"]', copy)
  picture.hidden = !url
  find('[data-slot="blank"]', copy).hidden = Boolean(url)
  if (url) Object.assign(picture, { src: url, alt: caption })
  return copy
}

