// Finalising: what the phone calls "saved" is whole, in order, chained, signed, and unreadable without the server.
import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { Server, USER, comes } from './phone.js'
import { db, recall } from '../../static/src/offline/db.js'
import * as mine from '../../static/src/offline/mine.js'
import * as outbox from '../../static/src/offline/outbox.js'
import { hello } from '../../static/src/offline/server.js'
import * as vault from '../../static/src/offline/vault.js'
import { canonical, sha256hex } from '../../static/src/offline/wire.js'

const VISIT = '0198f0a0-1111-7222-8333-444455556666'
const note = (text, more) => ({ type: 'visit.note/1', visit_id: VISIT, case_ref: 'q3Zk', body: { kind: 'statement', text }, ...more })
const jpeg = (size) => crypto.getRandomValues(new Uint8Array(size)).buffer
let server

before(async () => {
  server = await Server.start()
  await comes(USER)
  await hello()
})

beforeEach(async () => {
  const base = await db()
  for (const store of ['outbox', 'blobs', 'mine', 'photos', 'receipts', 'drafts']) await base.clear(store)
})

const opened = async ({ event_id, type, envelope }) => {
  const plain = await server.open(new Uint8Array(envelope), event_id, type)
  return { signature: plain.slice(0, 64), bytes: plain.slice(64), event: JSON.parse(new TextDecoder().decode(plain.slice(64))) }
}
const rows = async () => (await (await db()).getAll('outbox')).sort((a, b) => a.seq - b.seq)

test('a note is saved as one signed, enveloped event that the server can open', async () => {
  const { event_id, seq } = await outbox.append(note('他说月底还', { basis: { case_version: 57 } }))
  const [row] = await rows()
  const { signature, bytes, event } = await opened(row)
  assert.equal(event.event_id, event_id)
  assert.equal(event.seq, seq)
  assert.deepEqual(event.body, { kind: 'statement', text: '他说月底还' })
  assert.deepEqual(event.basis, { case_version: 57, assignment_id: null, offer_id: null, rules: null })
  assert.match(event.captured_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  assert.ok(Number.isInteger(event.clock.mono_ms) && Number.isInteger(event.clock.offset_ms) && event.clock.offset_age_s >= 0)
  assert.deepEqual(bytes, canonical(event))
  assert.equal(row.sha256, await sha256hex(bytes))
  assert.ok(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, vault.me().device.publicKey, signature, bytes))
})

test('nothing readable of a note lies in the store', async () => {
  await outbox.append(note('SECRET-WORD', { about: 'SECRET-NAME', blobs: [{ bytes: new TextEncoder().encode('SECRET-PHOTO').buffer, mime: 'image/jpeg', role: 'photo', thumb: new TextEncoder().encode('SECRET-THUMB').buffer }] }))
  const base = await db()
  for (const store of base.objectStoreNames) {
    for (const row of await base.getAll(store)) {
      const text = Object.values(row).map((value) => (value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : value?.bytes ? Buffer.from(value.bytes).toString('latin1') : JSON.stringify(value)))
      assert.doesNotMatch(text.join('\n'), /SECRET/, store)
    }
  }
})

test('twenty saved at once are numbered without a gap and chained to one another', async () => {
  const tip = await recall(`tip:${vault.me().device_id}`)
  const made = await Promise.all(Array.from({ length: 20 }, (_, n) => outbox.append(note(`n ${n}`))))
  assert.equal(new Set(made.map(({ seq }) => seq)).size, 20)
  const events = await Promise.all((await rows()).map(opened))
  let [previous, number] = [tip.sha256, tip.device_seq]
  for (const { event, bytes } of events) {
    assert.equal(event.prev_sha256, previous)
    assert.equal(event.device_seq, ++number)
    previous = await sha256hex(bytes)
  }
})

test('the first event of a phone has no event before it', async () => {
  await comes({ ...USER, username: 'shenwei' })
  await outbox.append(note('first', { visit_id: '0198f0a0-1111-7222-8333-444455550001' }))
  const [row] = await rows()
  const { event } = await opened(row)
  assert.deepEqual([event.device_seq, event.prev_sha256, event.seq], [1, null, 1])
  assert.deepEqual(await mine.of(VISIT), [])
  await comes(USER)
})

test('events of another phone push the numbers of this visit on', async () => {
  const visit_id = '0198f0a0-1111-7222-8333-444455550002'
  await outbox.known(visit_id, 7)
  await outbox.known(visit_id, 3)
  assert.equal((await outbox.append(note('after', { visit_id }))).seq, 8)
})

test('a body may be told its own number', async () => {
  const { seq } = await outbox.append(note('', { type: 'visit.ended/1', body: (own) => ({ last_seq: own.seq }) }))
  assert.equal((await opened((await rows())[0])).event.body.last_seq, seq)
})

