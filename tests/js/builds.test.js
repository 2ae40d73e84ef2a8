// Which builds may begin new work: the same rows as tests/fieldvisit/rules/test_builds.py.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begins, older } from '../../static/src/offline/build.js'
import { fen } from '../../static/src/pages/sum.js'

const ROWS = [
  ['0.1.0+1a2b3c4d5e6f', '', false], ['0.1.0+1a2b3c4d5e6f', '0.1', false], ['0.1.0+1a2b3c4d5e6f', '0.1.1', true],
  ['0.9.0+1a2b3c4d5e6f', '0.10', true], ['1.0.0+1a2b3c4d5e6f', '0.10', false], ['dev', '9.0', false],
]

test('builds are compared by their version, number by number', () => {
  for (const [build, least, expected] of ROWS) assert.equal(older(least, build), expected, `${build} ${least}`)
})

test('what begins is a visit or what is beside visits; the rest of a visit goes on', () => {
  assert.ok(begins({ type: 'visit.started/1', visit_id: 'v' }))
  assert.ok(begins({ type: 'contact.made/1', visit_id: null }))
  assert.ok(!begins({ type: 'visit.note/1', visit_id: 'v' }))
})

test('a sum as people write it is whole fen, and what is no sum is null', () => {
  for (const [text, sum] of [['500', 50_000], ['1,500.5', 150_050], ['１２００．０５', 120_005], ['¥650元', 65_000], ['0', null], ['', null], ['5.005', null], ['abc', null], ['-5', null]]) {
    assert.equal(fen(text), sum, text)
  }
})
