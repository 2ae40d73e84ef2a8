"""What a plan costs today: to be done with it (Civil Code 677), or once it is broken and the rest is demanded (E16).

Reckoned in the office and on the debtor's page only; the phone does not ask. Amounts are whole fen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from . import waiver
from .allocation import Parts, inside
from .standing import Standing
from .terms import after_reduction, reduction


@dataclass(frozen=True)
class Figure:
    """`left`: what is to be paid, by head. `until`: the last day on which exactly that settles the plan."""

    left: Parts
    until: date


def today(terms: dict, plan: Standing, on: date) -> Figure:
    """What he pays on a day to be done. It holds until interest adds a fen or the next instalment falls due."""
    left, ahead = _left(terms, plan, on), [row.due for row in plan.rows if row.state != "paid" and row.due >= on]
    until, last = on, min(ahead, default=on)
    if not terms["annual_rate_ppm"]:
        return Figure(left, last)
    while until < last and _left(terms, plan, until + timedelta(days=1)) == left:
        until += timedelta(days=1)
    return Figure(left, until)


def _left(terms: dict, plan: Standing, on: date) -> Parts:
    owed = waiver.early(terms, plan.kept, on)
    part = plan.paid_fen - sum(row.amount_fen for row in plan.rows[: plan.kept])
    taken, _over = inside(max(part, 0), owed, order=terms["allocation"])
    return owed.less(taken)


def demanded(terms: dict, plan: Standing, on: date) -> tuple[Parts, Parts]:
    """(what is owed, the reduction that is owed again in it) on a day when a written notice has demanded the rest.

    The confirmed balance and the plan's interest to that day, less all that was paid, laid over it in the agreed order.
    Interest after the notice is not in it.
    """
    kept = reduction(terms)["becomes_final"] or "in-effect"
    cut, given = waiver.reduced(terms), terms["balance"]
    ran = waiver.early(terms, 0, on).total - sum(after_reduction(terms).values())
    claim = Parts(
        cost=given["cost_fen"],
        interest=given["interest_fen"] + given["overdue_interest_fen"] + ran,
        principal=given["principal_fen"],
        penalty=given["penalty_fen"],
    )
    owed = waiver.after_default(claim, cut, plan.paid_fen, kept, terms["allocation"])
    return owed, cut if kept == "paid-in-full" else Parts()


def rows(terms: dict, agreed: list[dict], payments: Iterable[tuple[date, int]]) -> list[dict]:
    """The rows by which a plan is judged: as agreed, or, where somebody paid early all that settled it, ended there.

    `agreed`: rows of schedule.plan. `payments`: (day, fen); a reversal is below zero, and what was taken back later
    has settled nothing.
    """
    if not terms["annual_rate_ppm"]:
        return agreed
    paid, least = sorted(payments), sum(after_reduction(terms).values())
    have = list(accumulate(fen for _day, fen in paid))
    whole, before = list(accumulate(row["amount_fen"] for row in agreed)), 0
    for i, (day, _fen) in enumerate(paid):
        if paid[i + 1 :] and paid[i + 1][0] == day:
            continue  # the day goes on
        stayed, earlier, before = min(have[i:]), before, have[i]
        if stayed < least:
            continue  # not even what bears no interest is paid
        ended = waiver.ended(terms, sum(fen <= earlier for fen in whole), day)
        if stayed >= sum(row["amount_fen"] for row in ended):
            return ended
    return agreed
