// Sending: nothing leaves the phone without a matching, signed receipt, and one bad event never stops the rest.
import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { Server, USER, comes, ours } from './phone.js'
import { db, recall } from '../../static/src/offline/db.js'
import * as mine from '../../static/src/offline/mine.js'
import * as outbox from '../../static/src/offline/outbox.js'
import { ANSWERS, pause } from '../../static/src/offline/answers.js'
import { BATCH_BYTES, MOST, batches } from '../../static/src/offline/batches.js'
import { drain, progress } from '../../static/src/offline/sender.js'
import { revisions } from '../../static/src/offline/receipts.js'
import { hello } from '../../static/src/offline/server.js'
import * as vault from '../../static/src/offline/vault.js'

const VISIT = '0198f0a0-1111-7222-8333-444455556666'
const save = (text, more) => outbox.append({ type: 'visit.note/1', visit_id: VISIT, case_ref: 'q3Zk', body: { kind: 'statement', text }, ...more })
const photo = (size) => save('', { type: 'visit.photo/1', blobs: [{ bytes: Uint8Array.from({ length: size }, (_, n) => n * 7).buffer, mime: 'image/jpeg', role: 'photo' }] })
const waiting = async () => (await db()).count('outbox')
const send = () => drain({ force: true })
let server

before(async () => {
  server = await Server.start()
  await comes(USER)
  await hello()
})

beforeEach(async () => {
  const base = await db()
  for (const store of ['outbox', 'blobs', 'mine', 'photos', 'receipts']) await base.clear(store)
  Object.assign(server, { fault: null, faultAfter: null, user: USER, revisions: [], judge: () => ({ status: 'applied' }) })
  server.events.clear()
  server.blobs.clear()
  server.requests.length = 0
})

const once = (path, response) => {
  let left = 1
  return (request) => (request.path === path && left-- > 0 ? (response.clone?.() ?? response()) : null)
}

test('what was saved arrives, and is let go with its receipt', async () => {
  await save('one')
  await save('two')
  assert.equal(await send(), 'sent')
  assert.deepEqual([...server.events.values()].map(({ event }) => event.body.text), ['one', 'two'])
  assert.equal(await waiting(), 0)
  assert.equal(await (await db()).count('receipts'), 2)
  assert.deepEqual((await mine.of(VISIT)).map(({ state, server_seq }) => [state, server_seq]), [['sent', 1], ['sent', 2]])
})

// Each fault once, then a good line: nothing lost, nothing doubled, and the outbox is empty only at the end.
const html = (status) => new Response('<html>sign in to the hotel</html>', { status, headers: { 'content-type': 'text/html' } })
const FAULTS = {
  'no signal': () => { throw new TypeError('Failed to fetch') },
  'a portal that says 200': html(200), 'a proxy that says 502': html(502), 'a proxy that says 413': html(413),
  'busy': ours(429, { code: 'busy' }, { 'retry-after': '1' }), 'down': ours(503, { code: 'busy' }),
  'a cut answer': new Response('{"v":1,"verd', { headers: { 'content-type': 'application/json', 'x-fieldvisit-api': '1' } }),
  'a redirect to a page': new Response(null, { status: 302, headers: { location: '/sign-in/' } }),
  'no verdicts': ours(200, { v: 1 }), 'a server error': ours(500, { code: 'failed' }),
  'the session is over': ours(401, { code: 'sign_in' }), 'the token is stale': ours(403, { code: 'csrf' }),
}
for (const [name, response] of Object.entries(FAULTS)) {
  for (const when of ['fault', 'faultAfter']) {
    test(`${name}, ${when === 'fault' ? 'before' : 'after'} the server took it`, async () => {
      for (let n = 0; n < 5; n += 1) await save(`n ${n}`)
      server[when] = once('/sync/events', response)
      await send()
      const left = await waiting()
      assert.equal(left + await (await db()).count('receipts'), 5)
      await send()
      await send()
      assert.equal(await waiting(), 0)
      assert.equal(server.events.size, 5)
      assert.equal(await (await db()).count('receipts'), 5)
    })
  }
}

test('the session is over: asks for a sign-in and keeps everything', async () => {
  await save('x')
  server.fault = ({ path }) => (path === '/sync/events' ? ours(401, { code: 'sign_in' }) : null)
  assert.equal(await send(), 'sign_in')
  server.fault = null
  server.user = { ...USER, username: 'linfang' }
  assert.equal(await send(), 'sign_in')
  assert.equal(await waiting(), 1)
  assert.equal(server.events.size, 0)
})

for (const bad of [[0], [6], [12], [0, 1, 2], [3, 7, 11], Array.from({ length: 13 }, (_, n) => n)]) {
  test(`a batch refused whole is halved until the bad ones stand alone: ${bad}`, async () => {
    for (let n = 0; n < 13; n += 1) await save(`n ${n}`)
    const order = (await (await db()).getAll('outbox')).sort((a, b) => a.seq - b.seq).map(({ event_id }) => event_id)
    const poison = new Set(bad.map((n) => order[n]))
    server.fault = ({ path, body }) => (path === '/sync/events' && body.events.some(({ event_id }) => poison.has(event_id)) ? ours(422, { code: 'event.form', message: 'unreadable' }) : null)
    assert.equal(await send(), 'sent')
    assert.equal(server.events.size, 13 - bad.length)
    const left = await (await db()).getAll('outbox')
    assert.deepEqual(left.map(({ event_id }) => event_id).sort(), [...poison].sort())
    assert.ok(left.every(({ state, message }) => state === 'needs' && message === 'unreadable'))
  })
}

