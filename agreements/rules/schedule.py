"""The repayment plan, exact to the fen. Twin: static/src/rules/schedule.js.

Rounding, residue and periods: compliance.md F and F.8; worked examples E1–E5, E9, E14. What terms may be stands in
terms.py, the ways to repay in methods.py, the length of a row in periods.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from . import dates, periods, workdays
from .methods import METHODS
from .money import half_up
from .refusal import Refused
from .terms import FINAL, HEADS, MOST_INSTALMENTS, after_reduction, check, deferred, reduction

__all__ = ["FINAL", "HEADS", "MOST_INSTALMENTS", "first_due", "plan", "runs", "summary"]

POOLS = {
    "cost": ("cost_fen",),
    "interest": ("interest_fen", "overdue_interest_fen"),
    "principal": ("principal_fen",),
    "penalty": ("penalty_fen",),
}
EARLIEST_DUE_DAYS = 7


def plan(terms: dict) -> list[dict]:
    """Rows {"n","due","principal_fen","interest_fen","penalty_fen","cost_fen","amount_fen","balance_fen"}.

    `terms` as in agreement/1, dates as ISO text. Raises Refused: those of terms.check, schedule.nothing_owed,
    .too_many, .step_too_small.
    """
    check(terms)
    left = sum(_pool(terms).values())
    if left == 0:
        raise Refused("schedule.nothing_owed")
    rows = []
    for k, accrued in enumerate(accruals(terms)):
        parts, new_interest = accrued.parts, accrued.interest + accrued.extra
        left -= sum(parts.values())
        row = {
            "n": k + 1,
            "due": _payable(accrued.due, terms).isoformat(),
            "principal_fen": parts["principal"],
            "interest_fen": parts["interest"] + new_interest,
            "penalty_fen": parts["penalty"],
            "cost_fen": parts["cost"],
            "amount_fen": sum(parts.values()) + new_interest,
            "balance_fen": left,
        }
        if row["amount_fen"] < 1:
            raise Refused("schedule.too_many", instalments=terms["instalments"])
        rows.append(row)
    return rows


@dataclass(frozen=True)
class Accrual:
    """One row before it is a row: anchored due date, since when its interest runs, on how much, and what comes of it.

    `extra` is the interest of a deferral that is due with the first row.
    """

    due: date
    since: date
    in_use: int
    parts: dict
    interest: int
    extra: int


def accruals(terms: dict) -> list[Accrual]:
    """First the rows of a deferral whose interest is paid, then those of the method. Raises as `plan`."""
    first, start = check(terms)
    pool = _pool(terms)
    ppm, anchor, day_count = terms["annual_rate_ppm"], terms["anchor_day"], terms.get("day_count", "monthly")
    months, meanwhile = deferred(terms)
    alone = months if meanwhile == "paid-monthly" else 0
    skipped, in_use = months - alone, pool["principal"]
    dues = [dates.anchored(first, anchor, skipped + k) for k in range(alone + terms["instalments"])]
    begins = periods.later(start, skipped, anchor)
    years = periods.of(day_count, begins, dues, anchor)

    def interest(k: int, on: int) -> int:
        return half_up(on * ppm * years[k][0], years[k][1] * 1_000_000)

    extra = 0
    if meanwhile == "added":
        extra = half_up(in_use * ppm * dates.days(start, begins), periods.basis(day_count) * 1_000_000)
    before = [(dict.fromkeys(POOLS, 0), interest(k, in_use)) for k in range(alone)]
    method = METHODS[terms["method"]](terms, pool, lambda k, on: interest(alone + k, on))
    rows = []
    for k, (parts, new) in enumerate([*before, *method]):
        rows.append(Accrual(dues[k], dues[k - 1] if k else begins, in_use, parts, new, 0 if k else extra))
        in_use -= parts["principal"]
    return rows


def bears_from(terms: dict) -> date:
    """The day from which interest runs: after the deferral where nothing runs meanwhile."""
    months, meanwhile = deferred(terms)
    start = dates.parse(terms["interest_from"])
    return periods.later(start, months if meanwhile == "none" else 0, terms["anchor_day"])


def _pool(terms: dict) -> dict:
    owed = after_reduction(terms)
    return {name: sum(owed[head] for head in heads) for name, heads in POOLS.items()}


def _payable(due: date, terms: dict) -> date:
    shift = terms.get("shift", "none")
    return due if shift == "none" else workdays.next_working_day(due, shift)


def summary(terms: dict, rows: list[dict]) -> dict:
    """The four lines of a plan. `interest_fen` is the new interest alone; `each_fen` the first row's amount."""
    total = sum(row["amount_fen"] for row in rows)
    confirmed = sum(terms["balance"][head] for head in HEADS) - reduction(terms)["fen"]
    return {
        "each_fen": rows[0]["amount_fen"],
        "last_fen": rows[-1]["amount_fen"],
        "total_fen": total,
        "interest_fen": total - confirmed,
        "until": rows[-1]["due"],
        "count": len(rows),
    }


def runs(rows: list[dict]) -> list[tuple[int, int, int]]:
    """(first row, last row, fen each) of the stretches of equal amounts."""
    found = []
    for fen, group in groupby(rows, key=lambda row: row["amount_fen"]):
        numbers = [row["n"] for row in group]
        found.append((numbers[0], numbers[-1], fen))
    return found


def first_due(today: date, anchor_day: int) -> date:
    """The next anchor day that leaves at least seven days."""
    earliest = today + timedelta(days=EARLIEST_DUE_DAYS)
    due = dates.add_months(earliest, 0, anchor_day)
    return due if due >= earliest else dates.add_months(earliest, 1, anchor_day)
