"""What happens at doors just now and cannot wait: calls for help, collectors who give no word, cases that a stop has
paused, and answers that are due.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from . import access, packs, safety
from .models import Hold, Party, Position, User, Visit
from .rules import door

STOP = "stop.raised/1"
ANSWERED_BY = tuple(door.policy()["deadlines"])


@dataclass(frozen=True)
class Standing:
    """A pause that waits for a person; `by`: the last days for an answer, none where the rules set none."""

    hold: Hold
    name: str
    by: list[date]
    days: int | None  # left until the first of them; below zero: over


def paused(user: User, now: datetime) -> list[Standing]:
    """Stops at the door, then what waits for an answer; the oldest first. What a debtor wrote has a page of its own."""
    today = timezone.localdate(now)
    debtors = Prefetch("case__parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    wanted = Q(event__type=STOP) | Q(reason__in=ANSWERED_BY, by__isnull=False)
    found = access.through_case(Hold.objects.standing(today).filter(wanted), user).select_related("case", "event", "by")
    rows = [_standing(hold, today) for hold in found.prefetch_related(debtors).order_by("pk")]
    return sorted(rows, key=lambda row: row.hold.event is None or row.hold.event.type != STOP)


def _standing(hold: Hold, today: date) -> Standing:
    name = next((party.name for party in hold.case.debtors), hold.case.contract_number)
    by = deadlines(hold)
    return Standing(hold, name, by, (by[0] - today).days if by else None)


def deadlines(hold: Hold) -> list[date]:
    """From the day on which it was said, not that on which it came."""
    return door.deadlines(hold.reason, timezone.localdate(hold.event.corrected_at if hold.event else hold.at))


def alone(user: User, now: datetime) -> dict:
    """{"calls": calls for help, "overdue": visits without a word}; each visit with `name` and `last`, where he was."""
    calls = list(safety.calls(user).select_related("visit__case", "visit__collector", "visit__address"))
    overdue = list(safety.overdue(user, now).select_related("case", "collector", "address"))
    visits = overdue + [call.visit for call in calls]
    places = Position.objects.filter(visit__in=[v.pk for v in visits], lat_e7__isnull=False).order_by("at")
    last = {place.visit_id: place for place in places}
    debtors = Party.objects.filter(case__in=[v.case_id for v in visits], role="debtor")
    names = dict(debtors.values_list("case", "name"))
    for visit in visits:
        visit.last, visit.name = last.get(visit.pk), names.get(visit.case_id, visit.case.contract_number)
    return {"calls": calls, "overdue": overdue}


def counts(user: User, now: datetime) -> dict:
    """{"help", "silent", "stops", "answers"}: calls, collectors without a word, stopped visits, answers overdue."""
    rows = paused(user, now)
    return {
        "help": safety.calls(user).count(),
        "silent": safety.overdue(user, now).count(),
        "stops": sum(bool(row.hold.event and row.hold.event.type == STOP) for row in rows),
        "answers": sum(row.days is not None and row.days < 0 for row in rows),
    }


def _for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """Which stops pause the case at once, with no signal either."""
    return {"holding": door.holding()}


packs.provides("door", _for_phone)
