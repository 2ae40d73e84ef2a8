// Who signs beside the debtor: named on Agree, each in his own turn on the page Sign.
import { v7 as uuid7 } from 'uuid'
import { add_months } from '../rules/dates.js'
import { ROLES, guarantee, of } from '../rules/signers.js'
import { each, find, h, icon } from './dom.js'

const OF_AGE = 18 // Civil Code 17
const TEXTS = ['name', 'id', 'relation']

/** The part of Agree where they are named: only roles that the clauses serve, and none where these are of an older form. */
export function controls(say, clauses, people = [], { second = null, months = 6 } = {}) {
  const roles = ROLES.filter((role) => clauses?.signer && clauses.serves.includes(role))
  if (!roles.length) return ''
  const text = (role, name, type = 'text', more = {}) => h('div', { class: 'field', 'data-own': TEXTS.slice(0, 2).includes(name) }, h('label', { for: `o-${role}-${name}` }, say(`others.${name}`)),
    h('input', { id: `o-${role}-${name}`, name: `${role}.${name}`, type, autocomplete: 'off', maxlength: 60, ...more }))
  const pick = (role, name, values) => h('fieldset', { class: 'choices', 'data-new': role === 'guarantor' }, h('legend', {}, say(`others.${name}`)),
    values.map((value, i) => h('label', {}, h('input', { type: 'radio', name: `${role}.${name}`, value, checked: i === 0 }), say(`others.${name}.${value}`))))
  const who = (role) => {
    const known = people.filter((person) => person.role === role)
    return known.length ? h('div', { class: 'field' }, h('label', { for: `o-${role}-who` }, say('others.who')), h('select', { id: `o-${role}-who`, name: `${role}.who` },
      known.map(({ party, name, id_masked }) => h('option', { value: party }, `${name} ${id_masked}`)), h('option', { value: '' }, say('others.new')))) : ''
  }
  const more = {
    guarantor: (role) => [pick(role, 'mode', ['joint', 'general']), pick(role, 'scope', ['plan', 'all']),
      h('div', { class: 'stack', 'data-new': true }, text(role, 'most', 'number', { min: 1, step: '0.01', inputmode: 'decimal' }), text(role, 'months', 'number', { min: 1, max: 36, value: months, inputmode: 'numeric' }))],
    spouse: (role) => pick(role, 'joins', ['no', 'yes']),
    interpreter: (role) => text(role, 'language'),
  }
  return h('details', { class: 'adjust' }, h('summary', {}, icon('next'), say('others.title')), roles.map((role) => [
    h('fieldset', { class: 'choices', 'aria-label': say(`role.${role}`) }, h('label', {}, h('input', { type: 'checkbox', name: 'with', value: role }), role === 'collector' && second ? say('others.both', { name: second.name }) : say(`role.${role}`))),
    role === 'collector' ? '' : h('div', { class: 'stack', 'data-with': role, hidden: true }, who(role), TEXTS.map((name) => text(role, name)), more[role]?.(role))]).flat())
}

export const isOf = (name) => name === 'with' || name.includes('.')

/** Shows the fields of those who are ticked; of a person of the case name and number are known. */
export function paint(form, people = []) {
  const ticked = new FormData(form).getAll('with')
  if (ticked.length) find('[name=with]', form).closest('details').open = true
  for (const part of each('[data-with]', form)) {
    part.hidden = !ticked.includes(part.dataset.with)
    const his = people.find(({ party }) => party === find('select', part)?.value)
    for (const field of each('[data-own]', part)) field.hidden = Boolean(his)
    for (const field of each('[data-new]', part)) field.hidden = Boolean(his?.guarantee)
  }
}

/** → {others} as signed, or {wrong: [key, values]}: what is missing, or what the law does not let stand. */
export function read(form, people = [], { summary: { until: last_due, total_fen: in_all_fen }, collectors, on, say }) {
  const given = new FormData(form)
  const others = []
  for (const role of given.getAll('with')) {
    if (role === 'collector') {
      others.push(...collectors.map(({ party, name }) => ({ role, party, name })))
      continue
    }
    const value = (name) => (given.get(`${role}.${name}`) ?? '').trim()
    const his = people.find(({ party }) => party === value('who'))
    const number = value('id').toUpperCase()
    const relation = value('relation')
    if (!relation || (role === 'interpreter' && !value('language')) || (!his && (!value('name') || number.length < 5))) return { wrong: ['others.fill', { role: say(`role.${role}`) }] }
    if (!his && under(number, on)) return { wrong: ['others.minor', { name: value('name') }] }
    const person = { role, party: his?.party ?? uuid7(), name: his?.name ?? value('name'), id_masked: his?.id_masked ?? mask(number), relation }
    if (role === 'spouse') person.joins = value('joins') === 'yes'
    if (role === 'interpreter') person.language = value('language')
    if (role === 'guarantor') {
      const most_fen = value('most') ? Math.round(Number(value('most')) * 100) : in_all_fen
      person.guarantee = his?.guarantee ? { kind: 'stands', until: his.guarantee.until }
        : { kind: 'new', mode: value('mode'), scope: value('scope'), most_fen, until: add_months(last_due, Number(value('months')) || 0) }
      const [code] = guarantee(person, his, { last_due, in_all_fen })
      if (code) return { wrong: [`others.${code}`, { name: person.name, until: person.guarantee.until }] }
    }
    others.push(person)
  }
  return { others: others.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role)) }
}

/** As the server shows it: of 18 places the first six and the last four, of any other paper the last two. */
const mask = (id) => (id.length === 18 ? id.slice(0, 6) + '*'.repeat(8) + id.slice(-4) : '*'.repeat(id.length - 2) + id.slice(-2))

function under(id, on) {
  const [, year, rest] = /^\d{6}(\d{4})(\d{4})\d{3}[\dX]$/.exec(id) ?? []
  return Boolean(year) && `${Number(year) + OF_AGE}${rest}` > on.replaceAll('-', '')
}

const idOf = ({ signature, agreement_id }) => signature?.agreement_id ?? agreement_id

/** {missing: who must still sign, refused} of a proposal, by the events of its visit. */
export function standing({ agreement_id, required_signers }, events) {
  const its = events.filter(({ type, body }) => type.startsWith('signature.') && idOf(body) === agreement_id)
  const signed = ({ role, party }) => its.some(({ body: { signature: s } }) => s?.signer.role === role && s.signer.party === party)
  return { missing: required_signers.filter((signer) => !signed(signer)), refused: its.some(({ type }) => type === 'signature.refused/1') }
}

/** Has anybody signed the last plan, and nobody refused it? */
export function underWay(events) {
  const last = events.findLast(({ type }) => type === 'agreement.proposed/1')?.body.agreement
  if (!last) return events.some(({ type }) => type === 'signature.captured/1')
  const { missing, refused } = standing(last, events)
  return !refused && missing.length < last.required_signers.length
}

export const personOf = ({ parties }, { role, party }) =>
  (role === 'debtor' ? parties.debtor : of(parties).find((person) => person.role === role && person.party === party))
