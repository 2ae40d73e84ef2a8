// What the phone says of itself at every hello, what the office orders it to do, and the lease on its pages.
import { forget, heads, recall, remember, tell } from './db.js'
import * as drafts from './drafts.js'
import * as vault from './vault.js'

const LEASE_MS = 72 * 3600 * 1000

/** For X-Unsent: "<how many>,<since when>,<as_of of the pack>". */
export async function report() {
  const user = vault.me()?.username
  if (!user) return ''
  const [own, pack] = [(await heads()).find((row) => row.user === user), await recall(`pack:${user}`)]
  return [own?.n ?? 0, own ? new Date(own.oldest).toISOString() : '', pack?.as_of ?? ''].join()
}

/** After every hello; `revoke(device_id)` asks the server to forget that phone's token. */
export async function obey({ user, device, flags }, at, revoke) {
  const who = vault.me()
  if (!who || (user && user.username !== who.username)) return
  if (user) {
    await remember(`met:${who.username}`, at)
    const due = `revoke:${who.username}`
    const dropped = await recall(due)
    if (dropped) {
      const { ours, status } = await revoke(dropped)
      if (ours && status !== 401) await forget(due)
    }
  }
  // signed out, it is told of itself only where its owner's account is closed
  if (device?.id !== who.device_id) return
  const before = await recall(`ordered:${who.username}`) ?? ''
  const ordered = flags.wipe ? 'wipe' : flags.lock ? 'lock' : ''
  if (ordered !== before) await remember(`ordered:${who.username}`, ordered)
  if (ordered === 'wipe' && (await vault.lockState()).dropped !== 'wipe') await vault.drop('wipe')
  if (ordered === 'lock') {
    await drafts.flushAll()
    vault.lock('office')
  }
  if (ordered !== before) tell('ordered')
}

/** "", "lock" or "wipe": the office's last word that this phone has heard. */
export const ordered = async () => (vault.me() ? await recall(`ordered:${vault.who().username}`) ?? '' : '')

/** No word from the server for 72 hours, or the phone's clock is far from where it was. */
export async function leaseIsOver(now = Date.now()) {
  const met = await recall(`met:${vault.who().username}`)
  return !(Math.abs(now - met) <= LEASE_MS)
}