test('verdicts: applied and held are let go; rejected needs him; invalid and retry stay on the phone', async () => {
  const verdicts = ['applied', 'held', 'rejected', 'invalid', 'retry']
  for (const status of verdicts) await save(status)
  server.judge = ({ body: { text } }) => ({ status: text, code: text === 'applied' ? '' : 'some.code', message: `said ${text}` })
  await send()
  assert.deepEqual((await mine.of(VISIT)).map(({ state }) => state), ['sent', 'waiting', 'needs', 'needs', 'saved'])
  assert.deepEqual((await outbox.unsent()).map(({ code, state }) => [code, state]), [['some.code', 'needs'], ['some.code', 'saved']])
})

test('a receipt of other bytes, or one that the server did not sign, is no receipt', async () => {
  await save('x')
  server.judge = () => ({ status: 'applied', sha256: 'f'.repeat(64) })
  await send()
  assert.equal(await waiting(), 1)
  server.events.clear()
  server.judge = () => ({ status: 'applied' })
  const sign = server.sign
  server.sign = async (verdict) => ({ ...await sign.call(server, verdict), server_seq: 99 })
  await send()
  assert.equal(await waiting(), 1)
  server.sign = sign
  server.events.clear()
  await send()
  assert.equal(await waiting(), 0)
})

test('a photo goes in pieces and is let go when the server holds it whole', async () => {
  await photo(700_000)
  await send()
  const [blob] = server.blobs.values()
  assert.equal(blob.bytes.length, blob.length)
  assert.equal(server.requests.filter(({ method }) => method === 'PATCH').length, 2) // the first piece began it
  assert.equal(await (await db()).count('blobs'), 0)
  assert.equal((await mine.of(VISIT))[0].state, 'sent')
})

for (const [name, status] of Object.entries({ 'the line is cut': 0, 'a damaged piece': 460, 'another offset': 409, 'forgotten there': 404 })) {
  for (const when of ['fault', 'faultAfter']) {
    test(`a photo goes on where it stood: ${name}, ${when}`, async () => {
      await photo(700_000)
      let left = 1
      let piece = 0
      server[when] = ({ method }) => {
        if (method !== 'PATCH' || piece++ !== 1 || left-- <= 0) return null
        if (status === 404) server.blobs.clear()
        return status ? ours(status, { code: 'x' }) : Promise.reject(new TypeError('cut'))
      }
      await send()
      await send()
      const [blob] = server.blobs.values()
      assert.equal(blob.bytes.length, blob.length)
      assert.equal(await (await db()).count('blobs'), 0)
    })
  }
}

test('a photo of a usual size is one request, and one that was begun before is asked for first', async () => {
  await photo(300_000)
  server.faultAfter = ({ path }) => { if (path === '/sync/blobs/') throw new TypeError('cut') }
  await send()
  assert.equal(await (await db()).count('blobs'), 1) // it is whole there, but nobody has said so
  server.faultAfter = null
  await send()
  const ways = server.requests.filter(({ path }) => path.startsWith('/sync/blobs/')).map(({ method }) => method)
  assert.deepEqual([ways, await (await db()).count('blobs')], [['POST', 'HEAD'], 0])
})

const posted = () => server.requests.filter(({ headers }) => headers['X-HTTP-Method-Override'] === 'PATCH').length
const patched = () => server.requests.filter(({ method }) => method === 'PATCH').length

test('where a proxy knows no PATCH the pieces go as POST that says so, and from then on at once', async () => {
  server.fault = ({ method }) => (method === 'PATCH' ? html(405) : null)
  for (let n = 0; n < 2; n += 1) {
    await photo(600_000 + n)
    await send()
  }
  assert.deepEqual([patched(), posted(), await (await db()).count('blobs')], [1, 2, 0])
  assert.equal(await recall('no_patch'), true)
  await (await db()).delete('meta', 'no_patch')
})

test('silence is no sign of a block where a PATCH has come through before', async () => {
  await photo(500_000)
  await send()
  server.fault = ({ method }) => { if (method === 'PATCH') throw new TypeError('Failed to fetch') }
  await photo(500_001)
  await send()
  assert.deepEqual([posted(), await (await db()).count('blobs')], [0, 1])
})

