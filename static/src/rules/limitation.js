// When a debt can no longer be sued for. Twin of agreements/rules/limitation.py, where the readings stand.

import { add_months, next_working_day } from './dates.js'
import { Refused } from './refusal.js'

const INTERRUPTS = ['demand', 'agreement', 'part-payment', 'suit', 'acceleration']

/** {readings: [{why, since, until}], governing, alarm, status}. happened: [{kind, on}]; off: {off, work} or null. */
export function limitation(due, happened, { on, last_instalment = null, years, off = null }) {
  const end = (since) => add_months(since, 12 * years)
  const reading = (why, since) => ({ why, since, until: end(since) })
  const known = happened.filter((event) => event.on <= on).sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
  if (known.some(({ kind }) => !INTERRUPTS.includes(kind))) throw new Refused('limitation.kind')
  const readings = [...(due === null ? [] : [reading('due', due)]), ...known.map((event) => reading(event.kind, event.on))]
  let newest = due === null ? null : readings[0]
  for (const event of known) {
    if (newest === null || event.on <= newest.until || event.kind === 'agreement') newest = reading(event.kind, event.on)
  }
  const usual = newest ? [newest] : []
  const called = known.findLast(({ kind }) => kind === 'acceleration')
  if (called) usual.push(reading('acceleration', known.filter((event) => event.on >= called.on && event.kind !== 'part-payment').at(-1).on))
  if (last_instalment) {
    readings.push(reading('last-instalment', last_instalment))
    usual.push(readings.at(-1))
  }
  if (!usual.length) return { readings, governing: null, alarm: null, status: 'unknown' }
  const governing = (last_instalment && !called ? usual.at(-1) : newest ?? usual.at(-1)).until
  const alarm = usual.map(({ until }) => until).sort()[0]
  const last = governing > alarm ? governing : alarm
  const expires = off ? next_working_day(last, off) : last
  return { readings, governing, alarm, status: on > expires ? 'expired' : on > alarm ? 'possibly-expired' : 'running' }
}
