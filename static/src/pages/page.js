// Pages register here by the data-page of their outer element; show.js mounts and unmounts them.
import { language } from '../text.js'
import { hear } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import * as mine from '../offline/mine.js'
import * as outbox from '../offline/outbox.js'
import { basis as lawful } from './lawful.js'
import { each } from './dom.js'

const registered = new Map()
const locals = new Map()
let open = null // {root, hooks, ctx}

/**
 * on('talk', {mount(root, ctx), paint?(root, ctx), unmount?(root, ctx)})
 * paint runs after mount and whenever an event of this phone changed its state; ctx.events is fresh then.
 */
export const on = (name, hooks) => registered.set(name, hooks)

/** A page that the phone makes by itself: local('/m/outbox', async () => Element with data-page). */
export const local = (url, make) => locals.set(url, make)
export const localAt = (url) => locals.get(url)

/** Pages of these addresses register in their own time: they are mounted when what `ready()` promises has come. */
export const later = (addresses, ready) => { late.push([addresses, ready]) }
const late = []

export const current = () => open

/** What outbox.append needs to know of this visit. */
export const about = (root, ctx) => ({
  visit_id: ctx.visit_id, case_ref: ctx.case_ref, about: ctx.about,
  basis: {
    case_version: Number(root.dataset.version), assignment_id: Number(root.dataset.assignment) || root.dataset.assignment || null,
    ...lawful(ctx.visit_id),
  },
})

/**
 * ctx: {url, visit_id, case_ref, about, language, events, json(name), refresh()}
 * events: the server's (state "sent") and his own of this phone, by seq: [{event_id, type, body, seq, at, state, server_seq?, mine}…]
 */
export async function mount(root, url, still) {
  root.setAttribute('aria-busy', 'true') // until what the phone holds itself is painted too
  const { visit: visit_id = null, case: case_ref = null, name: about = '' } = root.dataset
  const json = (name) => {
    const holder = root.querySelector(`[data-json="${name}"]`)
    return holder ? JSON.parse(holder.textContent) : null
  }
  const ctx = { url, visit_id, case_ref, about, language: language(), json, ofCase: root.dataset.page === 'case', events: [], refresh: () => repaint() }
  const served = json('events') ?? []
  if (visit_id && served.length) {
    await outbox.known(visit_id, Math.max(...served.map(({ seq }) => seq)))
  }
  if (ctx.ofCase) await mine.replayed(each('[data-event-id]', root).map((line) => line.dataset.eventId))
  ctx.events = await merged(ctx)
  if (visit_id && served.length) mine.replayed(served.map(({ event_id }) => event_id)) // after what is read for the page
  await Promise.all(late.filter(([addresses]) => addresses.test(new URL(url, location.origin).pathname)).map(([, ready]) => ready()))
  if (!still()) return
  const now = { root, ctx, hooks: registered.get(root.dataset.page) ?? {} }
  open = now
  for (const form of each('form[data-event], form[data-draft]', root)) drafts.bind(form, url)
  try {
    await run(now, 'mount', 'paint')
  } finally {
    root.removeAttribute('aria-busy')
  }
}

/** What is still being done for a page when that has gone ends with it, and is no error. */
async function run(now, ...hooks) {
  try {
    for (const hook of hooks) if (open === now) await now.hooks[hook]?.(now.root, now.ctx)
  } catch (error) {
    if (open === now) throw error
  }
}

export async function unmount() {
  const was = open
  open = null
  await was?.hooks.unmount?.(was.root, was.ctx)
}

async function merged({ visit_id, case_ref, ofCase, json }) {
  const served = (json('events') ?? []).map((event) => ({ state: 'sent', ...event, mine: false }))
  const ids = new Set(served.map(({ event_id }) => event_id))
  const own = ofCase ? await mine.ofCase(case_ref) : visit_id ? (await mine.of(visit_id)).filter(({ event_id }) => !ids.has(event_id)) : []
  return [...served, ...own.map((event) => ({ ...event, mine: true }))].sort((a, b) => a.seq - b.seq)
}

async function repaint() {
  const now = open
  if (!now) return
  const events = await merged(now.ctx)
  if (open !== now) return
  now.ctx.events = events
  await run(now, 'paint')
}

/** Another page comes and paints itself: what was due for this one is spared. */
export function rest() {
  clearTimeout(due)
  due = 0
}

// A little later, once for many: what was tapped is painted first.
let due = 0
hear('changed', () => {
  due ||= setTimeout(() => {
    due = 0
    repaint()
  }, 60)
})
