import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typed } from '../../static/src/rules/speech.js'
import { vectors } from './vectors.js'

const { rules, vectors: stories } = vectors('speech')

for (const { text, found } of stories) {
  test(`speech: ${text}`, () => assert.deepEqual(typed(text, rules).map(({ row, words }) => [row, words]), found))
}
