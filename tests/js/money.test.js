import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as money from '../../static/src/rules/money.js'
import { vectors } from './vectors.js'

for (const { name, in: given, out, refused } of vectors('money')) {
  test(`money: ${name}`, () => {
    const call = () => money[given.function](...given.arguments)
    if (refused) assert.throws(call, { message: refused })
    else assert.equal(call(), out)
  })
}

test('money: nothing but whole fen', () => {
  for (const amount of [true, '1', null, undefined, NaN, 2 ** 60]) assert.throws(() => money.yuan(amount))
})
