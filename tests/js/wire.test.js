// The bytes on the wire, against the worked example that the server reads too.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { base64url, canonical, envelope, sha256hex, unbase64url, utf8, verify } from '../../static/src/offline/wire.js'

const example = JSON.parse(readFileSync(new URL('../vectors/wire.json', import.meta.url)))
const ephemeral = async (name) => {
  const { jwk, public_key } = example.keys[name]
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  return {
    privateKey: await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits']),
    publicKey: await crypto.subtle.importKey('raw', unbase64url(public_key), curve, true, []),
  }
}
const text = (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

for (const { value, jcs, sha256 } of example.canonical) {
  test(`canonical: ${jcs.slice(0, 40)}`, async () => {
    assert.equal(text(canonical(value)), jcs)
    assert.equal(await sha256hex(canonical(value)), sha256)
  })
}

test('what is no integer or half a character does not travel', () => {
  for (const value of [{ a: 1.5 }, { a: NaN }, { a: 2 ** 53 }]) assert.throws(() => canonical(value), { code: 'number' })
  for (const value of [{ a: '\ud800' }, { '\udc00': 1 }]) assert.throws(() => canonical(value), { code: 'text' })
})

for (const [name, key] of [['note', 'ephemeral'], ['photo', 'ephemeral_photo']]) {
  test(`an event comes out byte for byte: ${name}`, async () => {
    const { event, jcs, sha256, signature, iv, envelope: expected } = example[name]
    const bytes = canonical(event)
    assert.equal(text(bytes), jcs)
    assert.equal(await sha256hex(bytes), sha256)
    const device = await crypto.subtle.importKey('raw', unbase64url(example.keys.device.public_key), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify'])
    assert.ok(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, device, unbase64url(signature), bytes))
    const plain = new Uint8Array([...unbase64url(signature), ...bytes])
    const made = await envelope(example.keys.envelope, event.event_id, event.type, plain, { ephemeral: await ephemeral(key), iv: unbase64url(iv) })
    assert.equal(base64url(made), expected)
  })
}

test('a photo comes out byte for byte', async () => {
  const { plain, sha256, iv, envelope: expected, sent_sha256 } = example.blob
  assert.equal(await sha256hex(unbase64url(plain)), sha256)
  const made = await envelope(example.keys.envelope, sha256, 'blob/1', unbase64url(plain), { ephemeral: await ephemeral('ephemeral_blob'), iv: unbase64url(iv) })
  assert.equal(base64url(made), expected)
  assert.equal(await sha256hex(made), sent_sha256)
})

test('a verdict is believed only as the server signed it', async () => {
  assert.equal(text(canonical(Object.fromEntries(Object.entries(example.verdict).filter(([key]) => key !== 'sig')))), example.verdict_jcs)
  assert.ok(await verify(example.verdict, example.keys.signing))
  for (const change of [{ server_seq: 10433 }, { status: 'held' }, { sha256: 'f'.repeat(64) }, { key_id: 'x' }, { sig: undefined }]) {
    assert.ok(!await verify({ ...example.verdict, ...change }, example.keys.signing), JSON.stringify(change))
  }
  assert.ok(!await verify(example.verdict, { ...example.keys.signing, public_key: example.keys.device.public_key }))
})

test('base64url and back', () => {
  const bytes = utf8('他说：月底')
  assert.deepEqual(unbase64url(base64url(bytes)), bytes)
  assert.doesNotMatch(base64url(new Uint8Array([251, 255, 254, 250])), /[+/=]/)
})
