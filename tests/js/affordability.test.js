import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answered } from './households.mjs'
import { vectors } from './vectors.js'

const words = vectors('affordability').find(({ name }) => name === 'words').out

for (const { name, in: given, out, refused } of vectors('affordability').filter((vector) => vector.name !== 'words')) {
  test(`affordability: ${name}`, () => {
    if (refused) assert.throws(() => answered(given, words), { code: refused })
    else assert.deepEqual(answered(given, words), out)
  })
}