test('a photo is named by what it is and by what is sent, and its bytes lie sealed', async () => {
  const bytes = jpeg(3000)
  await outbox.append(note('', { type: 'visit.photo/1', blobs: [{ bytes, mime: 'image/jpeg', role: 'photo' }] }))
  const [[row], [blob]] = [await rows(), await (await db()).getAll('blobs')]
  const { event: { blobs: [named] } } = await opened(row)
  assert.equal(named.sha256, await sha256hex(bytes))
  assert.equal(named.sent_sha256, await sha256hex(blob.bytes))
  assert.equal(named.bytes, blob.bytes.byteLength)
  assert.deepEqual(Buffer.from(await server.open(new Uint8Array(blob.bytes), named.sha256, 'blob/1')), Buffer.from(bytes))
})

test('what is of a case that is not his any more keeps its line and loses name and words, replayed or not', async () => {
  const base = await db()
  for (const shown of [false, true]) {
    const { event_id } = await outbox.append(note('他在城东上班', { about: '王小芳' }))
    await base.delete('outbox', event_id) // the office has taken it
    await base.put('mine', { ...await base.get('mine', event_id), status: 'applied' })
    if (shown) await mine.replayed([event_id]) // and its page has shown it here before
  }
  await mine.sweep(async () => true)
  assert.deepEqual((await mine.all()).map(({ about }) => about), ['王小芳', '王小芳'])
  await mine.sweep(async () => false)
  assert.deepEqual((await mine.all()).map(({ about, body, type }) => [about, body, type]), Array(2).fill(['', {}, 'visit.note/1']))
})

test('mine gives back what was done, with its state', async () => {
  await outbox.append(note('first', { about: '傅琳' }))
  await outbox.append(note('second'))
  const items = await mine.of(VISIT)
  assert.deepEqual(items.map(({ body, state, about }) => [body.text, state, about]), [['first', 'saved', '傅琳'], ['second', 'saved', '']])
  await mine.replayed([items[0].event_id]) // not yet: the server has given no receipt
  assert.equal((await mine.of(VISIT)).length, 2)
})

test('an event that would not fit a request is refused before anything is saved', async () => {
  await assert.rejects(outbox.append(note('字'.repeat(70_000))), { code: 'too_big' })
  assert.equal((await rows()).length, 0)
  await outbox.append(note('字'.repeat(60_000)))
  assert.equal((await rows()).length, 1)
})

test('half a character and a fraction are refused before anything is saved', async () => {
  await assert.rejects(outbox.append(note('\ud83d')), { code: 'text' })
  await assert.rejects(outbox.append(note('', { body: { sum: 1.5 } })), { code: 'number' })
  assert.equal((await rows()).length, 0)
})

test('what was typed in the last moment is a draft until it is an event', async () => {
  const base = await db()
  const drafts = async () => base.count('drafts')
  const draft = { dirty: true, name: Promise.resolve('k'), flush: () => base.put('drafts', { name: 'k', user: USER.username, box: {}, at: 0 }) }
  const refused = async () => outbox.append(note('x'.repeat(outbox.MAX_EVENT), { draft }))
  await assert.rejects(refused, { code: 'too_big' }) // killed here, he finds it again
  assert.equal(await drafts(), 1)
  await outbox.append(note('shorter', { draft }))
  assert.equal(await drafts(), 0)
})

test('a full disk leaves no half of it, keeps the draft, and the next number is not lost', async () => {
  const base = await db()
  const { seq } = await outbox.append(note('before'))
  await base.put('drafts', { name: 'd', user: USER.username, box: {}, at: 0 })
  const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (this.name === 'blobs') throw new DOMException('full', 'QuotaExceededError')
    return put.call(this, value, ...rest)
  }
  const draft = { flush() {}, name: Promise.resolve('d') }
  try {
    await assert.rejects(outbox.append(note('lost?', { draft, blobs: [{ bytes: jpeg(10), mime: 'image/jpeg', role: 'photo' }] })), { code: 'quota' })
  } finally {
    IDBObjectStore.prototype.put = put
  }
  assert.equal(draft.done, false)
  assert.deepEqual([(await rows()).length, await base.count('mine'), await base.count('blobs'), await base.count('drafts')], [1, 1, 0, 1])
  assert.equal((await outbox.append(note('without the photo', { draft }))).seq, seq + 1)
  assert.equal(await base.count('drafts'), 0)
})

test('nobody signed in saves nothing, and what was under way for him is told from a fault', async () => {
  await vault.leave()
  assert.throws(() => vault.who(), { code: 'signed_out', shut: true })
  await assert.rejects(outbox.append(note('x')), { code: 'signed_out' })
  await comes(USER)
})
