// Prepare, Arrive, Talk and Leave: their forms become events.
import { t, timeOf } from '../text.js'
import { tell } from '../offline/db.js'
import * as drafts from '../offline/drafts.js'
import * as outbox from '../offline/outbox.js'
import { position } from '../capture/position.js'
import { each, find } from './dom.js'
import { mountAsks, paintAsks } from './contact.js'
import { onlyMinors, paintConsent, paintEnding, paintNotes } from './done.js'
import { due, paintCards } from './due.js'
import { SOON_MS, about, busy, complain, end, mountFrame } from './frame.js'
import { paintLawful, stopped } from './lawful.js'
import { paintPath } from './path.js'
import * as order from './photo-order.js'
import * as photos from './photos.js'
import * as recorder from './recorder.js'
import { on, show } from './show.js'

const ticked = (form, name) => each(`[name="${name}"]:checked`, form).map((box) => box.value)

async function start(root, ctx, form) {
  const unread = due(root)
  if (unread) {
    complain(root, t('cards.due'))
    unread.scrollIntoView({ block: 'center' })
    return
  }
  const boxes = each('input', form)
  const left = boxes.filter((box) => !box.checked)
  const button = find('[data-submit]', root)
  if (left.length && form.dataset.anyway === undefined) {
    form.dataset.anyway = ''
    complain(root, t('visit.not_ticked', { names: left.map((box) => box.parentElement.textContent.trim()).join(t('list.comma')) }))
    for (const box of boxes) box.addEventListener('change', () => complain(root, null), { once: true })
    return
  }
  const stops = await stopped(root, ctx, 'visit')
  if (stops) {
    complain(root, stops)
    find('[data-twin="lawful"]', root).scrollIntoView({ block: 'center' }) // there stands what may be done about it
    return
  }
  await busy(root, button, async () => {
    const body = { bring: ticked(form, 'bring'), second: ticked(form, 'second')[0] ?? null, ...await position() }
    await outbox.append({ ...about(root, ctx), type: 'visit.started/1', body, draft: form })
    await show(form.dataset.next)
  }, t('visit.working'))
}

async function consent(root, ctx, form) {
  const [present, entry] = [ticked(form, 'present'), form.elements.entry.value]
  const wrong = [!present.length && 'present', !entry && 'entry'].filter(Boolean)
  complain(root, wrong.length ? t('visit.check') : null, wrong)
  if (wrong.length) return
  await busy(root, find('[data-submit]', root), async () => {
    const body = {
      identity_shown: ticked(form, 'identity_shown').length > 0, recording_announced: ticked(form, 'recording_announced').length > 0,
      present, second: ticked(form, 'second')[0] ?? null, entry,
    }
    await recorder.keep(root, ctx)
    await outbox.append({ ...about(root, ctx), type: 'visit.consent/1', body, draft: form })
    const met = ['given', 'outside'].includes(entry)
    await show(met ? form.dataset.next : form.dataset.next.replace(/talk$/, 'leave'))
  })
}

/** All notes that have text, each an event of its own; then on to the address of the button. */
async function keepNotes(root, ctx, button) {
  const forms = each('form[data-event="visit.note/1"]', root).filter((form) => form.elements.text.value.trim())
  const state = paintPath(root, ctx)
  const late = state.open === 'done'
  const noted = late || state.stopped || ctx.events.some((event) => event.type === 'visit.note/1' && event.body.kind !== 'opinion')
  if (!noted && !forms.some((form) => form.dataset.kind !== 'opinion')) {
    complain(root, t('visit.no_note'))
    find('textarea', root).focus()
    return
  }
  const asked = await import('./own-words.js').then(({ warning }) => warning(forms)).catch(() => '') // it holds nothing up
  if (asked) return complain(root, asked)
  await busy(root, button, async () => {
    for (const form of forms) {
      const body = { kind: form.dataset.kind, text: form.elements.text.value.trim() }
      await outbox.append({ ...about(root, ctx), type: 'visit.note/1', body, draft: form })
      form.reset()
      drafts.of(form)?.discard() // it went with the event; this lets the form be used again
    }
    await order.keep(root, ctx)
    await show(state.stopped && !late ? button.dataset.next.replace(/today$/, `visits/${ctx.visit_id}/leave`) : button.dataset.next)
  })
}

