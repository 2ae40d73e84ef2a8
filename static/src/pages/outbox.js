// The outbox page: what, when, state, last try, reason in words, and Send now.
import { has, t, timeOf } from '../text.js'
import { hear, tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import { lockedFiles } from '../offline/export.js'
import * as mine from '../offline/mine.js'
import { revisions } from '../offline/receipts.js'
import * as sender from '../offline/sender.js'
import { find, h, icon, say } from './dom.js'
import { local, on } from './page.js'
import { stateOf, summary, tag, words } from './state.js'

const ORDER = ['needs', 'sending', 'saved', 'waiting', 'sent']

const make = () => h('div', { class: 'page', 'data-page': 'outbox' },
  h('header', { class: 'day' }, h('h1', { tabindex: '-1' }, t('outbox.title')), h('p', { 'data-tried': true })),
  h('p', { class: 'mute' }, t('outbox.promise')),
  h('p', { class: 'mute', 'data-drafts': true, hidden: true }),
  h('p', { class: 'notice', 'data-others': true, hidden: true }),
  h('ol', { class: 'sent' }),
  h('div', { class: 'act' }, h('button', { type: 'button', class: 'button main wide', 'data-send': true, onclick: sendNow }),
    h('button', { type: 'button', class: 'button quiet wide', 'data-export': true, hidden: true, onclick: exportLocked }, icon('receive'), t('outbox.export'))))

function reason(item) {
  const state = stateOf(item)
  if (item.message) return item.message
  if (item.blobs_left && item.state === 'sending') return t('why.photos', { n: item.blobs_left })
  if (has(`why.${item.code}`)) return t(`why.${item.code}`)
  return state === 'sending' ? t('outbox.sending') : t(`why.${state}`)
}

let lines = new Map() // of the page that is shown: {key, li} by event

/** The same element again where nothing of it has changed. */
function line(item, ofVisit) {
  const key = [words(item, ofVisit), item.about, reason(item), item.last_at, item.server_seq].join()
  const known = lines.get(item.event_id)
  if (known?.key === key) return known.li
  const li = draw(item, ofVisit)
  lines.set(item.event_id, { key, li })
  return li
}

function draw(item, ofVisit) {
  const what = has(`type.${item.type}`) ? t(`type.${item.type}`) : item.type
  const { done, all: whole } = { done: item.blobs.length - item.blobs_left, all: item.blobs.length }
  return h('li', { 'data-event': item.event_id },
    h('div', { class: 'pair' }, tag(item, ofVisit), h('time', { datetime: item.at }, item.at.slice(11, 16))),
    h('h2', {}, [what, item.about].filter(Boolean).join(' · ')),
    h('p', {},
      item.state === 'sending' && whole ? h('progress', { max: whole, value: done, 'aria-label': t('state.sending', { done, all: whole }) }) : null,
      reason(item), item.last_at && item.state !== 'sent' ? ` ${t('outbox.tried', { time: timeOf(item.last_at) })}` : null),
    item.state === 'needs' && item.server_seq === null ? h('button', { type: 'button', class: 'button', onclick: sendNow }, t('outbox.again'), icon('send')) : null)
}

const SLICE = 40
let turn = 0
let latest

async function fill(root) {
  const now = ++turn
  const [all, { n, others }, unfinished] = await Promise.all([mine.all(), summary(), drafts.count()])
  const shown = [...all].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || (a.at < b.at) - (a.at > b.at))
  const visits = new Map()
  for (const item of all) {
    if (!visits.has(item.visit_id)) visits.set(item.visit_id, [])
    if (!item.replayed) visits.get(item.visit_id).push(item)
  }
  const list = root.querySelector('ol')
  const made = []
  for (const item of shown) {
    made.push(line(item, visits.get(item.visit_id)))
    if (made.length % SLICE) continue
    await new Promise((done) => { setTimeout(done) }) // a week's work is no reason to stand still under a finger
    if (!root.isConnected) return undefined
    if (now !== turn) return latest
  }
  list.replaceChildren(...made)
  if (!all.length) list.replaceChildren(h('li', {}, h('h2', {}, t('outbox.empty')), h('p', {}, t('outbox.empty.do'))))
  const sketch = root.querySelector('[data-drafts]')
  sketch.hidden = !unfinished
  sketch.textContent = t('outbox.drafts', { n: unfinished })
  const left = root.querySelector('[data-others]')
  left.hidden = !others.n
  left.textContent = t('outbox.others', others)
  paintAct(root, n + others.n)
}

function paintAct(root, n) {
  const { active, why, at } = sender.progress
  const button = root.querySelector('[data-send]')
  button.replaceChildren(icon(n ? 'send' : 'sync'), active ? t('outbox.sending') : n ? t('outbox.send', { n }) : t('outbox.check'))
  find('[data-export]', root).hidden = !n
  const parts = [why && has(`why.${why}`) && !active ? short(why) : null, at ? t('outbox.tried', { time: timeOf(at) }) : null].filter(Boolean)
  root.querySelector('[data-tried]').replaceChildren(...parts.flatMap((part, index) => (index ? [h('br'), part] : [part])))
}

const short = (why) => t(`why.${why}`).split(/[。.]/)[0]

async function sendNow() {
  const outcome = await sender.drain({ force: true })
  if (outcome === 'nothing') await revisions()
  if (outcome === 'sign_in') tell('sign_in', { asked: true })
  say(find('#bar').dataset.text)
}

/** For a phone that cannot send: the office takes the file in, exactly once. */
async function exportLocked() {
  for (const { name, blob } of await lockedFiles()) {
    const link = h('a', { href: URL.createObjectURL(blob), download: name, hidden: true })
    document.body.append(link)
    link.click()
    link.remove()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }
  say(t('outbox.exported'))
}

async function count(root) {
  const { n, others } = await summary()
  paintAct(root, n + others.n)
}

let off = () => {}

export function start() {
  local('/m/outbox', make)
  on('outbox', {
    mount(root) {
      lines = new Map()
      const listen = async () => { if (root.isConnected) await count(root) }
      off = hear('sending', listen)
    },
    paint: (root) => (latest = fill(root)),
    unmount() {
      off()
      lines = new Map() // nothing of it stays for a locked phone
    },
  })
}
