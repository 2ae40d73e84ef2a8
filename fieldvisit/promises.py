"""What somebody has said he will pay: a word with a sum and a day, no agreement. Whether it was kept, others know.

    judged(fn): fn(promises, now) -> {promise id: {.state "open" | "kept" | "broken", .paid_fen, .since}}, for the app
                that knows what was paid
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.utils import timezone

from . import intake, packs
from .intake import Held, Incoming
from .models import Case, Promise, User, Visit

_judges: list[Callable] = []


def judged(fn: Callable) -> Callable:
    _judges.append(fn)
    return fn


def of(case_ids: Iterable, now: datetime) -> dict:
    """{case id: [Promise with `kept` or None, the latest day first]}; the number of queries does not grow."""
    rows = list(Promise.objects.filter(case__in=list(case_ids)).select_related("by").order_by("-on", "-pk"))
    known, found = {}, defaultdict(list)
    for fn in _judges:
        known |= fn(rows, now)
    for row in rows:
        row.kept = known.get(row.pk)
        found[row.case_id].append(row)
    return found


@intake.handles("promise.made/1", command=True)
def made(event: Incoming, visit: Visit | None, case: Case) -> None:
    """Held where the ledger has moved below the sum, or where the day was over already; a person may let it pass."""
    said, on = event.body, date.fromisoformat(event.body["on"])
    debt = getattr(case, "debt", None)
    if event.decided_by is None:
        if on < timezone.localdate(event.at):
            raise Held("promise.past")
        if debt and said["amount_fen"] > debt.total_fen:
            raise Held("promise.above_debt")
    Promise.objects.create(
        case=case, visit=visit, event=event.row, by=event.author, at=event.at,
        amount_fen=said["amount_fen"], on=on, way=said["way"], text=said["text"],
    )  # fmt: skip


def _for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """{case_ref: [{"on", "fen", "state", "paid_fen"}]}, the latest day first; only what somebody has judged."""
    cases = {visit.case_id: visit.case for visit in visits}
    return {
        cases[pk].ref: [
            {"on": row.on.isoformat(), "fen": row.amount_fen, "state": row.kept.state, "paid_fen": row.kept.paid_fen}
            for row in rows
            if row.kept
        ]
        for pk, rows in of(cases, now).items()
    }


packs.provides("promises", _for_phone)
