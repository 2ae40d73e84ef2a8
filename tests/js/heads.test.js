// What the state bar counts: entries and photos of each user, by an index, in a store of any release.
import 'fake-indexeddb/auto'
import assert from 'node:assert/strict'
import test from 'node:test'
import { openDB } from 'idb'
import { db, heads } from '../../static/src/offline/db.js'

const entry = (event_id, user, created, state = 'saved') => ({ event_id, user, state, created })
const photo = (sent_sha256, event_id, user, created, state = 'saved') =>
  ({ sent_sha256, event_id, user, state, created, bytes: new ArrayBuffer(9) })

test('a phone of an earlier release is counted as it stands', async () => {
  const old = await openDB('fieldvisit', 1, {
    upgrade(base) {
      base.createObjectStore('outbox', { keyPath: 'event_id' }).createIndex('user', 'user')
      const blobs = base.createObjectStore('blobs', { keyPath: 'sent_sha256' })
      for (const index of ['user', 'event_id']) blobs.createIndex(index, index)
    },
  })
  await old.put('outbox', entry('a', 'zhoumin', 300))
  await old.put('blobs', photo('x', 'a', 'zhoumin', 200))
  old.close()
  assert.deepEqual(await heads(), [{ user: 'zhoumin', n: 2, needs: 0, oldest: 200 }])
})

test('each user by himself, and what needs him', async () => {
  const base = await db()
  await base.put('outbox', entry('b', 'zhoumin', 100, 'needs'))
  await base.put('outbox', entry('c', 'linfang', 50))
  await base.put('blobs', photo('y', 'c', 'linfang', 400, 'needs'))
  assert.deepEqual(await heads(), [{ user: 'linfang', n: 2, needs: 1, oldest: 50 }, { user: 'zhoumin', n: 3, needs: 1, oldest: 100 }])
  for (const name of ['outbox', 'blobs']) await base.clear(name)
  assert.deepEqual(await heads(), [])
})
