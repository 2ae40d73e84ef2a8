// Today: the server's list, with the state of each visit as this phone knows it, and the next door to prepare.
import { path } from '../rules/path.js'
import { db } from '../offline/db.js'
import * as mine from '../offline/mine.js'
import * as vault from '../offline/vault.js'
import { mountAsks, paintAsks } from './contact.js'
import { each, find } from './dom.js'
import { dialogs } from './frame.js'
import { on } from './page.js'
import { stateOf, tag } from './state.js'
import { t } from '../text.js'

const day = () => import('./day.js').catch(() => null) // what is done about the day, not what it is

const WORST_FIRST = ['needs', 'waiting', 'sending', 'saved', 'sent']
const FINAL = ['needs', 'approved'] // the office has spoken; only unsent work says something newer

/** Ids of visits in which something is typed and not yet kept. */
async function withDrafts() {
  const rows = (await (await db()).getAll('drafts')).filter((row) => vault.unlocked() && row.user === vault.who().username)
  const urls = await Promise.all(rows.map(async (row) => (await vault.openJson(row.box)).url))
  return new Set(urls.map((url) => url.match(/^\/m\/visits\/([^/]+)\//)?.[1]).filter(Boolean))
}

export function worst(items) {
  return [...items].sort((a, b) => WORST_FIRST.indexOf(stateOf(a)) - WORST_FIRST.indexOf(stateOf(b)))[0]
}

const bySeq = (events) => [...events].sort((a, b) => a.seq - b.seq)

function paintVisit(item, own, drafted, all) {
  const did = (type) => own.some((event) => event.type === type)
  const off = all.some(({ type, body }) => type === 'plan.put_off/1' && body.visit === item.dataset.visit && body.new_on !== item.dataset.on)
  const ended = off || item.dataset.state === 'put_off' || did('visit.ended/1') || ['sent', 'sending', 'approved', 'needs'].includes(item.dataset.state)
  const started = did('visit.started/1') || item.dataset.state === 'started'
  const unsent = own.filter((event) => !event.replayed && stateOf(event) !== 'sent')
  const place = find('[data-tag]', item)
  const template = (name) => find(`template[data-tag="${name}"]`, item.closest('[data-page]')).content.cloneNode(true)
  if (off) place.replaceChildren(template('off'))
  else if (unsent.length) place.replaceChildren(tag(worst(unsent), own.filter((event) => !event.replayed)))
  else if (drafted && !ended) place.replaceChildren(template('draft'))
  else if (ended && own.length && !FINAL.includes(item.dataset.state)) place.replaceChildren(template('sent'))
  else if (started && !ended) place.replaceChildren(template('started'))
  item.classList.toggle('done', ended && item.dataset.state !== 'needs')
  for (const missing of each('[data-missing]', item)) missing.hidden = started
  return { started, ended, step: item.dataset.state === 'needs' || !did('visit.started/1') ? null : path(bySeq(own)).open }
}

export function register() {
  on('today', {
    async mount(root) {
      (await day())?.mount(root)
    },
    async paint(root) {
      const [all, drafted] = [await mine.all(), await withDrafts()]
      const plan = await day()
      let next = null
      plan?.order(root, all)
      for (const item of each('.visits > li', root)) {
        const id = item.dataset.visit
        const { started, ended, step } = paintVisit(item, all.filter((event) => event.visit_id === id), drafted.has(id), all)
        const link = find(`[data-act] [data-next="${id}"]`, root)
        for (const way of [find('a', item), link]) {
          if (way && step) way.setAttribute('href', `/m/visits/${id}/${step === 'done' ? 'leave' : step}`)
        }
        if (!link) continue
        find('[data-when="new"]', link).hidden = started
        find('[data-when="started"]', link).hidden = !started
        if (!ended && (!next || (started && !next.started))) next = { item, link, started }
        item.classList.remove('next')
        link.hidden = true
      }
      next?.item.classList.add('next')
      if (next) next.link.hidden = false
      const finished = find('[data-all-done]', root)
      if (finished) finished.hidden = Boolean(next)
    },
  })
  on('case', {
    mount(root, ctx) {
      dialogs(root)
      mountAsks(root, ctx, { beside: true })
    },
    paint(root, ctx) {
      const { events } = ctx
      paintAsks(root, ctx)
      const notice = find('[data-unsent]', root)
      const n = events.filter((event) => event.mine && event.state !== 'sent').length
      notice.hidden = !n
      find('span', notice).textContent = t('case.unsent', { n })
    },
  })
}
