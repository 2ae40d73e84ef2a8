// "Cover a person": by finger, or by buttons. The photo stays open until it is kept; each place can be taken back.
import { t } from '../text.js'
import * as cover from '../capture/cover.js'
import { each, find, say } from './dom.js'

const STEP = { left: { dx: -0.05 }, right: { dx: 0.05 }, up: { dy: -0.05 }, down: { dy: 0.05 }, larger: { grow: 1.2 }, smaller: { grow: 1 / 1.2 } }
const MIDDLE = { x: 0.375, y: 0.375, w: 0.25, h: 0.25 }
const percent = (share) => Math.round(share * 100)

/** Shows the tool over what was taken. → {count(), burn(), close()} */
export async function open(dialog, shot) {
  const canvas = find('[data-view="cover"]', dialog)
  const tools = find('[data-cover-tools]', dialog)
  const image = await cover.open(shot)
  const off = new AbortController()
  let places = []
  let from = null // the corner where the finger came down

  const show = (drawn = places) => {
    cover.paint(canvas, image, drawn)
    for (const button of each('[data-step], [data-undo]', tools)) button.disabled = !places.length
    find('[data-covered]', tools).textContent = places.length ? t('photo.covered', { n: places.length }) : ''
  }
  const settle = (next) => {
    places = next.slice(0, cover.MOST)
    show()
    const last = places.at(-1)
    say(last ? t('photo.cover.at', { n: places.length, x: percent(last.x), y: percent(last.y), w: percent(last.w), h: percent(last.h) }) : t('photo.cover.none'))
  }
  const on = (target, name, work) => target.addEventListener(name, work, { signal: off.signal })
  const at = (event) => cover.point(event, canvas.getBoundingClientRect(), image)

  on(canvas, 'pointerdown', (event) => {
    if (places.length >= cover.MOST) return
    canvas.setPointerCapture(event.pointerId)
    from = at(event)
  })
  on(canvas, 'pointermove', (event) => {
    const drawn = from && cover.place(from, at(event))
    if (from) show(drawn ? [...places, drawn] : places)
  })
  on(canvas, 'pointerup', (event) => {
    const drawn = from && cover.place(from, at(event))
    from = null
    if (drawn) settle([...places, drawn])
    else show()
  })
  on(canvas, 'pointercancel', () => {
    from = null
    show()
  })
  on(tools, 'click', ({ target }) => {
    const { step, undo, middle } = target.closest('button')?.dataset ?? {}
    if (middle !== undefined) settle([...places, MIDDLE])
    if (undo !== undefined) settle(places.slice(0, -1))
    if (step) settle([...places.slice(0, -1), cover.changed(places.at(-1), STEP[step])])
  })
  tools.hidden = canvas.hidden = false
  show()
  const found = await cover.faces(image)
  if (found?.length && !off.signal.aborted) settle([...places, ...found])
  return {
    count: () => places.length,
    burn: () => cover.burn(canvas, image, places),
    close() {
      off.abort()
      image.close()
      tools.hidden = canvas.hidden = true
      canvas.width = canvas.height = 0
    },
  }
}
