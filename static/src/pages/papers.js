// A credit report or a bank statement that he showed: what stands on it, keyed; one event for each paper.
import { t, timeOf } from '../text.js'
import * as drafts from '../offline/drafts.js'
import * as outbox from '../offline/outbox.js'
import { TELLS } from './contact.js'
import { each, find, h } from './dom.js'
import { about, busy, complain } from './frame.js'
import { current } from './page.js'
import { word } from './path.js'
import { fen } from './sum.js'

const KINDS = ['bank-statement', 'credit-report']
const LESS = [['overdue', 'accounts'], ['debts', 'out']] // no part is more than its whole

TELLS['paper.keyed/1'] = (say, { kind, on }) => [say(`paper.${kind}`), on]

export function register() {
  document.addEventListener('click', ({ target }) => {
    const kind = target.closest('[data-opens]')?.dataset.opens
    if (KINDS.includes(kind)) photos(current(), find(`form[name=${kind}]`))
  })
  document.addEventListener('submit', (event) => {
    if (!KINDS.includes(event.target.getAttribute('name'))) return
    event.preventDefault()
    keep(current(), event.target)
  })
}

/** The papers photographed on this visit; the newest is likely the one. */
function photos({ root, ctx }, form) {
  const list = find('[data-papers]', form)
  const shown = ctx.events.filter(({ type, body, blobs }) => type === 'visit.photo/1' && blobs?.length && ['document', 'paper'].includes(body.kind))
  const chosen = list.value
  list.replaceChildren(list.options[0], ...shown.map(({ body, blobs, at }) =>
    h('option', { value: blobs[0].sha256 }, `${body.caption || word(root, `photo.${body.kind}`)} ${timeOf(at)}`)))
  list.value = chosen || list.options[list.options.length - 1].value
}

async function keep({ root, ctx }, form) {
  const [figures, wrong] = [{}, []]
  for (const input of each('[data-item]', form)) {
    const text = input.value.trim()
    const n = !text ? null : input.dataset.item === 'fen' ? amount(text) : /^\d{1,3}$/.test(text) ? Number(text) : NaN
    if (n === null ? input.dataset.needed !== undefined : !(n >= 0) || n > Number(input.dataset.most ?? 1e13)) wrong.push(input.name)
    else if (n !== null) figures[input.name] = n
  }
  if (figures.months === 0) wrong.push('months')
  for (const [part, whole] of LESS) if (figures[part] > figures[whole]) wrong.push(part)
  if (!form.elements.on.value || !form.elements.on.checkValidity()) wrong.unshift('on')
  const dialog = form.closest('dialog')
  complain(dialog, wrong.length ? t('visit.check') : null, wrong)
  if (wrong.length) return
  await busy(root, find('[type=submit]', form), async () => {
    const body = {
      kind: form.getAttribute('name'), on: form.elements.on.value, photo: form.elements.photo.value || null, text: '',
      figures: Object.entries(figures).map(([item, n]) => ({ item, n })),
    }
    await outbox.append({ ...about(root, ctx), type: 'paper.keyed/1', body, draft: form })
    form.reset()
    await drafts.of(form)?.discard()
    dialog.close()
  }, t('visit.keeping'))
}

/** "0" is a sum here, too. */
const amount = (text) => (/^0+([.]0*)?$/.test(text) ? 0 : fen(text) ?? NaN)
