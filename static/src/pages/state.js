// The state bar that never leaves, the six state words, and the line that says what works without a signal.
import { ago, t, timeOf } from '../text.js'
import { older } from '../offline/build.js'
import { db, heads, hear, keepsNothing, recall } from '../offline/db.js'
import * as pack from '../offline/pack.js'
import * as sender from '../offline/sender.js'
import * as vault from '../offline/vault.js'
import { each, find, h, icon, say } from './dom.js'

const LOOKS = {
  draft: ['', 'draft'], saved: ['', 'phone'], sending: ['live', 'send'], sent: ['good', null], waiting: ['warn', 'people'], needs: ['bad', 'mind'],
}
const DAY = 24 * 3600 * 1000

/** How far the work of a visit has come: {done, all}, photos counted. `items` as mine.of or ctx.events give them. */
export function progressOf(items) {
  if (!counted.has(items)) counted.set(items, count(items))
  return counted.get(items)
}
const counted = new WeakMap() // every item of a visit asks for the same

function count(items) {
  const own = items.filter((item) => item.mine !== false)
  const all = own.reduce((sum, item) => sum + 1 + (item.blobs?.length ?? 0), 0)
  const left = own.reduce((sum, item) => sum + (item.server_seq ? 0 : 1) + (item.blobs_left ?? 0), 0)
  return { done: all - left, all }
}

/** What holds now: a saved item is being sent while a drain is under way. */
export const stateOf = (item) => (item.state === 'saved' && sender.progress.active ? 'sending' : item.state)

/** The words of a state, as they stand everywhere. */
export function words(item, items = [item]) {
  const state = stateOf(item)
  if (state === 'sending') return t('state.sending', progressOf(items))
  return t(`state.${state}`, { no: item.server_seq ?? '' })
}

/** The tag of an item: icon, word and colour. `items`: all of its visit, for "3 of 5". */
export function tag(item, items = [item]) {
  const state = stateOf(item)
  const [colour, drawing] = LOOKS[state]
  return h('span', { class: `tag ${colour}`.trim(), 'data-state': state }, drawing && icon(drawing), h('span', {}, words(item, items)))
}

/**
 * {n, needs, oldest} of this user: what has no receipt, photos counted; `oldest` in ms or null.
 * others {n, who, oldest}: what somebody else left here; it is sent with his own, and he reads no word of it.
 */
export async function summary() {
  const user = vault.me()?.username
  if (!user) return { n: 0, needs: 0, oldest: null, others: { n: 0, who: '', oldest: null } }
  const [waiting, mine] = [await heads(), await (await db()).getAllFromIndex('mine', 'user', user)]
  const { n, needs, oldest } = waiting.find((row) => row.user === user) ?? { n: 0, needs: 0, oldest: null }
  const others = waiting.filter((row) => row.user !== user)
  return {
    n, oldest, needs: needs + mine.filter((row) => row.status === 'rejected' && !row.replayed_at).length,
    others: {
      n: others.reduce((sum, row) => sum + row.n, 0), who: others.map((row) => row.user).join(t('list.comma')),
      oldest: others.length ? Math.min(...others.map((row) => row.oldest)) : null,
    },
  }
}

let most = 0 // the whole of what is being sent, for "3 of 5"

async function paintBar() {
  const { n, needs, oldest, others } = await summary()
  most = sender.progress.active ? Math.max(most, n) : 0
  const late = needs > 0 || ([oldest, others.oldest].some((at) => at !== null && Date.now() - at > DAY))
  const parts = []
  if (document.documentElement.dataset.recording !== undefined) parts.push(t('sound.on'))
  if (!vault.me()) parts.push(t('bar.signed_out'))
  else if (needs) parts.push(t('bar.needs', { n: needs }))
  if (most && n) parts.push(t('bar.sending', { done: most - n, all: most }))
  else if (n) parts.push(t('bar.unsent', { n, ago: ago(oldest) }))
  else if (vault.me() && !needs && !others.n) parts.push(t('bar.all_sent'))
  if (others.n) parts.push(t('bar.others', others))
  if (older((await recall('server'))?.minimum_build)) parts.push(t('bar.update'))
  const bar = find('#bar')
  const text = parts.join(' · ')
  if (bar.dataset.text === text && bar.classList.contains('bad') === late) return
  if (bar.dataset.text && text === t('bar.all_sent')) say(text)
  bar.dataset.text = text
  for (const copy of each('[data-bar]')) copy.textContent = text
  bar.classList.toggle('bad', late)
  bar.replaceChildren(icon(late || !vault.me() ? 'mind' : n || others.n ? 'outbox' : 'tick'), text)
}

let due = 0

/** Once for all the news of a moment, and after what was tapped. */
function paintSoon() {
  due ||= setTimeout(() => {
    due = 0
    paintBar()
  }, 60)
}

/** Fills every [data-offline-ready] of the page: what works without a signal, and since when. */
async function paintReady() {
  const places = each('[data-offline-ready]')
  if (!places.length) return
  const kept = await pack.status()
  for (const place of places) {
    place.classList.toggle('good', Boolean(kept) && !keepsNothing())
    place.replaceChildren(...(keepsNothing() ? [icon('mind'), ` ${t('ready.online')}`] : kept
      ? [icon('tick'), ` ${t('ready')}`, h('br'), t('ready.at', { time: timeOf(kept.at) })]
      : [t('ready.not')]))
  }
}

export function start() {
  for (const news of ['changed', 'sending', 'user', 'recording']) hear(news, paintSoon)
  hear('saved', (news) => { if (!news?.quiet) say(t('state.saved')) })
  for (const news of ['pack', 'painted']) hear(news, paintReady)
  setInterval(paintBar, 30_000) // "2 h" grows by itself
  return paintBar()
}

export { paintBar }
