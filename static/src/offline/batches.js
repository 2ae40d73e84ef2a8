// What is sent together: few enough, small enough, of one phone.
import { base64url } from './wire.js'

export const MOST = 50
export const BATCH_BYTES = 256 * 1024

export const wired = (row) => ({ event_id: row.event_id, type: row.type, envelope: base64url(row.envelope) })

export function batches(rows) {
  const made = []
  let size = Infinity
  for (const row of rows) {
    const weight = Math.ceil(row.envelope.byteLength * 4 / 3) + 200
    const before = made.at(-1)?.[0]
    if (size + weight > BATCH_BYTES || made.at(-1).length >= MOST || before.device_id !== row.device_id) {
      made.push([])
      size = 200
    }
    made.at(-1).push(row)
    size += weight
  }
  return made
}
