// The guarantee period and the guarantor's consent. Twin of agreements/rules/guarantee.py.

import { add_months, next_working_day } from './dates.js'

export function period(due, agreed_end, { default_months, off }) {
  const agreed = agreed_end !== null && agreed_end > due
  const until = agreed ? agreed_end : add_months(due, default_months)
  return { until, expires: next_working_day(until, off), agreed }
}

export function standing({ expires }, { on, demanded_on, changed, consented }) {
  const in_time = on <= expires || (demanded_on !== null && demanded_on <= expires)
  if (!in_time) return { code: 'ended', liable: false, added: false }
  const added = consented || !changed
  return { code: added ? 'standing' : 'no-consent', liable: true, added }
}
