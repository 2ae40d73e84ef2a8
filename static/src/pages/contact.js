// What goes beside a visit's notes: a call, a promise, new contact data, a request about the case. Each form an event.
import { t, timeOf } from '../text.js'
import * as drafts from '../offline/drafts.js'
import * as outbox from '../offline/outbox.js'
import { yuan } from '../rules/money.js'
import { each, find } from './dom.js'
import { fill } from './done.js'
import { show } from './show.js'
import { about, busy, complain } from './frame.js'
import { paintCall } from './lawful.js'
import { word } from './path.js'
import { tag } from './state.js'
import { fen } from './sum.js'

const chosen = (form, name) => form.elements[name]?.value ?? ''
const own = (form) => find('[name=party]:checked', form)?.dataset ?? {}

// What each form says, and which fields it lacks.
const FORMS = {
  call: { type: 'contact.made/1', body: (form) => ({ channel: chosen(form, 'channel'), outcome: chosen(form, 'outcome') }), needs: ['outcome'] },
  promise: {
    type: 'promise.made/1', needs: ['amount', 'on'],
    body: (form) => ({ amount_fen: fen(chosen(form, 'amount')), on: chosen(form, 'on'), way: chosen(form, 'way') }),
    wrong: ({ amount_fen }, form) => [!amount_fen && 'amount', !form.elements.on.checkValidity() && 'on'],
  },
  change: {
    type: 'contact.change_requested/1', needs: ['property', 'after'],
    body: (form) => ({ party: chosen(form, 'party'), property: chosen(form, 'property'), before: own(form)[chosen(form, 'property')] ?? '', after: chosen(form, 'after').trim() }),
    wrong: ({ before, after }) => [before === after && 'after'],
  },
  ticks: {
    type: 'score.ticked/1', needs: [], body: (form) => ({ ticks: each('[name=ticks]:checked', form).map(({ value }) => value) }),
    wrong: ({ ticks }) => [!ticks.length && 'ticks'],
  },
  putoff: {
    type: 'plan.put_off/1', needs: ['reason'], beside: true, next: '/m/today',
    body: (form) => ({ visit: chosen(form, 'visit'), reason: chosen(form, 'reason'), new_on: chosen(form, 'new_on') || null }),
    wrong: (_, form) => [!form.elements.new_on.checkValidity() && 'new_on'],
  },
  status: {
    type: 'case.status_requested/1', needs: ['status', 'reason'],
    body: (form) => ({ status: chosen(form, 'status'), reason: chosen(form, 'reason'), until: chosen(form, 'status') === 'paused' ? chosen(form, 'until') || null : null }),
  },
}

export const TELLS = {
  'contact.made/1': (say, { channel, outcome }) => [say(`channel.${channel}`), say(`answer.${outcome}`)],
  'promise.made/1': (say, { amount_fen, on, way }) => [yuan(amount_fen), on, say(`way.${way}`)],
  'contact.change_requested/1': (say, { property, after }) => [say(`property.${property}`), after],
  'score.ticked/1': (say, { ticks }) => ticks.map((code) => say(`tick.${code}`)),
  'case.status_requested/1': (say, { status, reason, until }) => [say(`status.${status}`), say(`reason.${reason}`), until],
}

/** `beside`: a case's own page, where no visit is under way. */
export function mountAsks(root, ctx, { beside = false } = {}) {
  for (const [name, ask] of Object.entries(FORMS)) {
    const form = find(`form[name="${name}"]`, root)
    form?.addEventListener('submit', (event) => {
      event.preventDefault()
      keep(root, ctx, form, ask, beside)
    })
    for (const news of ['change', 'draft:restored']) form?.addEventListener(news, () => settle(form))
    if (form && name === 'call') mountCall(root, ctx, form)
    // while he writes, not when he leaves the field: what moves under a tap makes it miss
    form?.addEventListener('input', ({ target }) => {
      const wrong = find('[data-wrong]', target.closest('[data-field]') ?? form)
      if (wrong) wrong.hidden = true
    })
  }
}

/** Before a call is made the rules are asked, with no signal too; what they say goes with what is written down. */
function mountCall(root, ctx, form) {
  const place = find('[data-call-says]', form)
  const look = async () => {
    const act = chosen(form, 'channel')
    calls.set(form, ['call', 'message'].includes(act) ? await paintCall(place, root, ctx, act) : null)
    if (!calls.get(form)) place.replaceChildren()
  }
  root.addEventListener('click', ({ target }) => { if (target.closest('[data-opens="call"]')) look() })
  form.addEventListener('change', ({ target }) => { if (target.name === 'channel') look() })
}
const calls = new WeakMap()

/** Known so far, and the fields that the choice asks for. */
function settle(form) {
  const until = find('[data-until]', form)
  if (until) until.hidden = chosen(form, 'status') !== 'paused'
  const line = find('[data-present-line]', form)
  if (!line) return
  const present = own(form)[chosen(form, 'property')]
  line.hidden = !present
  find('[data-present]', line).textContent = present ?? ''
  form.elements.after.inputMode = chosen(form, 'property') === 'mobile' ? 'tel' : 'text'
}

async function keep(root, ctx, form, { type, body, needs, wrong, beside: always, next }, beside) {
  const dialog = form.closest('dialog')
  const said = { ...body(form), text: chosen(form, 'text').trim() }
  const lacking = [...new Set([...needs.filter((name) => !chosen(form, name).trim()), ...(wrong?.(said, form) ?? []).filter(Boolean)])]
  complain(dialog, lacking.length ? t('visit.check') : null, lacking)
  if (lacking.length) return
  await busy(root, find('[type="submit"]', form), async () => {
    const its = about(root, ctx)
    const { rules, verdicts } = calls.get(form) ?? {}
    await outbox.append({ ...its, ...(rules && { basis: { ...its.basis, rules, verdicts } }), ...((beside || always) && { visit_id: null }), type, body: said, draft: form })
    form.reset()
    settle(form)
    await drafts.of(form)?.discard()
    dialog.close()
    if (next) await show(next)
  }, t('visit.keeping'))
}

export function paintAsks(root, { events }) {
  const list = find('[data-list=asks]', root)
  if (!list) return
  const items = events.filter(({ type }) => type in TELLS)
  list.hidden = !items.length
  list.replaceChildren(...items.map((event) => fill(root, 'asks', {
    time: timeOf(event.at), what: t(`type.${event.type}`), state: tag(event, [event]),
    text: [...TELLS[event.type]((code) => word(root, code), event.body), event.body.text].filter(Boolean).join(' · '),
  })))
}
