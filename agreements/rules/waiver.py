"""What is owed when a settlement breaks (E16), and what is owed when somebody pays early (Civil Code 677).

Twin for the tests: static/src/rules/waiver.js.
"""

from collections.abc import Sequence
from datetime import date

from . import dates, periods, schedule
from .allocation import STATUTORY, Parts, inside
from .interest import simple
from .refusal import Refused
from .terms import FINAL, after_reduction


def after_default(claim: Parts, reduction: Parts, paid_fen: int, becomes_final: str, order: Sequence[str]) -> Parts:
    """What is left of a claim. The reduction is lost ("paid-in-full"), or it stands ("in-effect"); the agreement says
    which.

    What was paid is laid over the claim again in the agreed order (Civil Code 561).
    """
    if becomes_final not in FINAL:
        raise Refused("schedule.reduction")
    owed = claim.less(reduction) if becomes_final == "in-effect" else claim
    taken, _ = inside(paid_fen, owed, order=order)
    return owed.less(taken)


def reduced(terms: dict) -> Parts:
    """The reduction of an agreement by head; overdue interest counts as interest."""
    left = after_reduction(terms)
    cut = {head: terms["balance"][head] - left[head] for head in left}
    return Parts(
        cost=cut["cost_fen"],
        interest=cut["interest_fen"] + cut["overdue_interest_fen"],
        principal=cut["principal_fen"],
        penalty=cut["penalty_fen"],
    )


def early(terms: dict, paid_rows: int, on: date) -> Parts:
    """What settles the plan on a day, after `paid_rows` rows were paid in full: the rest, interest to that day only.

    Raises Refused("waiver.rows").
    """
    rows = ended(terms, paid_rows, on)[paid_rows:]
    return Parts(**{head: sum(row[f"{head}_fen"] for row in rows) for head in STATUTORY})


def ended(terms: dict, paid_rows: int, on: date) -> list[dict]:
    """The rows of the plan when it is settled on a day: those not paid by then bear interest to that day only.

    Rows due by then and not paid count in full. In the running row interest is reckoned by days, a whole month of a
    monthly plan as one twelfth (F.8), and never more than the row says; later rows bear none.
    """
    rows, ran = schedule.plan(terms), schedule.accruals(terms)
    if not 0 <= paid_rows <= len(rows):
        raise Refused("waiver.rows")
    for i in range(paid_rows, len(rows)):
        if ran[i].due > on:
            off = ran[i].interest + ran[i].extra - _so_far(terms, ran[i], on)
            interest, amount = rows[i]["interest_fen"] - off, rows[i]["amount_fen"] - off
            rows[i] |= {"interest_fen": interest, "amount_fen": amount}
    return rows


def _so_far(terms: dict, row: schedule.Accrual, on: date) -> int:
    """New interest of a row up to a day before it is due; of a deferral whose interest is added, by days."""
    ppm, day_count = terms["annual_rate_ppm"], terms.get("day_count", "monthly")
    if on <= row.since:
        ran = max(0, dates.days(dates.parse(terms["interest_from"]), on))
        return min(row.extra, simple(row.in_use, ppm, ran, periods.basis(day_count)))
    parts, year = dates.days(row.since, on), periods.basis(day_count)
    if day_count == "monthly":
        parts = periods.thirtieths(row.since, on, row.since.day)
    return row.extra + min(row.interest, simple(row.in_use, ppm, parts, year))
