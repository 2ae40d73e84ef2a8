// Every word the script says is there, in both languages, with the same values to fill in.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { SENTENCES as texts } from '../../static/src/sentences.js'
import { ago } from '../../static/src/text.js'

const src = new URL('../../static/src/', import.meta.url)
const sources = readdirSync(src, { recursive: true }).filter((name) => name.endsWith('.js') && name !== 'sentences.js')
  .map((name) => [name, readFileSync(new URL(name, src), 'utf8')])
const shell = readFileSync(new URL('../../templates/field.html', import.meta.url), 'utf8')

test('each sentence has two languages and the same values in both', () => {
  for (const [key, pair] of Object.entries(texts)) {
    assert.equal(pair.length, 2, key)
    const [chinese, english] = pair.map((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort())
    assert.ok(pair.every(Boolean), key)
    assert.deepEqual(chinese, english, key)
  }
})

test('what is said is in the catalogue', () => {
  const said = sources.flatMap(([name, text]) => [...text.matchAll(/\bt\('([\w./]+)'/g)].map(([, key]) => [name, key]))
  said.push(...[...shell.matchAll(/data-t(?:-label)?="([\w.]+)"/g)].map(([, key]) => ['field.html', key]))
  assert.ok(said.length > 50)
  for (const [name, key] of said) assert.ok(key in texts, `${key} of ${name}`)
})

test('how long ago, in words', () => {
  const minute = 60_000
  const said = [0, 5 * minute, 61 * minute, 47 * 60 * minute, 49 * 60 * minute].map((ms) => ago(0, ms).trim())
  assert.deepEqual(said, ['刚才', '5 分钟前', '1 小时前', '47 小时前', '2 天前'])
})
