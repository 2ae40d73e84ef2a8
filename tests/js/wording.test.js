import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill } from '../../static/src/rules/wording.js'

test('wording: a fact is put in once and never read again', () => {
  assert.equal(fill('{debtor}, {creditor}', { debtor: '{creditor}', creditor: '$& $1 {debtor}' }), '{creditor}, $& $1 {debtor}')
})

test('wording: a template with a hole is refused', () => {
  const facts = { debtor: '傅琳', number: 5 }
  for (const [template, code] of [['{nobody}', 'wording.unknown'], ['{constructor}', 'wording.unknown'],
    ['{debtor', 'wording.brace'], ['debtor}', 'wording.brace'], ['{}', 'wording.brace'], ['{{debtor}}', 'wording.brace'],
    ['{Debtor}', 'wording.brace'], ['{number}', 'wording.blank']]) {
    assert.throws(() => fill(template, facts), { code })
  }
})
