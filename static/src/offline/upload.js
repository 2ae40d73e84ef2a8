// Photos, sealed, in pieces that survive a cut line: tus 1.0.0 with creation-with-upload and checksum.
import { db, recall, remember } from './db.js'
import { call, hello } from './server.js'
import { base64, sha256 } from './wire.js'

const metadata = (pairs) => Object.entries(pairs).map(([key, value]) => `${key} ${btoa(value)}`).join(',')

export const CHUNK = 256 * 1024
const WHOLE = CHUNK * 1.5 // a small rest goes along: most photos are one request
// In the name of the phone it was sealed on, which may have got a new name since.
const tus = (row) => ({ 'Tus-Resumable': '1.0.0', 'X-Device': row.device_id })
const TRIES = 5

// What an answer to a piece means.
const ANSWERS = [
  { when: ({ ours, status }) => ours && (status === 204 || status === 200 || status === 201), then: 'on' },
  { when: ({ ours, status }) => ours && status === 401, then: 'sign_in' },
  { when: ({ ours, status }) => ours && status === 403, then: 'hello' },
  { when: ({ ours, status }) => ours && [409, 460].includes(status), then: 'look' },      // another offset, a damaged piece
  { when: ({ ours, status }) => ours && [404, 410].includes(status), then: 'create' },    // forgotten there: from the start
  { when: ({ ours, status }) => ours && [400, 413, 415, 422].includes(status), then: 'needs' },
  { when: () => true, then: 'later' },
]
const meaning = (answer) => ANSWERS.find(({ when }) => when(answer)).then

/** Every blob whose event the server has, whoever took it. → {then: "sent" | "later" | "sign_in", why, retry_after_s} */
export async function uploadAll() {
  const base = await db()
  for (const key of await base.getAllKeys('blobs')) {
    const row = await base.get('blobs', key)
    if (!row || !await base.get('receipts', row.event_id)) continue
    const outcome = await upload(row)
    if (outcome.then === 'done') await base.delete('blobs', key)
    else if (outcome.then === 'needs') await base.put('blobs', { ...row, state: 'needs', code: outcome.code, message: outcome.message })
    else return outcome
  }
  return { then: 'sent' }
}

/**
 * The first piece begins it; what may have been begun before is asked for first, and goes on where the server stands. Done is
 * what the server holds whole: it says the full length only when the hash of the whole is right.
 */
async function upload(row) {
  let step = await recall('begun') === row.sent_sha256 ? 'look' : 'create'
  let at = 0
  let answer
  for (let tries = 0; tries < TRIES;) {
    if (step === 'create') answer = await create(row)
    else if (step === 'look') answer = await call('HEAD', path(row), { headers: tus(row) })
    else answer = await patch(row, at)
    const then = meaning(answer)
    if (then === 'needs') return { then, code: answer.json?.code ?? `http_${answer.status}`, message: answer.json?.message ?? '' }
    if (then === 'later' || then === 'sign_in') return { then, why: answer.why, retry_after_s: answer.retry_after_s }
    if (then === 'hello' && !await hello()) return { then: 'later', why: answer.why }
    if (then !== 'on') tries += 1
    if (then === 'look' || then === 'create') step = then
    if (then !== 'on') continue
    const before = at
    at = Number(answer.headers.get('upload-offset') ?? 0)
    if (at === row.bytes.byteLength) return { then: 'done' }
    if (step === 'patch' && at <= before) tries += 1
    step = 'patch'
  }
  return { then: 'later', why: 'unreachable' }
}

const path = (row) => `/sync/blobs/${row.sent_sha256}`

/** → {body, headers} of the piece from `at` on. */
async function piece(row, at) {
  const left = row.bytes.byteLength - at
  const body = row.bytes.slice(at, at + (left > WHOLE ? CHUNK : left))
  return { body, headers: { ...tus(row), 'Content-Type': 'application/offset+octet-stream', 'Upload-Checksum': `sha256 ${base64(await sha256(body))}` } }
}

async function create(row) {
  await remember('begun', row.sent_sha256)
  const { body, headers } = await piece(row, 0)
  const told = metadata({ sent_sha256: row.sent_sha256, sha256: row.sha256, event: row.event_id })
  return call('POST', '/sync/blobs/', { body, headers: { ...headers, 'Upload-Length': String(row.bytes.byteLength), 'Upload-Metadata': told } })
}

// What a proxy says that knows no PATCH; no answer at all counts too, for the line was good a moment ago.
const BLOCKED = new Set([0, 403, 405, 501])
let through = false // has a PATCH ever come through here?

/** A piece. Some webviews and proxies let no PATCH pass: then, and from then on, as a POST that says what it is. */
async function patch(row, at) {
  const { body, headers } = await piece(row, at)
  headers['Upload-Offset'] = String(at)
  const posted = () => call('POST', path(row), { body, headers: { ...headers, 'X-HTTP-Method-Override': 'PATCH' } })
  if (await recall('no_patch')) return posted()
  const answer = await call('PATCH', path(row), { body, headers })
  through ||= answer.ours
  if (answer.ours || !BLOCKED.has(answer.status) || (through && answer.status === 0)) return answer
  const second = await posted()
  if (second.ours) await remember('no_patch', true)
  return second
}
