// Due dates on ISO text: no local time, no Intl. Twin of agreements/rules/dates.py.

import { Refused } from './refusal.js'

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June',
  'July', 'August', 'September', 'October', 'November', 'December']
const FIRST_YEAR = 1900
export const LAST_YEAR = 2200

const month_length = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** [year, month, day] of "2026-12-25"; throws for anything looser. */
export function parse(text) {
  const found = typeof text === 'string' && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  const [year, month, day] = found ? found.slice(1).map(Number) : [0, 0, 0]
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > month_length(year, month)) {
    throw new Refused('dates.date')
  }
  return [year, month, day]
}

const iso = (year, month, day) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`

export function add_months(text, months, anchor_day = null) {
  const [year, month, day] = parse(text)
  const index = year * 12 + month - 1 + months
  const [to_year, to_month] = [Math.floor(index / 12), index % 12 + 1]
  return iso(to_year, to_month, Math.min(anchor_day || day, month_length(to_year, to_month)))
}

/** Due date number n, 0 being the first: from the anchor, never from the date before. */
export const anchored = (first, anchor_day, n) => add_months(first, n, anchor_day)

const number = (text) => {
  const [year, month, day] = parse(text)
  return Date.UTC(year, month - 1, day) / 86_400_000
}

export const days = (start, end) => number(end) - number(start)

export const add_days = (text, count) => new Date((number(text) + count) * 86_400_000).toISOString().slice(0, 10)

export function zh(text) {
  const [year, month, day] = parse(text)
  return `${year} 年 ${month} 月 ${day} 日`
}

export function en(text) {
  const [year, month, day] = parse(text)
  return `${day} ${MONTHS[month - 1]} ${year}`
}

/** A date of a document in words; "2018-03" gives the month alone. */
export function written(text, language) {
  if (typeof text === 'string' && /^[0-9]{4}-[0-9]{2}$/.test(text)) {
    const [year, month] = parse(`${text}-01`)
    return language === 'en' ? `${MONTHS[month - 1]} ${year}` : `${year} 年 ${month} 月`
  }
  return language === 'en' ? en(text) : zh(text)
}

const weekend = (text) => new Date(text).getUTCDay() % 6 === 0

/** Twin of agreements/rules/workdays.py; `known`: {off, work}, ISO dates. */
export const is_off = (text, { off, work }) => (weekend(text) ? !work.includes(text) : off.includes(text))

export function next_working_day(text, known) {
  while (is_off(text, known)) text = add_days(text, 1)
  return text
}
