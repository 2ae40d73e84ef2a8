// Paints the path of a visit from its events: steps, what blocks this one, how long he has been here. For every page of a visit.
import { t, timeOf } from '../text.js'
import { path } from '../rules/path.js'
import { each, find } from './dom.js'

const LATE = 'no_note' // on Talk itself the note is what the page is for, not what blocks it

/** A word of the fragment by its code, e.g. "entry.given". */
export const word = (root, code) => find(`[data-word="${code}"]`, root)?.textContent ?? code

export const last = (events, type) => events.findLast((event) => event.type === type)

/** → the path. `events` as ctx.events gives them. */
export function paintPath(root, { events }) {
  const state = path(events)
  const step = ['sign', 'statement'].includes(root.dataset.step) ? 'agree' : root.dataset.step
  for (const item of each('.path > .step:not(.open)', root)) {
    const name = item.dataset.for
    item.classList.toggle('done', state.done.includes(name))
    item.classList.toggle('skipped', state.skipped.includes(name))
    item.classList.toggle('wait', !state.done.includes(name) && !state.skipped.includes(name))
  }
  paintAct(root, state, step)
  paintHead(root, state, events)
  return state
}

function paintAct(root, state, step) {
  const act = find('[data-act]', root)
  if (!act) return
  const code = state.blockers[step].find((each) => step !== 'talk' || each !== LATE)
  const over = state.open === 'done' || state.stopped
  const finished = state.open === 'done' && step !== 'talk' // on Talk he may add what was forgotten
  const done = Boolean(find('[data-done]', act)) && state.done.includes(step)
  act.classList.toggle('blocked', Boolean(code))
  for (const part of each('[data-blocked]', act)) part.hidden = part.dataset.blocked !== code
  const only = code ? 'blocked' : finished && find('[data-finished]', act) ? 'finished' : over && step === 'talk' ? 'late' : done ? 'done' : 'ready'
  for (const name of ['finished', 'late', 'done', 'ready']) for (const part of each(`[data-${name}]`, act)) part.hidden = name !== only
  for (const button of each('[data-no-agreement]', root)) button.hidden = over
  const onward = find('[data-onward]', act)
  if (state.open !== 'done') onward?.setAttribute('href', onward.getAttribute('href').replace(/[a-z]+$/, state.open))
}

function paintHead(root, state, events) {
  const [started, ended] = [last(events, 'visit.started/1'), last(events, 'visit.ended/1')]
  const since = find('[data-since]', root)
  if (since) {
    since.hidden = !started || Boolean(ended)
    find('[data-planned]', root).hidden = !since.hidden
    if (started) since.textContent = t('visit.since', { time: timeOf(started.at), minutes: Math.max(0, Math.floor((Date.now() - Date.parse(started.at)) / 60_000)) })
  }
  for (const stop of each('[data-opens="stop"]', root)) stop.hidden = !started || Boolean(ended) || state.stopped
  paintSafety(root, events, !started || ended || state.stopped)
  const over = find('[data-over]', root)
  if (over) {
    over.hidden = !ended
    if (ended) find('[data-over-text]', over).textContent = t('visit.over', { time: timeOf(ended.at), outcome: word(root, `outcome.${ended.body.outcome}`) })
  }
  const stopped = find('[data-stopped]', root)
  if (stopped) stopped.hidden = !state.stopped || Boolean(ended)
}

/** By when he gives a word that all is well, and whether he has called for help: a small mark, no more. */
function paintSafety(root, events, away) {
  for (const part of each('[data-safe]', root)) part.hidden = Boolean(away)
  const [word, help] = ['[data-checkin]', '[data-help]'].map((name) => find(name, root))
  if (away || !word) return
  const said = events.findLast(({ type }) => type === 'visit.checkin/1' || type === 'visit.started/1')
  const due = Date.parse(said.at) + word.dataset.checkin * 60_000
  find('[data-label]', word).textContent = t('safe.by', { time: timeOf(due) })
  word.classList.toggle('bad', due < Date.now())
  help.classList.toggle('good', events.some(({ type }) => type === 'visit.help/1'))
}
