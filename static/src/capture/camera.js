// A still from the camera inside the page, or a file: opened once before it is kept. A small file stays as the camera made it, else
// it becomes a JPEG of at most 2,048 px, scaled while it is decoded.

export const LONGEST = 2048
export const THUMB = 480 // for the screen
const QUALITY = 0.85
const MOST_BYTES = 60 * 1024 * 1024

export const refuse = (code, cause) => { throw Object.assign(new Error(code, { cause }), { code }) }

/** Shows the camera in `video`. → stop(). Throws {code: "photo.denied" | "photo.none"}. */
export async function watch(video) {
  if (!navigator.mediaDevices?.getUserMedia) refuse('photo.none')
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1440 } },
    })
  } catch (error) {
    refuse(['NotAllowedError', 'SecurityError'].includes(error.name) ? 'photo.denied' : 'photo.none', error)
  }
  video.srcObject = stream
  await video.play().catch(() => {})
  return () => {
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
}

/** What the camera sees now. → {bytes: ArrayBuffer, mime, width, height} */
export function still(video) {
  if (!video.videoWidth) refuse('photo.unreadable')
  return draw(video, LONGEST, video.videoWidth, video.videoHeight)
}

/** A file he chose; up to `original_bytes` it is kept as it is. Throws {code: "photo.empty" | "photo.not_a_photo" | "photo.unreadable" | "photo.too_big"}. */
export async function fromFile(file, original_bytes = 0) {
  if (file.size > MOST_BYTES) refuse('photo.too_big')
  const bytes = await file.arrayBuffer().catch((error) => refuse('photo.unreadable', error))
  if (!bytes.byteLength) refuse('photo.empty')
  const mime = pictureType(new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength)))
  if (!mime) refuse('photo.not_a_photo')
  const blob = new Blob([bytes], { type: mime })
  let image
  try {
    const whole = await sizeOf(blob)
    image = await scaled(blob, fit(whole.width, whole.height, LONGEST))
    const [small, thumb] = [await draw(image, LONGEST), await draw(image, THUMB)]
    return { ...(bytes.byteLength <= original_bytes ? { bytes, mime, ...whole } : small), thumb: thumb.bytes }
  } catch (error) {
    return refuse('photo.unreadable', error)
  } finally {
    image?.close()
  }
}

/** Upright, from the head of the file: nothing is decoded for it. */
async function sizeOf(blob) {
  const image = Object.assign(new Image(), { src: URL.createObjectURL(blob) })
  try {
    await new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }))
    return { width: image.naturalWidth, height: image.naturalHeight }
  } finally {
    URL.revokeObjectURL(image.src)
    image.src = ''
  }
}

export const scaled = (blob, { width, height }) =>
  createImageBitmap(blob, { imageOrientation: 'from-image', resizeWidth: width, resizeHeight: height, resizeQuality: 'high' })

/** By the first bytes, never by the name: "image/jpeg", "image/png", "image/webp", "image/heic" or null. */
export function pictureType(head) {
  const at = (from, ...bytes) => bytes.every((byte, index) => head[from + index] === byte)
  const text = (from, to) => String.fromCharCode(...head.slice(from, to))
  if (at(0, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (at(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp'
  if (text(4, 8) === 'ftyp' && ['heic', 'heix', 'mif1', 'msf1', 'hevc'].includes(text(8, 12))) return 'image/heic'
  return null
}

export function fit(width, height, longest = LONGEST) {
  const scale = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

export async function draw(source, longest, from_width = source.width, from_height = source.height) {
  const { width, height } = fit(from_width, from_height, longest)
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  canvas.getContext('2d', { alpha: false }).drawImage(source, 0, 0, width, height)
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', QUALITY) })
  canvas.width = canvas.height = 0 // gives the memory back at once
  if (!blob) refuse('photo.unreadable')
  return { bytes: await blob.arrayBuffer(), mime: 'image/jpeg', width, height }
}
