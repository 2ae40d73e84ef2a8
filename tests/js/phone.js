// A phone without a browser: IndexedDB in memory, Web Locks for one page, and a server that opens what it is sent.
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import * as wire from '../../static/src/offline/wire.js'

const held = new Map()
const locks = {
  /** As in a browser, for one page: exclusive, in order; `ifAvailable` gives null when taken. */
  async request(name, options, work = options) {
    if (options.ifAvailable && held.has(name)) return work(null)
    const before = held.get(name) ?? Promise.resolve()
    const mine = before.then(() => work({ name }))
    const end = mine.catch(() => {})
    held.set(name, end)
    end.then(() => { if (held.get(name) === end) held.delete(name) })
    return mine
  },
}
Object.defineProperty(globalThis, 'navigator', { value: { locks, language: 'en', onLine: true }, configurable: true })
// A pause of minutes must not keep the test run waiting.
const later = globalThis.setTimeout
globalThis.setTimeout = (work, ms, ...rest) => {
  const timer = later(work, ms, ...rest)
  if (ms > 1000) timer.unref()
  return timer
}

export const USER = { username: 'zhoumin', name: '周敏', role: 'collector', language: 'zh-hans' }

/** Somebody is here and has entered his PIN. */
export async function comes(user = USER) {
  const vault = await import('../../static/src/offline/vault.js')
  await vault.enter(user)
  if ((await vault.lockState()).pin) await vault.unlock('258013')
  else await vault.choose('258013')
}
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const json = (status, body, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', 'x-fieldvisit-api': '1', ...headers } })

/** Speaks the wire for real: opens envelopes, checks hashes and signatures, signs receipts. `fault(request)` may answer first. */
export class Server {
  events = new Map()
  blobs = new Map()
  devices = new Map()
  requests = []
  user = USER
  fault = null
  least = ''
  judge = () => ({ status: 'applied' })

  static async start() {
    const server = new Server()
    server.envelopeKey = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    server.signingKey = await crypto.subtle.generateKey(wire.ECDSA, true, ['sign', 'verify'])
    server.keys = { envelope: await Server.named(server.envelopeKey), signing: await Server.named(server.signingKey) }
    globalThis.fetch = (path, options) => server.answer(path, options)
    return server
  }

  static async named({ publicKey }) {
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey))
    return { key_id: sha256(raw).slice(0, 16), public_key: wire.base64url(raw) }
  }

  async answer(path, { method, headers, body }) {
    const request = { path, method, headers, body: body && typeof body === 'string' ? JSON.parse(body) : body }
    this.requests.push(request)
    const before = await this.fault?.(request)
    if (before instanceof Response) return before
    const answer = await this.handle(request)
    const after = await this.faultAfter?.(request)
    return after ?? answer
  }

  async handle({ path, method, headers, body }) {
    if (path === '/sync/hello') {
      return json(200, { v: 1, api: 1, user: this.user, csrf: 'token', now: new Date().toISOString(), build: 'b', minimum_build: this.least, ...this.keys, device: null, flags: {}, demo: [] })
    }
    if (path === '/sync/devices') {
      this.device = body
      this.devices.set(body.device_id, body)
      return json(200, {})
    }
    if (path.startsWith('/sync/receipts')) return json(200, { receipts: this.revisions ?? [], next: 1 })
    if (path === '/sync/events') {
      const verdicts = []
      for (const item of body.events) verdicts.push(await this.take(item, body.device_id))
      return json(200, { v: 1, verdicts, repeats: [] })
    }
    if (path === '/sync/blobs/') {
      const given = Object.fromEntries(headers['Upload-Metadata'].split(',').map((pair) => pair.split(' ')).map(([key, value]) => [key, atob(value)]))
      this.blobs.set(given.sent_sha256, this.blobs.get(given.sent_sha256) ?? { ...given, length: Number(headers['Upload-Length']), bytes: new Uint8Array(0) })
      const begun = this.blobs.get(given.sent_sha256)
      if (body && !begun.bytes.length) begun.bytes = new Uint8Array(body)
      return new Response(null, { status: 201, headers: { 'x-fieldvisit-api': '1', 'upload-offset': String(this.blobs.get(given.sent_sha256).bytes.length) } })
    }
    const blob = this.blobs.get(path.slice('/sync/blobs/'.length))
    if (!blob) return json(404, { code: 'not_found' })
    if (method === 'PATCH' || headers['X-HTTP-Method-Override'] === 'PATCH') {
      if (Number(headers['Upload-Offset']) !== blob.bytes.length) return json(409, { code: 'blob.offset' })
      if (headers['Upload-Checksum'] !== `sha256 ${createHash('sha256').update(new Uint8Array(body)).digest('base64')}`) return json(460, { code: 'blob.checksum' })
      blob.bytes = wire.concat(blob.bytes, body)
    }
    return new Response(null, { status: method === 'HEAD' ? 200 : 204, headers: { 'x-fieldvisit-api': '1', 'upload-offset': String(blob.bytes.length), 'upload-length': String(blob.length) } })
  }

  /** One event of a batch → its signed verdict; the same bytes again give the same receipt. */
  async take({ event_id, type, envelope }, device_id) {
    const plain = await this.open(wire.unbase64url(envelope), event_id, type)
    const [signature, bytes] = [plain.slice(0, 64), plain.slice(64)]
    const key = await crypto.subtle.importKey('raw', wire.unbase64url(this.devices.get(device_id).public_key), wire.ECDSA, false, ['verify'])
    if (!await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, bytes)) throw new Error('not signed by this phone')
    const event = JSON.parse(new TextDecoder().decode(bytes))
    const known = this.events.get(event_id)
    if (known) return known.verdict
    const judged = { code: '', message: '', server_seq: this.events.size + 1, rev: 1, ...this.judge(event) }
    const verdict = await this.sign({ event_id, sha256: sha256(bytes), received_at: new Date().toISOString(), ...judged })
    if (['applied', 'held', 'rejected'].includes(verdict.status)) this.events.set(event_id, { event, bytes, verdict })
    return verdict
  }

  async sign(verdict) {
    const said = { ...verdict, key_id: this.keys.signing.key_id }
    return { ...said, sig: wire.base64url(await wire.sign(this.signingKey.privateKey, wire.canonical(said))) }
  }

  async open(envelope, id, type) {
    const ephemeral = envelope.slice(12, 77)
    const theirs = await crypto.subtle.importKey('raw', ephemeral, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
    const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, this.envelopeKey.privateKey, 256)
    const material = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey'])
    const key = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: ephemeral, info: wire.utf8('fieldvisit/envelope/1') }, material, { name: 'AES-GCM', length: 256 }, false, ['decrypt'])
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: envelope.slice(77, 89), additionalData: wire.utf8(`${id}\n${type}`) }, key, envelope.slice(89)))
  }
}

export const ours = json
