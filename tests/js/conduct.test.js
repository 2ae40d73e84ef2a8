import assert from 'node:assert/strict'
import { test } from 'node:test'
import { weigh } from '../../static/src/rules/conduct.js'
import { vectors } from './vectors.js'

const { packs, vectors: stories } = vectors('conduct')

for (const { name, in: { pack, situation }, out } of stories) {
  test(`conduct: ${name}`, () => assert.deepEqual(weigh(situation, packs[pack]), out))
}
