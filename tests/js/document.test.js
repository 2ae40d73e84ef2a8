import assert from 'node:assert/strict'
import { test } from 'node:test'
import { build, check_code, terms_hash } from '../../static/src/rules/document.js'
import { sets, vectors } from './vectors.js'

const AGREEMENT = '01938f1a-5c00-7000-8000-0000000000a1'

const built = ({ offer, choice, language, others }) =>
  build(offer, choice, sets['cn-repayment'], sets['cn-rights'], language, AGREEMENT, { offer_sig: 'c2ln', others })

for (const { name, in: given, out, refused } of vectors('document')) {
  test(`document: ${name}`, async () => {
    if (refused) {
      await assert.rejects(built(given), { code: refused })
      return
    }
    const agreement = await built(given)
    assert.deepEqual(agreement.rendered_text.map(({ text }) => text), out.texts)
    const sha256 = await terms_hash(agreement)
    assert.deepEqual([sha256, check_code(sha256)], [out.terms_sha256, out.check_code])
  })
}
