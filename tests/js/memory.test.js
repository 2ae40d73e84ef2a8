// What stands in for the store where the browser keeps nothing answers as the store would.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { memory } from '../../static/src/offline/memory.js'

const STORES = { meta: {}, pack: { keyPath: 'name', by: ['user'] } }

const real = () => openDB('beside', 1, { upgrade(base) {
  base.createObjectStore('meta')
  base.createObjectStore('pack', { keyPath: 'name' }).createIndex('user', 'user')
} })

async function walk(base) {
  const said = []
  const say = async (promise) => said.push(await promise)
  await base.put('meta', 1, 'a')
  for (const [name, user] of [['x', 'ana'], ['y', 'bruno'], ['z', 'ana']]) await base.put('pack', { name, user })
  await say(base.get('meta', 'a'))
  await say(base.get('meta', 'none'))
  await say(base.getAll('pack'))
  await say(base.getAllFromIndex('pack', 'user', 'ana'))
  await say(base.countFromIndex('pack', 'user', 'ana'))
  await say(base.getAllKeysFromIndex('pack', 'user', 'ana'))
  const tx = base.transaction(['pack', 'meta'], 'readwrite')
  for (let cursor = await tx.objectStore('pack').openCursor(); cursor; cursor = await cursor.continue()) if (cursor.value.user === 'ana') await cursor.delete()
  await tx.objectStore('meta').delete('a')
  await say(tx.objectStore('pack').index('user').getAllKeys('bruno'))
  await tx.done
  await say(base.get('meta', 'a'))
  await say(base.getAll('pack'))
  const one = base.transaction('meta', 'readwrite')
  await one.store.put(2, 'b')
  await say(one.store.get('b'))
  await one.done
  await base.delete('pack', 'y')
  await say((await base.transaction('pack').store.index('user').openCursor())?.value)
  return said
}

test('the same calls give the same answers', async () => {
  assert.deepEqual(await walk(memory(STORES)), await walk(await real()))
})