async function ending(root, ctx, form) {
  const { stopped } = paintPath(root, ctx)
  const [outcome, action] = [stopped ? 'stopped' : form.elements.outcome.value, form.elements.next_action.value]
  const dated = ['visit', 'call'].includes(action)
  const day = form.elements.next_on
  const wrong = [!outcome && 'outcome', !action && 'next_action', dated && (!day.value || !day.checkValidity()) && 'next_on'].filter(Boolean)
  complain(root, wrong.length ? t('visit.check') : null, wrong)
  if (wrong.length) return
  await busy(root, find('[data-submit]', root), async () => {
    const body = {
      outcome, next_action: action, next_on: dated ? day.value : null, copy_left: ticked(form, 'copy_left').length > 0, ...await position(SOON_MS),
    }
    await end(root, ctx, body, form)
    await show(form.dataset.next)
  }, t('visit.working'))
}

const FORMS = { start, consent, ending }

/** "10:21 kept as a draft", said once it is. */
function draftSaved(root) {
  const place = find('[data-saved]', root)
  if (!place) return
  place.hidden = false
  find('[data-saved-at]', place).textContent = timeOf(Date.now())
}

/** What was marked as missing and is answered now is marked no longer. */
function settle(field) {
  for (const place of field ? each('[data-wrong]', field) : []) place.hidden = true
  for (const input of field ? each('input', field) : []) input.removeAttribute('aria-invalid')
}

/** Card and rights, once he has put them away again: what was on the screen, in what language, for how long. */
function notices(root, ctx) {
  const dialog = find('[data-dialog="card"]', root)
  let since = 0
  root.addEventListener('click', ({ target }) => { if (target.closest('[data-opens="card"]')) since = performance.now() })
  const handed = document.documentElement.dataset
  const held = () => handed.handover !== undefined
  find('[data-hand-over]', dialog ?? root)?.addEventListener('click', ({ currentTarget }) => {
    handed.handover = '' // as at signing: whatever leads away from here leads to the lock
    currentTarget.hidden = true
    find('[data-closes]', dialog).textContent = t('signed.back')
  })
  dialog?.addEventListener('cancel', (event) => { if (held()) event.preventDefault() })
  dialog?.addEventListener('close', async () => {
    const ms = Math.round(performance.now() - since)
    const { open } = paintPath(root, ctx)
    root.hidden = held() // nothing of the visit is seen on the way to the lock
    if (open !== 'prepare' && open !== 'done' && ms >= 1000) { // else a slip of the finger
      const body = { notice: 'card-and-rights', language: ctx.language, ms }
      await outbox.append({ ...about(root, ctx), type: 'notice.shown/1', body }).catch((error) => { if (!error.code) throw error })
    }
    if (!held()) return
    delete handed.handover
    tell('lock', { why: 'handover' })
  })
}

let off = () => {}

export function register() {
  on('visit', {
    mount(root, ctx) {
      off = mountFrame(root, ctx)
      for (const [name, send] of Object.entries(FORMS)) {
        const form = find(`form[name="${name}"]`, root)
        form?.addEventListener('submit', (event) => {
          event.preventDefault()
          send(root, ctx, form)
        })
      }
      for (const button of each('button[data-submit][data-next]', root)) button.addEventListener('click', () => keepNotes(root, ctx, button))
      find('[data-again]', root)?.addEventListener('click', () => {
        find('form[name="consent"]', root).dataset.again = ''
        this.paint(root, ctx)
      })
      let timer = 0
      root.addEventListener('input', ({ target }) => {
        if (!target.closest('form.note')) return
        complain(root, null)
        clearTimeout(timer)
        timer = setTimeout(() => { if (root.isConnected) draftSaved(root) }, 400)
      })
      root.addEventListener('change', ({ target }) => {
        settle(target.closest('[data-field]'))
        onlyMinors(root)
        const form = find('form[name="ending"]', root)
        if (form) find('[data-field="next_on"]', form).hidden = !['visit', 'call'].includes(form.elements.next_action.value)
      })
      root.addEventListener('draft:restored', () => { onlyMinors(root); draftSaved(root); this.paint(root, ctx) })
      mountAsks(root, ctx)
      notices(root, ctx)
      photos.mount(root, ctx)
      recorder.mount(root, ctx)
    },
    async paint(root, ctx) {
      const state = paintPath(root, ctx)
      const form = find('form[name="start"]', root)
      if (form) form.hidden = state.done.includes('prepare')
      paintConsent(root, ctx, state)
      paintNotes(root, ctx)
      const uncounted = find('[data-uncounted]', root)
      if (uncounted) uncounted.hidden = !ctx.events.some(({ type, state }) => type === 'score.ticked/1' && state !== 'sent')
      paintAsks(root, ctx)
      paintEnding(root, ctx, state)
      recorder.paint(root, ctx)
      await Promise.all([photos.paint(root, ctx), paintLawful(root, ctx), paintCards(root)])
    },
    unmount() {
      off()
      photos.unmount()
    },
  })
}

