// The PIN: which ones are refused, and that what it wraps opens with it alone, on this phone alone.
import assert from 'node:assert/strict'
import { hkdfSync, createHmac, pbkdf2Sync, createDecipheriv, webcrypto } from 'node:crypto'
import { before, test } from 'node:test'
import { Server, USER } from './phone.js'
import { db, hear, recall, remember } from '../../static/src/offline/db.js'
import * as mine from '../../static/src/offline/mine.js'
import { leaseIsOver, obey, report } from '../../static/src/offline/orders.js'
import * as outbox from '../../static/src/offline/outbox.js'
import * as pins from '../../static/src/offline/pin.js'
import { enrol, hello } from '../../static/src/offline/server.js'
import * as vault from '../../static/src/offline/vault.js'
import { hex, unhex } from '../../static/src/offline/wire.js'

const PIN = '258013'
const FIXED = { salt: unhex('000102030405060708090a0b0c0d0e0f'), iv: unhex('101112131415161718191a1b') }
const ROOT = unhex('aa'.repeat(32))
const BINDER = unhex('bb'.repeat(32))
const binder = () => webcrypto.subtle.importKey('raw', BINDER, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

test('PINs that are tried first are refused, with the reason', () => {
  const refused = {
    short: ['', '25801'], long: ['2580135791357'], digits: ['25801x', '２５８０１３', ' 258013'], repeat: ['000000', '121212', '123123', '12341234', '1212121'],
    run: ['123456', '654321', '890123', '23456789'], date: ['900101', '311299', '123199', '19900101', '31121999'], common: ['147258', '5201314', '142857'],
  }
  for (const [why, list] of Object.entries(refused)) for (const pin of list) assert.equal(pins.weak(pin), why, pin)
  for (const pin of [PIN, '794613', '86420975', '730518426']) assert.equal(pins.weak(pin), null, pin)
})

test('the wrapped key is what other code derives from PIN, salt and the key of the phone', async () => {
  const box = await pins.wrap(PIN, ROOT, await binder(), FIXED)
  const stretched = pbkdf2Sync(PIN, FIXED.salt, 600_000, 32, 'sha256')
  const bound = createHmac('sha256', BINDER).update(FIXED.salt).digest()
  const key = Buffer.from(hkdfSync('sha256', Buffer.concat([stretched, bound]), FIXED.salt, 'fieldvisit/pin/1', 32))
  const bytes = Buffer.from(box.bytes)
  const cipher = createDecipheriv('aes-256-gcm', key, FIXED.iv).setAuthTag(bytes.subarray(-16))
  assert.equal(Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString('hex'), hex(ROOT))
  assert.equal(hex(box.bytes), WORKED)
  assert.equal(box.iterations, 600_000)
})
const WORKED = 'ba35d735d54e40c1e9285e90ab582461c9aba8282fcb60c9b81f4a25b9679fd8dabf22fa6a8d0b3812341161d4a42890'

test('a passkey goes into the key behind PIN and phone; where the browser keeps no keys the PIN stands alone', async () => {
  const passkey = { id: unhex('cc'.repeat(16)), salt: unhex('dd'.repeat(32)), prf: unhex('ee'.repeat(32)) }
  const stretched = pbkdf2Sync(PIN, FIXED.salt, 600_000, 32, 'sha256')
  const bound = createHmac('sha256', BINDER).update(FIXED.salt).digest()
  for (const [key, prf, parts] of [[await binder(), passkey, [stretched, bound, passkey.prf]], [null, null, [stretched]], [null, passkey, [stretched, passkey.prf]]]) {
    const box = await pins.wrap(PIN, ROOT, key, FIXED, prf)
    const made = Buffer.from(hkdfSync('sha256', Buffer.concat(parts), FIXED.salt, 'fieldvisit/pin/1', 32))
    const bytes = Buffer.from(box.bytes)
    const cipher = createDecipheriv('aes-256-gcm', made, FIXED.iv).setAuthTag(bytes.subarray(-16))
    assert.equal(Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString('hex'), hex(ROOT))
    assert.deepEqual(await pins.unwrap(PIN, box, key, prf?.prf), ROOT)
    if (prf) assert.equal(await pins.unwrap(PIN, box, key), null) // the PIN alone
    assert.ok(!JSON.stringify(box, (_, value) => (ArrayBuffer.isView(value) ? hex(value) : value)).includes('eeee')) // what it gave is not kept
  }
})

test('it opens with the PIN, and with neither another PIN nor the key of another phone', async () => {
  const box = await pins.wrap(PIN, ROOT, await binder(), FIXED)
  assert.deepEqual(await pins.unwrap(PIN, box, await binder()), ROOT)
  assert.equal(await pins.unwrap('258014', box, await binder()), null)
  assert.equal(await pins.unwrap(PIN, box, await pins.newBinder()), null)
})

let server
before(async () => {
  server = await Server.start()
  await vault.enter(USER)
  await hello()
})
const VISIT = '0198f0a0-1111-7222-8333-444455556666'
const note = (text) => outbox.append({ type: 'visit.note/1', visit_id: VISIT, case_ref: 'q3Zk', body: { kind: 'statement', text } })
const rows = async (store) => (await (await db()).getAll(store)).length

test('before there is a PIN nothing is saved and nothing opens', async () => {
  await assert.rejects(note('x'), { code: 'locked' })
  await assert.rejects(vault.nameOf('x'), { code: 'locked' })
  assert.deepEqual(await vault.lockState(), { pin: false, passkey: null, left: 10, dropped: '', demo: false })
})

test('no key that opens anything lies in the store', async () => {
  await vault.choose(PIN)
  await enrol({ anew: true, owner: 'company' })
  assert.equal(server.device.unlock, true)
  const stored = await recall(`keys:${USER.username}`)
  const keys = Object.values(stored).flatMap((value) => (value?.privateKey ? [value.privateKey, value.publicKey] : value?.algorithm ? [value] : []))
  assert.deepEqual(keys.map((key) => [key.algorithm.name, key.extractable && key.type]).sort(), [['ECDSA', false], ['ECDSA', 'public'], ['HMAC', false]])
})

test('locked, the phone knows who he is and opens nothing; the PIN gives it all back, the token too', async () => {
  await vault.keepToken('token-1')
  await note('他说月底还')
  const why = []
  const off = hear('locked', (news) => why.push(news.why))
  vault.lock('idle')
  off()
  assert.deepEqual(why, ['idle'])
  assert.equal(vault.me().username, USER.username)
  assert.equal(vault.token(), null)
  assert.deepEqual(await mine.all(), [])
  await assert.rejects(note('x'), { code: 'locked' })
  assert.deepEqual(await vault.unlock('111111'), { ok: false, left: 9 })
  assert.deepEqual(await vault.unlock(PIN), { ok: true })
  assert.equal(vault.token(), 'token-1')
  assert.equal((await mine.all())[0].body.text, '他说月底还')
  assert.equal((await vault.lockState()).left, 10)
})

test('a try is counted before it is made', async () => {
  vault.lock()
  const real = crypto.subtle.deriveBits
  crypto.subtle.deriveBits = () => Promise.reject(new Error('switched off'))
  await assert.rejects(vault.unlock(PIN), /switched off/)
  crypto.subtle.deriveBits = real
  assert.equal((await vault.lockState()).left, 9)
  assert.deepEqual(await vault.unlock(PIN), { ok: true })
})

test('what the phone says of itself', async () => {
  const [count, since, pack] = (await report()).split(',')
  assert.equal(count, '1')
  assert.ok(Math.abs(Date.parse(since) - Date.now()) < 60_000)
  assert.equal(pack, '')
})

test('the lease ends after 72 hours, and when the clock was turned back', async () => {
  assert.equal(await leaseIsOver(), false)
  assert.equal(await leaseIsOver(Date.now() + 73 * 3600_000), true)
  assert.equal(await leaseIsOver(Date.now() - 73 * 3600_000), true)
})

test('the tenth wrong PIN takes the keys and what they open, and never the outbox', async () => {
  vault.lock()
  for (let left = 9; left >= 0; left -= 1) assert.deepEqual(await vault.unlock('111111'), { ok: false, left })
  assert.deepEqual([await rows('mine'), await rows('pack'), await rows('drafts'), await rows('outbox')], [0, 0, 0, 1])
  assert.deepEqual(await vault.unlock(PIN), { ok: false, left: 0 })
  assert.equal((await vault.lockState()).dropped, 'tries')
  const asked = server.requests.length
  await hello()
  assert.ok(server.requests.slice(asked).some(({ method, path }) => method === 'DELETE' && path === '/sync/devices'))
})

test('after a new sign-in the same phone goes on, and what is unsent is listed', async () => {
  const { device_id } = vault.me()
  await vault.enter(USER, { afresh: true })
  await vault.choose('794613')
  assert.equal(vault.me().device_id, device_id)
  const [sealed] = await mine.all()
  assert.deepEqual([sealed.type, sealed.state, sealed.body], ['visit.note/1', 'saved', {}])
})

test('a wipe takes the same away at once, and the phone comes back as another', async () => {
  const { device_id } = vault.me()
  const device = { id: device_id, highest_seq: 0 }
  await obey({ user: USER, device, flags: { lock: false, wipe: true } }, Date.now(), async () => ({ ours: true, status: 200 }))
  assert.equal(vault.unlocked(), false)
  assert.deepEqual([(await vault.lockState()).dropped, await rows('outbox')], ['wipe', 1])
  await vault.enter(USER, { afresh: true })
  assert.notEqual(vault.me().device_id, device_id)
  await remember('sign_out_due', false)
})

test('signed out, it hears of its lock only when it is told of itself', async () => {
  await vault.choose(PIN)
  const [flags, met] = [{ sign_in: true, lock: true, wipe: false }, await recall(`met:${USER.username}`)]
  await obey({ user: null, device: null, flags }, Date.now() + 5, async () => assert.fail())
  assert.equal(vault.unlocked(), true)
  await obey({ user: null, device: { id: vault.me().device_id }, flags }, Date.now() + 5, async () => assert.fail())
  assert.equal(vault.unlocked(), false)
  assert.equal(await recall(`met:${USER.username}`), met) // no new lease on the pages
  await obey({ user: USER, device: { id: vault.me().device_id }, flags: { lock: false, wipe: false } }, Date.now(), async () => ({}))
})

test('an order to lock locks', async () => {
  await vault.choose(PIN)
  const device = { id: vault.me().device_id, highest_seq: 0 }
  await obey({ user: USER, device, flags: { lock: true, wipe: false } }, Date.now(), async () => ({}))
  assert.equal(vault.unlocked(), false)
  assert.equal(await recall(`ordered:${USER.username}`), 'lock')
})
