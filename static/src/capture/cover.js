// Whoever did not ask to be in a photo is covered before it is kept: a plain fill, for a mosaic can be read back.
// Places are shares of the picture, {x, y, w, h} from 0 to 1; burn() draws them into new bytes, and nothing else is kept.
import { LONGEST, THUMB, draw, fit, scaled } from './camera.js'

export const MOST = 40 // as the event's form allows
const FILL = '#26211c'
const LEAST = 0.02 // a slip of the finger covers nothing

const inside = (value, most = 1) => Math.min(Math.max(value, 0), Math.max(most, 0))

/** Of two corners, in any order; null where it is too small to cover anything. */
export function place(a, b) {
  const [x, y, right, bottom] = [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x), Math.max(a.y, b.y)].map((value) => inside(value))
  return right - x < LEAST || bottom - y < LEAST ? null : { x, y, w: right - x, h: bottom - y }
}

/** The same, moved by shares of the picture and grown about its middle; it stays inside. */
export function changed({ x, y, w, h }, { dx = 0, dy = 0, grow = 1 }) {
  const [wide, high] = [w, h].map((side) => Math.min(Math.max(side * grow, LEAST), 1))
  return { x: inside(x + (w - wide) / 2 + dx, 1 - wide), y: inside(y + (h - high) / 2 + dy, 1 - high), w: wide, h: high }
}

/** Where a finger points within a picture that is shown whole in a box (object-fit: contain). Not held inside: place() does. */
export function point({ clientX, clientY }, box, { width, height }) {
  const scale = Math.min(box.width / width, box.height / height)
  const [left, top] = [box.left + (box.width - width * scale) / 2, box.top + (box.height - height * scale) / 2]
  return { x: (clientX - left) / (width * scale), y: (clientY - top) / (height * scale) }
}

/** The picture at the size it is kept in, at most 2,048 px: no canvas is larger. */
export const open = ({ bytes, mime, width, height }) => scaled(new Blob([bytes], { type: mime }), fit(width, height, LONGEST))

export function paint(canvas, image, places) {
  if (canvas.width !== image.width || canvas.height !== image.height) Object.assign(canvas, { width: image.width, height: image.height })
  const pen = canvas.getContext('2d', { alpha: false })
  pen.drawImage(image, 0, 0)
  pen.fillStyle = FILL
  for (const { x, y, w, h } of places) {
    const [left, top] = [Math.floor(x * image.width), Math.floor(y * image.height)]
    pen.fillRect(left, top, Math.ceil((x + w) * image.width) - left, Math.ceil((y + h) * image.height) - top)
  }
}

/** → {bytes, mime, width, height, thumb}, all with the places filled */
export async function burn(canvas, image, places) {
  paint(canvas, image, places)
  const [whole, thumb] = [await draw(canvas, LONGEST), await draw(canvas, THUMB)]
  return { ...whole, thumb: thumb.bytes }
}

/** Faces, a little larger than they are, where the browser finds any by itself; null where it cannot look. */
export async function faces(image) {
  if (!globalThis.FaceDetector) return null
  const found = await new globalThis.FaceDetector({ maxDetectedFaces: MOST }).detect(image).catch(() => null)
  return found?.map(({ boundingBox: { x, y, width, height } }) =>
    changed({ x: x / image.width, y: y / image.height, w: width / image.width, h: height / image.height }, { grow: 1.4 })) ?? null
}
