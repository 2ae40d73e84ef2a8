// What the build promises of static/dist.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const dist = new URL('../../static/dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'))
const made = (name) => readFileSync(new URL(manifest[name], dist), 'utf8')

test('no script evaluates text', () => {
  for (const name of ['field.js', 'office.js']) assert.doesNotMatch(made(name), /\beval\(|\bFunction\(/)
})

test('the phone loads at most 60 kB of script and style, gzipped', () => {
  const bytes = ['field.js', 'field.css'].reduce((sum, name) => sum + gzipSync(made(name), { level: 9 }).length, 0)
  assert.ok(bytes <= 60 * 1024, `${bytes} bytes`)
})

test('the worker knows the build and every asset of the shell', () => {
  const worker = readFileSync(new URL('sw.js', dist), 'utf8')
  for (const name of ['field.js', 'field.css', 'icons.svg']) assert.ok(worker.includes(manifest[name]), `${name} is missing`)
  assert.ok(worker.includes(manifest.build))
})
