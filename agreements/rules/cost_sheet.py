"""The cost sheet (综合融资成本), signed before anybody agrees to pay by instalments: CN-DISC-01, from 2026-08-01.

What is charged for the use of the money, how, by whom, and what it comes to in a year. Nothing else is charged: the
text of the agreement says so. Twin: static/src/rules/cost_sheet.js. Method of the yearly cost: annualised.py.
"""

from dataclasses import dataclass

from . import annualised, dates, periods, schedule
from .interest import yearly
from .terms import after_reduction


@dataclass(frozen=True)
class CostSheet:
    """`in_use_fen` bears interest; `rate_ppm` as agreed, `yearly_ppm` on 365 days; the last two are IRR × 12,
    effective.

    Fees of every kind are nothing by construction: the terms have no place for one.
    """

    in_use_fen: int
    rate_ppm: int
    yearly_ppm: int
    interest_fen: int
    fees_fen: int
    nominal_ppm: int
    effective_ppm: int


def sheet(terms: dict) -> CostSheet:
    """Raises Refused as schedule.plan."""
    ran = schedule.accruals(terms)
    in_use, ppm = after_reduction(terms)["principal_fen"], terms["annual_rate_ppm"]
    first = periods.thirtieths(dates.parse(terms["interest_from"]), ran[0].due, terms["anchor_day"])
    paid = [row.parts["principal"] + row.interest + row.extra for row in ran]
    cost = annualised.rate(in_use, paid, first)
    return CostSheet(
        in_use_fen=in_use,
        rate_ppm=ppm,
        yearly_ppm=yearly(ppm, year(terms)),
        interest_fen=sum(paid) - in_use,
        fees_fen=0,
        nominal_ppm=cost.nominal_ppm,
        effective_ppm=cost.effective_ppm,
    )


def year(terms: dict) -> int:
    """Days in the year of its rate. A monthly plan takes a twelfth a month: its year is a year."""
    return 360 if terms.get("day_count", "monthly") == "actual/360" else 365
