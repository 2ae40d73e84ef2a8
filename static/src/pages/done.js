// What was done on this visit, painted from its events into the fragment's templates: text only, with the state of each.
import { t, timeOf } from '../text.js'
import { each, find } from './dom.js'
import { last, word } from './path.js'
import { tag } from './state.js'

export function fill(root, type, slots) {
  const copy = find(`[data-template="${type}"]`, root).content.cloneNode(true)
  for (const [name, value] of Object.entries(slots)) {
    const slot = find(`[data-slot="${name}"]`, copy)
    if (value instanceof Node) slot.replaceWith(value)
    else slot.textContent = value
  }
  return copy
}

export function paintConsent(root, ctx, state) {
  const list = find('[data-list="visit.consent/1"]', root)
  if (!list) return
  const items = ctx.events.filter((event) => event.type === 'visit.consent/1')
  list.hidden = !items.length
  list.replaceChildren(...items.map((event) => fill(root, event.type, {
    time: timeOf(event.at), entry: word(root, `entry.${event.body.entry}`), state: tag(event, [event]),
    present: event.body.present.map((code) => word(root, `present.${code}`)).join(t('list.comma')),
  })))
  const shown = ctx.events.some(({ type }) => type === 'visit.second/1')
  for (const part of each('[data-proof]', list.parentElement)) part.hidden = (part.dataset.proof === 'shown') !== shown
  const form = find('form[name="consent"]', root)
  form.hidden = items.length > 0 && form.dataset.again === undefined
  const again = find('[data-again]', root)
  again.hidden = !form.hidden || state.open === 'done'
  if (!form.hidden && items.length) for (const part of each('[data-act] > *', root)) if (part.dataset.ready !== undefined || part.dataset.done !== undefined) part.hidden = part.dataset.ready === undefined
}

export function paintNotes(root, ctx) {
  for (const list of each('[data-list="visit.note/1"]', root)) {
    const items = ctx.events.filter((event) => event.type === 'visit.note/1' && event.body.kind === list.dataset.kind)
    list.replaceChildren(...items.map((event) => fill(root, event.type, { text: event.body.text, time: timeOf(event.at), state: tag(event, [event]) })))
  }
}

export function paintEnding(root, ctx, state) {
  const form = find('form[name="ending"]', root)
  if (!form) return
  const ended = last(ctx.events, 'visit.ended/1')
  const signed = ctx.events.some((event) => event.type === 'signature.captured/1')
  for (const field of each('fieldset, [data-field="next_on"]', form)) field.hidden = Boolean(ended)
  find('[data-field="outcome"]', form).hidden = Boolean(ended) || state.stopped
  find('[data-copy]', form).hidden = !signed || Boolean(ended)
  if (!ended) choose(form, ctx, state, signed)
  const count = (type) => ctx.events.filter((event) => event.type === type).length
  const rows = [
    [t('visit.sum.notes'), count('visit.note/1')], [t('visit.sum.photos'), count('visit.photo/1')],
    [t('visit.sum.agreement'), t(signed ? 'visit.sum.signed' : count('signature.refused/1') ? 'visit.sum.refused' : 'visit.sum.none')],
    ...(ended ? [[t('visit.sum.outcome'), word(root, `outcome.${ended.body.outcome}`)], [t('visit.sum.next'), word(root, `next.${ended.body.next_action}`)]] : []),
  ]
  find('[data-summary]', form).replaceChildren(...rows.map(([name, value]) => fill(root, 'summary', { name, value: String(value) })))
}

/** What the events already tell need not be tapped again; he may change it. */
function choose(form, ctx, state, signed) {
  const entry = last(ctx.events, 'visit.consent/1')?.body.entry
  const likely = signed ? 'agreement' : { refused: 'refused', nobody: 'not_met' }[entry] ?? (state.done.includes('talk') ? 'no_agreement' : '')
  if (likely && !form.elements.outcome.value) form.elements.outcome.value = likely
  if (state.stopped && !form.elements.next_action.value) form.elements.next_action.value = 'office'
  find('[data-field="next_on"]', form).hidden = !['visit', 'call'].includes(form.elements.next_action.value)
}

export function onlyMinors(root) {
  const notice = find('[data-only-minors]', root)
  if (!notice) return
  const present = each('[name="present"]:checked', root).map((box) => box.value)
  notice.hidden = present.length !== 1 || present[0] !== 'minor'
  for (const part of each('[data-others]', root)) part.hidden = !present.length || !notice.hidden || present.includes('debtor') || present[0] === 'nobody'
}
