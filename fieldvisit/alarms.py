"""What the office must be told on every page and by mail: held work, silent phones, missing numbers. Counts only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import access, door, fleet, held, securities
from .models import User


@dataclass(frozen=True)
class Line:
    """One sentence, and the name of the page that shows more."""

    sentence: str | Promise
    n: int
    page: str

    def __str__(self) -> str:
        return str(self.sentence).format(n=self.n)


_others: list[Callable] = []


def also(fn: Callable) -> Callable:
    """fn(user, now) -> [Line]: what else those who decide must know."""
    _others.append(fn)
    return fn


@dataclass(frozen=True)
class Watch:
    """`held`: how much work waits for a person at all; `lines`: what has waited too long."""

    held: int = 0
    lines: tuple[Line, ...] = ()


SILENT = _("Phones silent for 48 h with work assigned: {n}")
MISSING = _("Phones whose entries have been missing for 48 h: {n}")
UNSENT = _("Phones that have not been able to send for 48 h: {n}")
WAITING = _("Entries that have waited 24 h for an earlier one: {n}")
UNDECIDED = _("Held work undecided for 24 h: {n}")
HELP = _("Calls for help from a door: {n}")
UNHEARD = _("Collectors at a door who should have given a word by now: {n}")
STOPPED = _("Visits stopped at the door that wait for a supervisor: {n}")
UNANSWERED = _("Doubts and complaints whose last day for an answer is over: {n}")

RUNNING_OUT = _("Dates of collateral and guarantees that run out: {n}")


def watch(user: User, now: datetime) -> Watch:
    """Ten queries at most, whatever there is. Those who decide are told; the reviewer sees how much is held."""
    waiting, late = Q(code="waiting"), Q(received_at__lte=now - held.LATE)
    due = ~waiting | Q(received_at__lte=now - held.A_PERSON_DECIDES)
    events = held.events(user).aggregate(
        all=Count("pk"), waiting=Count("pk", filter=waiting & late & ~due), undecided=Count("pk", filter=due & late)
    )
    apart = held.quarantined(user).aggregate(all=Count("pk"), undecided=Count("pk", filter=Q(at__lte=now - held.LATE)))
    total = events["all"] + apart["all"]
    if user.role not in access.IN_CHARGE:
        return Watch(total)
    phones = fleet.alarms(user, now)
    found = [
        Line(SILENT, phones.silent, "devices"),
        Line(MISSING, phones.missing, "devices"),
        Line(UNSENT, phones.unsent, "devices"),
        Line(WAITING, events["waiting"], "held"),
        Line(UNDECIDED, events["undecided"] + apart["undecided"], "held"),
    ]
    at_doors = door.counts(user, now)
    found = [
        Line(HELP, at_doors["help"], "door"),
        Line(UNHEARD, at_doors["silent"], "door"),
        Line(STOPPED, at_doors["stops"], "door"),
        *found,
        Line(UNANSWERED, at_doors["answers"], "door"),
        Line(RUNNING_OUT, len(securities.running_out(user, now)), "securities"),
    ]
    found += [line for fn in _others for line in fn(user, now)]
    return Watch(total, tuple(line for line in found if line.n))
