// What the build promises of static/dist.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const dist = new URL('../../static/dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
const made = (name) => readFileSync(new URL(manifest[name], dist), 'utf8')

const size = (name) => gzipSync(made(name), { level: 9 }).length

/** All that a script asks for, at once or later, and what that asks for. */
function reached(name, known = new Set()) {
  for (const [, part] of made(name).matchAll(/"\.\/(part-[A-Z0-9]+\.js)"/g)) {
    if (known.has(part)) continue
    known.add(part)
    reached(part, known)
  }
  return known
}
const parts = [...reached('field.js')]

test('no script evaluates text', () => {
  for (const name of ['field.js', 'office.js', 'verify.js', ...parts]) assert.doesNotMatch(made(name), /\beval\(|\bFunction\(/)
})

test('the phone loads at most 60 kB of script and style before its first page, gzipped', () => {
  const first = parts.filter((name) => new RegExp(`from"\\./${name}"`).test(made('field.js')))
  assert.ok(first.length > 0 && first.length < parts.length) // others are asked for when their page is
  const bytes = ['field.js', 'field.css', ...first].reduce((sum, name) => sum + size(name), 0)
  assert.ok(bytes <= 60 * 1024, `${bytes} bytes`)
})

test('what only an agreement needs comes after it', () => {
  const later = parts.filter((name) => new RegExp(`import\\("\\./${name}"\\)`).test(made('field.js')))
  assert.equal(later.filter((name) => made(name).includes('penColor')).length, 1)
  assert.doesNotMatch(made('field.js'), /penColor/)
})

test('the worker knows the build and every asset of the shell', () => {
  const worker = readFileSync(new URL('sw.js', dist), 'utf8')
  for (const name of ['field.js', 'field.css', 'icons.svg', 'sentences.json', ...parts]) assert.ok(worker.includes(manifest[name]), `${name} is missing`)
  assert.ok(worker.includes(manifest.build))
})
