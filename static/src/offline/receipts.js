// Receipts: what lets an event leave the outbox, and what says later how a person has decided.
import { recall, remember, strict, tell } from './db.js'
import { call } from './server.js'
import * as vault from './vault.js'
import { verify } from './wire.js'

export const STORED = new Set(['applied', 'held', 'rejected'])

/** Takes a receipt if it is the server's and of our bytes; only then the event leaves the outbox. → was it taken? */
export async function accept({ counter: _, ...verdict }) {
  const keys = (await recall('server')).signings
  if (!await verify(verdict, { key_id: verdict.key_id, public_key: keys[verdict.key_id] ?? '' }).catch(() => false)) return false
  const tx = await strict(['outbox', 'mine', 'receipts'])
  const [row, mine, before] = await Promise.all(['outbox', 'mine', 'receipts'].map((name) => tx.objectStore(name).get(verdict.event_id)))
  const ours = row?.sha256 ?? before?.sha256
  const taken = ours === verdict.sha256 && STORED.has(verdict.status) && verdict.rev >= (before?.rev ?? 0)
  if (taken) {
    const { status, code, message, server_seq } = verdict
    tx.objectStore('receipts').put(verdict)
    tx.objectStore('outbox').delete(verdict.event_id)
    if (mine) tx.objectStore('mine').put({ ...mine, status, code, message, server_seq })
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
    for (const receipt of json.receipts) await accept(receipt)
    await remember(key, json.next)
    more = json.receipts.length > 0 && json.next > since
    if (json.receipts.length) tell('changed')
  }
}
