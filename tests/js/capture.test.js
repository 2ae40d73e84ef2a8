import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fit, pictureType } from '../../static/src/capture/camera.js'
import { changed, place, point } from '../../static/src/capture/cover.js'
import { whole } from '../../static/src/capture/position.js'

const bytes = (...values) => Uint8Array.from(values.flatMap((value) => (typeof value === 'string' ? [...Buffer.from(value)] : [value])))

for (const [name, head, mime] of [
  ['a JPEG', bytes(0xff, 0xd8, 0xff, 0xe1), 'image/jpeg'],
  ['a PNG', bytes(0x89, 'PNG\r\n', 0x1a, 0x0a), 'image/png'],
  ['a WebP', bytes('RIFF', 1, 2, 3, 4, 'WEBP'), 'image/webp'],
  ['an iPhone picture', bytes(0, 0, 0, 24, 'ftypheic'), 'image/heic'],
  ['a film', bytes(0, 0, 0, 24, 'ftypisom'), null],
  ['a drawing that could hold a script', bytes('<svg xmlns='), null],
  ['a PDF', bytes('%PDF-1.7'), null],
  ['a web page', bytes('<!doctype html>'), null],
  ['two bytes', bytes(0xff, 0xd8), null],
]) test(`by its first bytes: ${name}`, () => assert.equal(pictureType(head), mime))

test('the longest side is 2,048 and small pictures stay', () => {
  assert.deepEqual(fit(4000, 3000), { width: 2048, height: 1536 })
  assert.deepEqual(fit(3000, 4000), { width: 1536, height: 2048 })
  assert.deepEqual(fit(640, 480), { width: 640, height: 480 })
  assert.deepEqual(fit(100_000, 1), { width: 2048, height: 1 })
})

test('a position is whole numbers, south and west too', () => {
  const coords = { latitude: -30.30123456, longitude: 120.15123454, accuracy: 12.345 }
  assert.deepEqual(whole({ coords, timestamp: 1_000 }, 3_500), { lat_e7: -303012346, lon_e7: 1201512345, accuracy_cm: 1235, age_ms: 2500 })
  assert.equal(whole({ coords, timestamp: 5_000 }, 3_500).age_ms, 0)
})

test('a place to cover: two corners in any order, held inside the picture; a slip of the finger covers nothing', () => {
  assert.deepEqual(place({ x: 0.75, y: 0.5 }, { x: 0.25, y: 1.5 }), { x: 0.25, y: 0.5, w: 0.5, h: 0.5 })
  assert.equal(place({ x: 0.5, y: 0.5 }, { x: 0.51, y: 0.9 }), null)
  assert.equal(place({ x: 1.2, y: 0.1 }, { x: 1.9, y: 0.9 }), null)
})

test('by buttons it moves and grows, and never leaves the picture', () => {
  const start = { x: 0.5, y: 0.5, w: 0.25, h: 0.25 }
  assert.deepEqual(changed(start, { dx: 0.5 }), { x: 0.75, y: 0.5, w: 0.25, h: 0.25 })
  assert.deepEqual(changed(start, { grow: 2 }), { x: 0.375, y: 0.375, w: 0.5, h: 0.5 })
  assert.deepEqual(changed(start, { grow: 9 }), { x: 0, y: 0, w: 1, h: 1 })
})

test('a finger on a picture with bars beside it points where the eye sees it', () => {
  const box = { left: 10, top: 20, width: 400, height: 100 } // a square picture stands in the middle, 100 wide
  assert.deepEqual(point({ clientX: 210, clientY: 70 }, box, { width: 800, height: 800 }), { x: 0.5, y: 0.5 })
  assert.deepEqual(point({ clientX: 160, clientY: 120 }, box, { width: 800, height: 800 }), { x: 0, y: 1 })
})
