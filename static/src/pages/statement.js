// Income and spending (收支表): figures with their source, what is left always in view, one event when they are kept.
import { language, t, timeOf } from '../text.js'
import * as drafts from '../offline/drafts.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import { ITEMS, assess, meanings } from '../rules/affordability.js'
import { yuan } from '../rules/money.js'
import { each, find, h } from './dom.js'
import { about, busy, complain, mountFrame } from './frame.js'
import { last, paintPath, word } from './path.js'
import { on, show } from './show.js'

const ALL = Object.values(ITEMS).flat()
let off = () => {}

export const register = () => on('statement', { mount, paint: settle, unmount: () => off() })

/** A visit that is over takes no more figures. */
function settle(root, ctx) {
  const { open, stopped } = paintPath(root, ctx)
  find('form[name=statement]', root).hidden = open === 'done' || stopped
}

async function mount(root, ctx) {
  off = mountFrame(root, ctx)
  const form = find('form[name=statement]', root)
  sources(root, ctx, form)
  const before = last(ctx.events, 'statement.taken/1')
  const handle = drafts.of(form)
  const rules = await pack.data('affordability')
  if (!await handle?.restored && before) fill(form, before.body)
  const keep = (declined) => busy(root, find('[data-submit]', root), async () => {
    const { figures, dependants, wrong } = read(form)
    if (find('[data-ready]', root).hidden) return // Enter in a field, where the step is blocked
    if (!declined) {
      complain(root, wrong.length ? t('statement.wrong') : null, wrong)
      if (wrong.length) return
      const { missing } = assess({ declined, figures }, rules.policy)
      if (missing.length) {
        complain(root, t('statement.missing'))
        find(`[data-field="${missing[0] === 'income' ? 'wage' : 'food'}"] input`, form).focus()
        return
      }
    }
    const body = {
      declined, figures: declined ? [] : figures, dependants: declined ? { children: 0, elders: 0, others: 0 } : dependants,
      supersedes: before?.event_id ?? null,
    }
    await outbox.append({ ...about(root, ctx), type: 'statement.taken/1', body, draft: form })
    await show(form.dataset.next)
  }, t('visit.keeping'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    keep(false)
  })
  find('[data-declined]', root).addEventListener('click', () => keep(true))
  form.addEventListener('input', () => paint(root, form, rules))
  form.addEventListener('draft:restored', () => paint(root, form, rules))
  paint(root, form, rules)
}

/** Said, seen, or one of the papers photographed on this visit. Filled before a draft is restored into it. */
function sources(root, ctx, form) {
  const papers = ctx.events.filter(({ type, blobs }) => type === 'visit.photo/1' && blobs?.length).map(({ body, blobs, at }) =>
    [blobs[0].sha256, `${t('statement.paper')} ${body.caption || word(root, `photo.${body.kind}`)} ${timeOf(at)}`])
  const kinds = [['said', t('statement.said')], ['seen', t('statement.seen')], ...papers]
  for (const select of each('[data-source]', form)) select.replaceChildren(...kinds.map(([value, name]) => h('option', { value }, name)))
}

function fill(form, { figures, dependants }) {
  for (const { item, fen, source, photo } of figures) {
    form.elements[item].value = yuan(fen).replaceAll(',', '').replace(/\.00$/, '')
    form.elements[`source.${item}`].value = photo ?? source
  }
  for (const [who, count] of Object.entries(dependants)) form.elements[who].value = count || ''
}

/** "8,000.5", also as a Chinese keyboard writes it → fen; null for nothing, NaN for what is no sum. */
export function fenOf(text) {
  const clean = text.normalize('NFKC').replace(/[,\s]/g, '')
  if (!clean) return null
  const [, whole, part = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(clean) ?? []
  return whole === undefined ? NaN : Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

function read(form) {
  const figures = []
  const wrong = []
  for (const item of ALL) {
    const fen = fenOf(form.elements[item].value)
    const from = form.elements[`source.${item}`].value || 'said'
    const photo = from.length === 64 ? from : null
    if (Number.isNaN(fen)) wrong.push(item)
    else if (fen !== null) figures.push({ item, fen, source: photo ? 'document' : from, photo })
  }
  const dependants = {}
  for (const who of ['children', 'elders', 'others']) {
    dependants[who] = Number(form.elements[who].value || 0)
    if (!form.elements[who].checkValidity()) wrong.push(who)
  }
  return { figures, dependants, wrong }
}

/** The sum of each group, and what is left of it all, in the words of the rules. */
function paint(root, form, rules) {
  const { figures } = read(form)
  for (const place of each('[data-sum]', form)) {
    const sum = figures.filter(({ item }) => ITEMS[place.dataset.sum].includes(item)).reduce((total, { fen }) => total + fen, 0)
    place.textContent = sum ? yuan(sum) : ''
  }
  if (!rules) return
  const home = assess({ declined: false, figures }, rules.policy)
  const [left, most] = meanings(home, rules.policy, language(), rules)
  find('[data-left]', root).replaceChildren(h('strong', {}, left.text), ...most ? [' ', most.text] : [])
  find('[data-left]', root).classList.toggle('bad', home.surplus_fen < 0)
}
