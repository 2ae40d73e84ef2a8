// Receipts: what lets an event leave the outbox, and what says later how a person has decided.
import { recall, remember, strict, tell } from './db.js'
import { call } from './server.js'
import * as vault from './vault.js'
import { verify } from './wire.js'

export const STORED = new Set(['applied', 'held', 'rejected'])

/**
 * Takes the receipts that are the server's and of our bytes, all in one transaction; only then their events leave the outbox.
 * → the ids of those that were taken
 */
export async function accept(verdicts) {
  const keys = (await recall('server')).signings
  const taken = new Set()
  const signed = (await Promise.all(verdicts.map(async ({ counter: _, ...verdict }) =>
    STORED.has(verdict.status) && await verify(verdict, { key_id: verdict.key_id, public_key: keys[verdict.key_id] ?? '' }).catch(() => false) && verdict))).filter(Boolean)
  if (!signed.length) return taken
  const tx = await strict(['outbox', 'mine', 'receipts'])
  const [outbox, mine, receipts] = ['outbox', 'mine', 'receipts'].map((name) => tx.objectStore(name))
  for (const verdict of signed) { // in turn: two of them may be revisions of one event
    const { event_id, status, code, message, server_seq } = verdict
    const [row, own, before] = await Promise.all([outbox, mine, receipts].map((store) => store.get(event_id)))
    if ((row?.sha256 ?? before?.sha256) !== verdict.sha256 || verdict.rev < (before?.rev ?? 0)) continue
    taken.add(event_id)
    receipts.put(verdict)
    outbox.delete(event_id)
    if (own) mine.put({ ...own, status, code, message, server_seq })
  }
  await tx.done
  return taken
}

/** New revisions: a person has decided what was held. */
export async function revisions() {
  const key = `receipts:${vault.who().device_id}`
  for (let more = true; more;) {
    const since = await recall(key) ?? 0
    const { ours, status, json } = await call('GET', `/sync/receipts?since=${since}`)
    if (!ours || status !== 200) return
    await accept(json.receipts)
    await remember(key, json.next)
    more = json.receipts.length > 0 && json.next > since
    if (json.receipts.length) tell('changed')
  }
}
