// Into the phone's outbox as the app does it, with the app's own modules: run in the page of an unlocked phone.
import * as outbox from '../static/src/offline/outbox.js'
import * as vault from '../static/src/offline/vault.js'

const NOWHERE = { position: null, position_refused: null }

/** `photos` of the `events` carry a picture; each picture is another one. */
globalThis.fill = async ({ pin, visit_id, case_ref, events, photos, picture }) => {
  await vault.restore()
  if (!(await vault.unlock(pin)).ok) throw new Error('the PIN is another')
  const bytes = Uint8Array.from(atob(picture), (char) => char.charCodeAt(0))
  const thumb = bytes.slice(0, 12_000).buffer
  for (let n = 0; n < events; n += 1) {
    const about = { visit_id, case_ref, about: 'bench' }
    if (n < photos) {
      const own = new Uint8Array(bytes)
      crypto.getRandomValues(own.subarray(-32)) // behind the end of the picture
      const body = { kind: 'door', caption: '', width: 640, height: 640, ...NOWHERE }
      await outbox.append({ ...about, type: 'visit.photo/1', body, blobs: [{ bytes: own.buffer, mime: 'image/jpeg', role: 'photo', thumb }] })
    } else {
      await outbox.append({ ...about, type: 'visit.note/1', body: { kind: 'observation', text: `门口等了 ${n} 分钟，邻居说他上夜班。` } })
    }
  }
}
