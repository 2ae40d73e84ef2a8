"""How a plan is kept, worked out from its rows and what was paid: performing, late, broken or fulfilled. Pure.

By the agreement's own words (clause 9): what is caught up within the days of grace counts as on time; when the
instalments not paid on time reach `missed` in all, the creditor may demand the whole rest: it is called broken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from . import allocation

PERFORMING, LATE, BROKEN, FULFILLED = "performing", "late", "broken", "fulfilled"


@dataclass(frozen=True)
class Row:
    """One instalment. `state`: paid, part, due (within grace), missed (grace is over), open (still to come)."""

    n: int
    due: date
    amount_fen: int
    paid_fen: int
    paid_on: date | None  # the day on which the last fen of it came
    on_time: bool | None  # None while that is open
    state: str

    @property
    def left_fen(self) -> int:
        return self.amount_fen - self.paid_fen


@dataclass(frozen=True)
class Standing:
    state: str
    since: date | None  # of late and broken: the day after grace; of fulfilled: the last payment
    rows: tuple[Row, ...]
    paid_fen: int
    total_fen: int
    over_fen: int
    missed: int  # instalments not paid on time, caught up or not

    @property
    def left_fen(self) -> int:
        return max(self.total_fen - self.paid_fen, 0)

    @property
    def kept(self) -> int:
        return sum(row.state == "paid" for row in self.rows)

    @property
    def next(self) -> Row | None:
        """The first instalment that is not whole."""
        return next((row for row in self.rows if row.state != "paid"), None)

    @property
    def overdue_fen(self) -> int:
        return sum(row.left_fen for row in self.rows if row.state == "missed")


def standing(
    plan: Sequence[dict], payments: Iterable[tuple[date, int]], *, default: dict, order: Sequence[str], on: date
) -> Standing:
    """`plan`: rows of schedule.plan. `payments`: (day, fen); a reversal is below zero. `default`: {"missed",
    "grace_days"} of the terms. `order`: the agreed order of allocation. `on`: today where the creditor is.

    A reversal takes its money back from its own day on; what came after it moves up.
    """
    paid = sorted((day, fen) for day, fen in payments if day <= on)
    sum_fen = max(sum(fen for _day, fen in paid), 0)
    laid = allocation.over_rows(sum_fen, plan, order=order)
    grace = timedelta(days=default["grace_days"])
    rows, before = [], 0
    for row, share in zip(plan, laid.shares, strict=True):
        before += row["amount_fen"]
        due = date.fromisoformat(row["due"])
        whole = _whole_on(paid, before)
        on_time = whole <= due + grace if whole else (False if on > due + grace else None)
        state = "paid" if whole else "missed" if on > due + grace else "due" if on >= due else "open"
        if state == "open" and share.paid.total:
            state = "part"
        rows.append(Row(row["n"], due, row["amount_fen"], share.paid.total, whole, on_time, state))
    missed = [row for row in rows if row.on_time is False]
    state, since = PERFORMING, None
    if rows and all(row.state == "paid" for row in rows):
        state, since = FULFILLED, max(row.paid_on for row in rows)
    elif len(missed) >= default["missed"]:
        state, since = BROKEN, missed[default["missed"] - 1].due + grace + timedelta(days=1)
    elif open_now := [row for row in missed if row.state == "missed"]:
        state, since = LATE, open_now[0].due + grace + timedelta(days=1)
    total = sum(row["amount_fen"] for row in plan)
    return Standing(state, since, tuple(rows), sum_fen, total, laid.over_fen, len(missed))


def _whole_on(paid: list[tuple[date, int]], needed: int) -> date | None:
    """The day from which on so much had been paid and stayed paid."""
    have, since = 0, None
    for day, fen in paid:
        have += fen
        if have >= needed:
            since = since or day
        else:
            since = None
    return since
