// The small pictures of what he has taken: the sealed ones cannot be opened here again.
import { db, hear } from './db.js'
import * as vault from './vault.js'

/** A picture of 480 px for the screen. Null where it cannot be drawn. */
export async function shrink(bytes, mime) {
  if (!mime.startsWith('image/') || !globalThis.createImageBitmap || !globalThis.OffscreenCanvas) return null
  try {
    const image = await createImageBitmap(new Blob([bytes], { type: mime }))
    const scale = Math.min(1, 480 / Math.max(image.width, image.height))
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)))
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    image.close()
    return (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.7 })).arrayBuffer()
  } catch {
    return null
  }
}

const urls = new Map()
for (const news of ['user', 'locked']) {
  hear(news, () => {
    for (const url of urls.values()) URL.revokeObjectURL(url)
    urls.clear()
  })
}

/** The address of a small picture he took, or null. The same address for as long as the page lives. */
export async function photo(sha256) {
  if (urls.has(sha256)) return urls.get(sha256)
  const row = await (await db()).get('photos', sha256)
  if (!row || row.user !== vault.me()?.username || !vault.unlocked()) return null
  urls.set(sha256, URL.createObjectURL(new Blob([await vault.open(row.box)], { type: row.mime })))
  return urls.get(sha256)
}
