// The day on the phone, beside its list: another order, a sketch of its doors, one more visit.
import { t } from '../text.js'
import { hear } from '../offline/db.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import { call } from '../offline/server.js'
import * as vault from '../offline/vault.js'
import { each, find, h, icon, once, say } from './dom.js'
import { busy } from './frame.js'
import { sketch } from './map.js'
import { freshen } from './show.js'

let waits = false // for a day that the server lays out anew
hear('sending', async ({ active }) => {
  if (active || !waits || !vault.unlocked()) return
  waits = false
  if (await pack.refresh() === 'new') await freshen()
})

const listOf = (root) => find('ol.visits[data-order]', root)
const beside = ({ dataset }) => ({
  visit_id: null, case_ref: dataset.case,
  basis: { case_version: Number(dataset.version), assignment_id: Number(dataset.assignment) || dataset.assignment || null },
})

/** His own last order that the page does not know yet; the hours of the old one go. */
export function order(root, all) {
  const list = listOf(root)
  const own = list && all.filter(({ type, body, event_id }) =>
    type === 'plan.ordered/1' && body.on === root.dataset.on && !list.dataset.order.includes(event_id)).sort((a, b) => (a.event_id < b.event_id ? -1 : 1)).at(-1)
  if (own && !list.classList.contains('sorting')) {
    const items = new Map(each(':scope > li', list).map((item) => [item.dataset.visit, item]))
    const fixed = [...items.values()].filter(({ dataset }) => !own.body.order.includes(dataset.visit))
    list.replaceChildren(...fixed, ...own.body.order.map((id) => items.get(id)).filter(Boolean))
    list.classList.add('moved')
  }
  map(root)
}

function map(root) {
  const place = find('[data-map]', root)
  const items = each('ol.visits[data-order] > li', root)
  const doors = items.map((item, at) => ({
    n: at + 1, lat: Number(item.dataset.lat), lon: Number(item.dataset.lon), done: item.classList.contains('done'), name: find('h2 span', item).textContent,
  })).filter(({ lat, lon }) => lat && lon)
  place.hidden = doors.length < 2
  find('[data-unplaced]', place).hidden = doors.length === items.length
  if (doors.length > 1) find('[data-drawing]', place).replaceChildren(sketch(doors, t('day.sketch', { n: doors.length })))
}

export function mount(root) {
  const [sort, sorted, list] = [find('[data-sort]', root), find('[data-sorted]', root), listOf(root)]
  const open = () => each(':scope > li:not(.done)', list).filter(({ dataset }) => dataset.state !== 'started')
  const toggle = (on) => {
    list.classList.toggle('sorting', on)
    if (on) list.classList.add('moved')
    sort.setAttribute('aria-pressed', String(on))
    sorted.hidden = !on
    for (const row of each('.sort', list)) row.remove()
    for (const item of on ? open() : []) {
      item.append(h('div', { class: 'sort' }, ...[['up', -1], ['down', 1]].map(([name, by]) =>
        h('button', { type: 'button', class: 'button', 'aria-label': `${t(`day.${name}`)}: ${find('h2 span', item).textContent}`, onclick: ({ currentTarget }) => move(item, by, currentTarget) }, by < 0 ? '↑' : '↓'))))
    }
  }
  const move = (item, by, button) => {
    const all = open()
    const other = all[all.indexOf(item) + by]
    if (!other) return
    if (by < 0) other.before(item)
    else other.after(item)
    button.focus()
    say(t('day.place', { n: open().indexOf(item) + 1 }))
    map(root)
  }
  sort?.addEventListener('click', () => toggle(sort.getAttribute('aria-pressed') !== 'true'))
  sorted?.addEventListener('click', () => busy(root, sorted, async () => {
    const ids = open().map(({ dataset }) => dataset.visit)
    if (ids.length) await outbox.append({ ...beside(open()[0]), about: t('day.order'), type: 'plan.ordered/1', body: { on: root.dataset.on, order: ids } })
    waits = true
    toggle(false)
  }))
  further(root)
}

/** Any case of his, found by the server: names of cases that are not due do not lie on the phone. */
function further(root) {
  const place = find('[data-further]', root)
  const [form, list, said] = [find('form', place), find('[data-found]', place), find('[data-said]', place)]
  const want = once(async (found, button) => {
    try {
      await outbox.append({ ...beside({ dataset: found }), about: found.name, type: 'plan.wanted/1', body: { on: root.dataset.on } })
      waits = true
      button.disabled = true
      said.textContent = t('day.wanted', { name: found.name })
    } catch (error) {
      said.textContent = t('fail.other')
      if (!error.code) throw error
    }
  })
  form.addEventListener('submit', once(async (event) => {
    event.preventDefault()
    list.replaceChildren()
    const words = form.elements.q.value.trim()
    const answer = await call('GET', `/sync/cases?q=${encodeURIComponent(words)}`, { headers: vault.token() ? { 'X-Unlock': vault.token() } : {} })
    const found = answer.ours && answer.status === 200 ? answer.json.cases : null
    said.textContent = found?.length ? '' : t(found ? 'day.none' : 'day.no_signal')
    list.replaceChildren(...(found ?? []).map((one) => h('li', {}, h('span', {}, h('b', {}, one.name), ' ', h('span', { class: 'mute' }, one.street)),
      one.paused ? h('span', { class: 'tag warn' }, icon('wait'), t('day.paused')) : h('button', { type: 'button', class: 'button', onclick: ({ currentTarget }) => want(one, currentTarget) }, t('day.want')))))
  }))
}
