import assert from 'node:assert/strict'
import { test } from 'node:test'
import { within } from '../../static/src/rules/offer.js'
import { vectors } from './vectors.js'

for (const { name, in: { offer, terms, rows, today }, out } of vectors('offer')) {
  test(`offer: ${name}`, () => assert.deepEqual(within(offer, terms, rows, today), out))
}

test('offer: terms that are no terms are refused', () => {
  for (const terms of [null, {}, [], { method: 'interest-free/1' }]) {
    assert.deepEqual(within({}, terms, [], '2026-11-24'), ['offer.terms'])
  }
})
