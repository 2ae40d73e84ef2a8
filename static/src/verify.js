// The page that checks a paper: if he asks, the camera reads the square on it. Where there is none, the code is typed.
import { watch } from './capture/camera.js'

const EVERY_MS = 200
const LONGEST = 800 // px; a square held before the camera is read well at that, and each look costs some 20 ms
const find = (name) => document.querySelector(`[data-${name}]`)
const form = find('scan')
const video = find('sight')
let stop = null

/** → (video) => text or undefined: by the browser's own reader where it has one that works, else by a library. */
async function reader() {
  const own = await ownReader().catch(() => null)
  if (own) return own
  const { decodeQR } = await import('qr/decode.js')
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  return () => {
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight))
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)]
    Object.assign(context.canvas, { width, height })
    context.drawImage(video, 0, 0, width, height)
    try {
      return decodeQR({ width, height, data: context.getImageData(0, 0, width, height).data })
    } catch {
      return undefined // no square in sight
    }
  }
}

async function ownReader() {
  if (!(await globalThis.BarcodeDetector?.getSupportedFormats?.())?.includes('qr_code')) return null
  const detector = new BarcodeDetector({ formats: ['qr_code'] })
  await detector.detect(new ImageData(8, 8)) // some browsers name the class and have nothing behind it
  return async () => (await detector.detect(video))[0]?.rawValue
}

function say(what) {
  for (const line of document.querySelectorAll('[data-say]')) line.hidden = line.dataset.say !== what
}

function end(what) {
  stop?.()
  stop = null
  video.hidden = find('stop').hidden = true
  find('start').hidden = false
  say(what)
}

async function scan() {
  find('start').hidden = true
  try {
    stop = await watch(video)
  } catch (error) {
    return end(error.code)
  }
  video.hidden = find('stop').hidden = false
  say('looking')
  try {
    const read = await reader()
    while (stop) {
      const text = video.videoWidth ? await read() : undefined
      if (text) {
        form.elements.square.value = text
        end('found')
        return form.submit()
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  } catch {
    end('photo.none')
  }
}

find('start').addEventListener('click', scan)
find('stop').addEventListener('click', () => end(''))
addEventListener('pagehide', () => end(''))
form.hidden = !navigator.mediaDevices?.getUserMedia