test('what another left on the phone goes after his own, signed by its own device, and its receipt finds it', async () => {
  await save('of Zhou')
  const zhou = vault.me().device_id
  await hello()
  await comes({ ...USER, username: 'linfang', name: '林芳' })
  server.user = { ...USER, username: 'linfang', name: '林芳' }
  await hello()
  await save('of Lin')
  assert.equal(await send(), 'sent')
  const asked = server.requests.filter(({ path }) => path === '/sync/events').map(({ body }) => body.device_id)
  assert.deepEqual(asked, [vault.me().device_id, zhou])
  assert.deepEqual([...server.events.values()].map(({ event }) => event.body.text), ['of Lin', 'of Zhou'])
  assert.equal(await waiting(), 0)
  assert.deepEqual((await mine.of(VISIT)).map(({ body }) => body.text), ['of Lin']) // she reads her own only
  await comes(USER)
  server.user = USER
  await hello()
  assert.deepEqual((await mine.of(VISIT)).map(({ body, state }) => [body.text, state]), [['of Zhou', 'sent']])
})

test('what the server does not take of another stays as it was, and is his to be told', async () => {
  await save('of Zhou')
  await comes({ ...USER, username: 'linfang', name: '林芳' })
  server.user = { ...USER, username: 'linfang', name: '林芳' }
  server.fault = ({ path, body }) => (path === '/sync/events' && body.device_id !== vault.me().device_id ? ours(422, { code: 'device.unknown', message: 'x' }) : null)
  await send()
  const [row] = await (await db()).getAll('outbox')
  assert.equal(row.state, 'saved')
  await comes(USER)
  server.user = USER
})

test('the photo of an event that the server has not taken waits', async () => {
  await photo(100)
  server.judge = () => ({ status: 'invalid', code: 'event.form' })
  await send()
  assert.equal(server.blobs.size, 0)
  assert.equal(await (await db()).count('blobs'), 1)
})

test('a person has decided: the new revision changes what he sees, an older one does not', async () => {
  await save('x')
  server.judge = () => ({ status: 'held', code: 'review' })
  await send()
  assert.equal((await mine.of(VISIT))[0].state, 'waiting')
  const [{ verdict }] = server.events.values()
  const { sig: _, key_id: __, ...said } = verdict
  const decided = await server.sign({ ...said, status: 'applied', code: '', rev: 2 })
  server.revisions = [{ counter: 2, ...decided }, { counter: 1, ...verdict }]
  await revisions()
  assert.equal((await mine.of(VISIT))[0].state, 'sent')
})

test('what is saved while a drain is under way goes with it', async () => {
  await save('one')
  let saved = false
  server.fault = async ({ path }) => {
    if (path === '/sync/events' && !saved) {
      saved = true
      await save('two')
      assert.equal(await drain(), 'busy')
    }
  }
  await send()
  assert.equal(server.events.size, 2)
  assert.equal(await waiting(), 0)
})

test('two drains at once send each event once', async () => {
  for (let n = 0; n < 60; n += 1) await save(`n ${n}`)
  await Promise.all([send(), send(), send()])
  assert.equal(server.events.size, 60)
  const sent = server.requests.filter(({ path }) => path === '/sync/events').flatMap(({ body }) => body.events)
  assert.equal(sent.length, 60)
  assert.ok(server.requests.filter(({ path }) => path === '/sync/events').every(({ body }) => body.events.length <= MOST))
})

test('a request holds at most 50 events and 256 KiB', () => {
  const row = (bytes) => ({ envelope: new ArrayBuffer(bytes) })
  assert.deepEqual(batches(Array.from({ length: 120 }, () => row(100))).map((batch) => batch.length), [50, 50, 20])
  const large = batches([row(190_000), row(10_000), row(180_000), row(100)])
  assert.deepEqual(large.map((batch) => batch.length), [1, 3])
  for (const batch of large) assert.ok(batch.reduce((sum, { envelope }) => sum + envelope.byteLength * 4 / 3, 0) <= BATCH_BYTES)
})

test('pauses grow to five minutes, jitter over the whole of it, and obey the server', () => {
  assert.equal(pause(0, 0, () => 1), 2000)
  assert.equal(pause(3, 0, () => 1), 16_000)
  assert.equal(pause(40, 0, () => 1), 300_000)
  assert.equal(pause(5, 0, () => 0), 0)
  assert.equal(pause(0, 120, () => 0.5), 120_000)
})

test('a failed drain is not repeated before its time, unless he asks', async () => {
  await save('x')
  server.fault = once('/sync/hello', () => { throw new TypeError('no signal') })
  assert.equal(await send(), 'later')
  assert.equal(progress.why, 'unreachable')
  const before = server.requests.length
  if (await drain() === 'later') assert.equal(server.requests.length, before)
  await send()
  assert.equal(await waiting(), 0)
})

test('every answer has its line in the table', () => {
  const then = (answer) => ANSWERS.find(({ when }) => when({ ours: true, json: null, ...answer })).then
  const table = { 200: 'later', 400: 'halve', 401: 'sign_in', 403: 'again', 409: 'halve', 413: 'halve', 422: 'halve', 429: 'later', 500: 'halve', 502: 'later', 503: 'later' }
  for (const [status, expected] of Object.entries(table)) assert.equal(then({ status: Number(status) }), expected, status)
  assert.equal(then({ status: 200, json: { verdicts: [] } }), 'verdicts')
  for (const status of [0, 200, 302, 401, 403, 422, 500]) assert.equal(then({ ours: false, status }), 'later')
})
