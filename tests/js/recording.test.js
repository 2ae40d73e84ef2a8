// Sound on the phone: sealed the moment it comes, whatever happens to the PIN; one event for a segment, never two.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, beforeEach, test } from 'node:test'
import { Server, USER, comes } from './phone.js'
import { db } from '../../static/src/offline/db.js'
import * as recording from '../../static/src/offline/recording.js'
import { hello } from '../../static/src/offline/server.js'
import * as vault from '../../static/src/offline/vault.js'

const FACT = { visit_id: '0198f0a0-1111-7222-8333-444455556666', case_ref: 'q3Zk', about: '朵拉', basis: { case_version: 57 } }
const POLICY = { slice_ms: 3000 }
const sound = (text) => new Blob([text])
let server

before(async () => {
  server = await Server.start()
  await comes(USER)
  await hello()
})

beforeEach(async () => {
  if (!vault.unlocked()) await vault.unlock('258013')
  const base = await db()
  for (const store of ['outbox', 'blobs', 'mine', 'pieces']) await base.clear(store)
})

const all = async (store) => (await db()).getAll(store)
const events = async () => Promise.all((await all('outbox')).map(async ({ envelope, event_id, type }) =>
  JSON.parse(new TextDecoder().decode((await server.open(new Uint8Array(envelope), event_id, type)).slice(64)))))

/** What the server makes of a container. */
async function joined(bytes, segment) {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  assert.equal(new TextDecoder().decode(bytes.slice(0, 4)), 'FVR1')
  const pieces = []
  for (let at = 4; at < bytes.length;) {
    const length = view.getUint32(at)
    pieces.push(await server.open(bytes.slice(at + 4, at + 4 + length), `${segment}/${pieces.length + 1}`, 'piece/1'))
    at += 4 + length
  }
  return pieces
}

test('a segment becomes one event, and its pieces leave with it', async () => {
  const segment = await recording.begin(FACT, 'audio/webm')
  for (const text of ['one', 'two', 'three']) await segment.keep(sound(text))
  await segment.close('paused')
  await recording.settle(POLICY)
  const [event] = await events()
  assert.deepEqual([event.type, event.body.ended, event.body.pieces, event.body.lost_ms, event.basis.case_version], ['visit.recording/1', 'paused', 3, 0, 57])
  const [blob] = await all('blobs')
  const plain = await server.open(new Uint8Array(blob.bytes), blob.sha256, 'blob/1')
  const pieces = await joined(plain, segment.segment)
  assert.equal(Buffer.concat(pieces).toString(), 'onetwothree')
  const digest = pieces.map((piece) => createHash('sha256').update(piece).digest())
  assert.equal(event.body.digest, createHash('sha256').update(Buffer.concat(digest)).digest('hex'))
  assert.deepEqual(await all('pieces'), [])
  await recording.settle(POLICY)
  assert.equal((await events()).length, 1)
})

test('a lock does not stop it: pieces are kept, the next segment too, and the events wait for the PIN', async () => {
  const first = await recording.begin(FACT, 'audio/webm')
  vault.lock()
  await first.keep(sound('while locked'))
  await first.close('rolled')
  const second = await recording.begin(FACT, 'audio/webm', first.box)
  await second.keep(sound('still locked'))
  await recording.settle({ ...POLICY, current: second.segment })
  assert.deepEqual(await events(), [])
  assert.equal(JSON.stringify((await all('pieces')).map((row) => Buffer.from(row.sealed ?? []).toString('latin1'))).includes('locked'), false)
  await vault.unlock('258013')
  await recording.settle({ ...POLICY, current: second.segment })
  assert.deepEqual((await events()).map(({ body }) => [body.segment, body.ended]), [[first.segment, 'rolled']])
  assert.equal((await all('pieces')).length, 2) // what is being recorded stays
})

test('what a crash left says that it was cut and how much may be missing', async () => {
  const segment = await recording.begin(FACT, 'audio/webm')
  await segment.keep(sound('before'))
  await recording.settle(POLICY) // the app was started again
  assert.deepEqual((await events()).map(({ body }) => [body.ended, body.lost_ms]), [['cut', 6000]])
})

test('a segment without a single piece leaves nothing', async () => {
  await recording.begin(FACT, 'audio/webm')
  await recording.settle(POLICY)
  assert.deepEqual([await events(), await all('pieces')], [[], []])
})

test('a forgotten PIN loses no sound', async () => {
  const segment = await recording.begin(FACT, 'audio/webm')
  await segment.keep(sound('kept'))
  await segment.close('ended')
  await vault.drop('')
  await vault.choose('794613')
  await recording.settle(POLICY)
  assert.deepEqual((await events()).map(({ body }) => body.ended), ['ended'])
})
