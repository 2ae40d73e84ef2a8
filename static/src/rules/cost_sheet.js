// The cost sheet of a plan (综合融资成本). Twin of agreements/rules/cost_sheet.py, where the sources stand.

import { rate } from './annualised.js'
import { yearly } from './interest.js'
import { thirtieths } from './periods.js'
import { accruals } from './schedule.js'
import { after_reduction, sum } from './terms.js'

export function sheet(terms) {
  const { principal_fen: in_use } = after_reduction(terms)
  const { annual_rate_ppm: ppm } = terms
  const ran = accruals(terms)
  const paid = ran.map(({ parts, interest }) => parts.principal + interest)
  const { nominal_ppm, effective_ppm } = rate(in_use, paid, thirtieths(terms.interest_from, ran[0].due, terms.anchor_day))
  return {
    in_use_fen: in_use,
    rate_ppm: ppm,
    yearly_ppm: yearly(ppm, year(terms)),
    interest_fen: sum(paid) - in_use,
    fees_fen: 0,
    nominal_ppm,
    effective_ppm,
  }
}

export const year = ({ day_count = 'monthly' }) => (day_count === 'actual/360' ? 360 : 365)
