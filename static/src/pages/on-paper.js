// He signs by hand: the same text printed, every page photographed in its order, then one signature for each who signed it.
import * as camera from '../capture/camera.js'
import { position } from '../capture/position.js'
import * as drafts from '../offline/drafts.js'
import { photo } from '../offline/thumbs.js'
import * as outbox from '../offline/outbox.js'
import * as pack from '../offline/pack.js'
import * as vault from '../offline/vault.js'
import { sha256hex } from '../offline/wire.js'
import { check_code } from '../rules/document.js'
import { language } from '../text.js'
import { words } from './debtor.js'
import { each, find, h, icon, once } from './dom.js'
import { SOON_MS, failure } from './frame.js'
import { personOf } from './others.js'

const IDS = ['seen:id-card', 'seen:passport', 'not-seen']
const INK = ['hand', 'hand-and-fingerprint']

/** Painted over the hand-over; `keep(signatures)` writes them down and returns what speaks against it, `back()` leads back. */
export function onPaper({ place, ctx, agreement, sha256, missing }, { keep, back, collectors }) {
  const say = words(language())
  const code = check_code(sha256)
  const base = { visit_id: ctx.visit_id, case_ref: ctx.case_ref, about: ctx.about }
  // what was photographed before a reload is known by the code that is its caption
  const pages = ctx.events.filter(({ type, body }) => type === 'visit.photo/1' && body.kind === 'paper' && body.caption.startsWith(code)).map(({ blobs }) => blobs[0].sha256)
  const wrong = h('p', { class: 'wrong', role: 'alert', hidden: true })
  const tell = (text = '') => { wrong.textContent = text; wrong.hidden = !text }
  const list = h('ol', { class: 'pages' })
  const file = h('input', { type: 'file', accept: 'image/*', capture: 'environment', class: 'hide', id: 'paper-file' })
  const radios = (name, values, key) => values.map((value) => h('label', {}, h('input', { type: 'radio', name, value }), say(`${key}.${value}`)))

  async function paint() {
    const urls = await Promise.all(pages.map((one) => photo(one)))
    list.replaceChildren(...urls.map((url, n) => h('li', {}, url ? h('img', { src: url, alt: say('paper.page', { n: n + 1 }), width: 96 }) : '', say('paper.page', { n: n + 1 }))))
  }

  const take = once(async () => {
    const [chosen] = file.files
    if (!chosen) return
    tell()
    try {
      const { bytes, mime, width, height, thumb } = await camera.fromFile(chosen, (await pack.data('capture'))?.original_bytes)
      await outbox.append({
        ...base, type: 'visit.photo/1', blobs: [{ bytes, mime, role: 'photo', thumb }],
        body: { kind: 'paper', caption: `${code} · ${pages.length + 1}`, width, height, ...await position(SOON_MS) },
      })
      pages.push(await sha256hex(bytes))
      await paint()
    } catch (error) {
      tell(failure(error))
    }
    file.value = ''
  })
  file.addEventListener('click', () => drafts.flushAll())
  file.addEventListener('change', take)

  const print = once(async () => {
    tell()
    const answer = await fetch(`/sync/agreements/${agreement.agreement_id}/text.pdf`, { cache: 'no-store', headers: { 'X-Unlock': vault.token() ?? '' } }).catch(() => null)
    if (!answer?.ok || answer.headers.get('content-type') !== 'application/pdf') return tell(say('paper.no_print'))
    const link = h('a', { href: URL.createObjectURL(await answer.blob()), download: `${code}.pdf` })
    link.click()
    return setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  })

  const form = h('form', { class: 'stack wide', method: 'dialog', 'data-on-paper': true },
    h('h1', { tabindex: -1 }, say('paper.title')), h('p', {}, say('paper.why')),
    h('div', { class: 'check-code' }, h('span', {}, say('paper.code')), h('span', { class: 'code' }, code)),
    h('button', { type: 'button', class: 'button wide', onclick: print }, icon('receive'), say('paper.print')),
    missing.map((signer) => h('fieldset', { class: 'choices' }, h('legend', {}, `${personOf(agreement, signer).name} · ${say('sign.id')}`), radios(`id:${signer.role}:${signer.party}`, signer.role === 'collector' ? ['colleague'] : IDS, 'sign.id'))),
    h('fieldset', { class: 'choices' }, h('legend', {}, say('paper.ink')), radios('ink', INK, 'paper.ink')),
    h('h2', {}, say('paper.pages')), h('p', { class: 'mute' }, say('paper.pages.why')), list, file,
    h('button', { type: 'button', class: 'button wide', onclick: () => file.click() }, icon('camera'), say('paper.take')), wrong,
    h('div', { class: 'act' }, h('button', { type: 'submit', class: 'button main wide' }, icon('tick'), say('paper.do')),
      h('button', { type: 'button', class: 'button quiet wide', onclick: back }, say('refuse.back'))))
  const done = once(async () => {
    const said = new FormData(form)
    const groups = each('fieldset', form).map((group) => find('input', group).name)
    if (!pages.length || !groups.every((name) => said.get(name))) return tell(say(pages.length ? 'paper.fill' : 'paper.no_pages'))
    const why = await keep(missing.map(({ role, party }) => ({
      schema: 'signature-paper/1', agreement_id: agreement.agreement_id, terms_sha256: sha256,
      signer: { role, party, id_check: said.get(`id:${role}:${party}`) }, ink: said.get('ink'), pages: pages.length, collectors, photos: pages,
    })))
    return tell(why ?? '')
  })
  form.addEventListener('submit', (event) => { event.preventDefault(); done() })
  place.replaceChildren(form)
  scrollTo(0, 0)
  find('h1', form).focus({ preventScroll: true })
  return paint()
}
