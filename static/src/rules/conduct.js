// Twin of fieldvisit/rules/conduct.py, which says what a situation and a pack are. Both read tests/vectors/conduct.json.

const DAY = 86_400_000
const day = (text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY
const dateOf = (n) => new Date(n * DAY).toISOString().slice(0, 10)
const minutes = (clock) => +clock.slice(0, 2) * 60 + +clock.slice(3, 5)
const within = (at, from, until) => from <= at.slice(11) && at.slice(11, 16) < until

/** The consents for this purpose and channel that cover the moment; a withdrawal is their `to`. */
export const covering = (purpose, at, { channel, consents = [] }) => consents.filter((consent) =>
  consent.for === purpose && ['any', channel].includes(consent.channel) && consent.since <= at &&
  (consent.to == null || at < consent.to) && (consent.from == null || within(at, consent.from, consent.until)))

const agreed = (...asked) => covering(...asked).length > 0

// (rule, situation, fact) → null: cannot be measured; false: kept; [kind, params, effect?].
const measured = (test) => (rule, situation, fact) => fact == null ? null : test(rule, situation, fact)

const TESTS = {
  hours(rule, situation) {
    const { local, until } = situation
    const end = until ?? local
    const outside = (at) => ['', { at: at.slice(11, 16), from: rule.from, until: rule.until }]
    for (const at of [local, end]) if (!within(at, rule.from, rule.until) && !agreed('hours', at, situation)) return outside(at)
    if (local.slice(0, 10) !== end.slice(0, 10)) return outside(end)
    if (rule.ending_minutes === undefined || minutes(rule.until) - minutes(end.slice(11)) > rule.ending_minutes) return false
    return !agreed('hours', end, situation) && ['ending', { until: rule.until }, 'warn']
  },
  count(rule, situation) {
    const { local, contacts, same = {} } = situation
    if (!contacts) return null
    if (agreed('frequency', local, situation)) return false
    const first = dateOf(day(local) - rule.days + 1)
    const dates = contacts.filter((contact) => contact.channel === rule.channel && rule.results.includes(contact.result) &&
      contact.local <= local && (rule.same ?? []).every((key) => contact[key] === same[key]))
      .map((contact) => contact.local.slice(0, 10)).filter((on) => on >= first).sort()
    const n = dates.length
    const params = { n, limit: rule.limit, days: rule.days }
    if (n >= rule.limit) return ['', { ...params, next: dateOf(day(dates[n - rule.limit]) + rule.days) }]
    return n >= (rule.near ?? Infinity) && ['near', params, 'warn']
  },
  least: measured(({ limit }, _, n) => n < limit && ['', { n, limit }]),
  most: measured(({ limit, warn = Infinity }, _, fact) => {
    const { n, kind = '', params } = typeof fact === 'object' ? fact : { n: fact }
    if (n > limit) return [kind, { n, limit, ...params }]
    return n > warn && [kind || 'near', { n, ...params, limit: warn }, 'warn']
  }),
  must: measured((_, __, fact) => !fact && ['', {}]),
  never: measured(({ words }, _, fact) => {
    if (!Array.isArray(fact)) return Boolean(fact) && [typeof fact === 'string' ? fact : '', {}]
    const met = (words ?? fact).filter((word) => fact.includes(word))
    return met.length > 0 && [words ? met[0] : '', { n: fact.length, all: fact }]
  }),
  span: measured((_, { local }, fact) => fact.from <= local.slice(0, 10) && local.slice(0, 10) <= fact.to && ['', fact]),
  by: measured((_, { local }, date) => local.slice(0, 10) > date && ['', { date }]),
  ahead: measured(({ steps }, { local }, date) => {
    const days = day(date) - day(local)
    if (days < 0) return ['past', { date, days: -days }]
    const limit = steps.toSorted((a, b) => a - b).find((step) => days <= step)
    return limit !== undefined && ['', { date, days, limit }]
  }),
  'day-off'(_, { local, days_off: off }) {
    if (!off) return null
    const date = local.slice(0, 10)
    return date in off && [off[date] ? '' : 'provisional', { date }]
  },
  duty: () => null,
}

const stands = (rule, { act, local, lender, product, region }) => rule.acts.includes(act) &&
  (rule.valid_from ?? '') <= local.slice(0, 10) && local.slice(0, 10) < (rule.valid_to ?? '9999') &&
  (!rule.lenders || rule.lenders.includes(lender)) && (!rule.products || rule.products.includes(product)) &&
  (!rule.region || rule.region === region)

/** → [{rule, effect: ok | warn | require | block, kind, params}] in the pack's order. */
export function weigh(situation, { rules }) {
  return Object.entries(rules).flatMap(([rule, its]) => {
    const miss = stands(its, situation) ? TESTS[its.test](its, situation, situation.facts?.[its.fact]) : null
    if (miss === null) return []
    const [kind, params, effect = its.effect] = miss || ['', {}, 'ok']
    return [{ rule, effect, kind, params }]
  })
}
