import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { path } from '../../static/src/rules/path.js'

const vectors = JSON.parse(readFileSync(new URL('../vectors/path.json', import.meta.url)))

for (const { name, in: { events }, out } of vectors) {
  test(`path: ${name}`, () => assert.deepEqual(path(events), out))
}
