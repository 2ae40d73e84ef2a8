"""Days on which a collector is away: nothing new is planned for him, what was planned is proposed to his team.

Cases that a colleague took over go back by one order. Every change of hands is an Assignment with from and until.
"""

from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import access, cases
from .models import Absence, Assignment, Case, User, Visit
from .problems import Refused


@transaction.atomic
def add(*, collector: User, first: date, last: date, by: User, now: datetime) -> Absence:
    """Refused("forbidden" | "absence.days" | "absence.there") when part of it is known already."""
    _may(collector, by)
    if last < first or last < timezone.localdate(now):
        raise Refused("absence.days")
    if standing(collector).filter(first__lte=last, last__gte=first).exists():
        raise Refused("absence.there", name=collector)
    return Absence.objects.create(collector=collector, first=first, last=last, by=by, at=now)


@transaction.atomic
def withdraw(*, absence: Absence, by: User, now: datetime) -> None:
    """What was handed over stays where it is until it is handed back. Refused("forbidden" | "absence.gone")."""
    _may(absence.collector, by)
    if not Absence.objects.filter(pk=absence.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by):
        raise Refused("absence.gone")


def standing(collector: User) -> QuerySet[Absence]:
    return Absence.objects.filter(collector=collector, withdrawn_at=None)


def away(on: date, among: QuerySet[User]) -> set[int]:
    """Who of them is away that day."""
    rows = Absence.objects.filter(withdrawn_at=None, first__lte=on, last__gte=on, collector__in=among)
    return set(rows.values_list("collector_id", flat=True))


def proposed(absence: Absence, by: User) -> list[tuple[Visit, User | None]]:
    """His visits of those days that nobody has begun, each with who of the team is there and has the fewest doors that
    day; None where nobody is. Who was to go along is asked last: then somebody else must. One case, one person."""
    visits = Visit.objects.filter(
        collector=absence.collector, planned_on__range=(absence.first, absence.last), started_at=None, outcome="",
        case__closed_at=None, case__in=_his(absence.collector),
    ).select_related("case", "second").order_by("planned_on", "place", "pk")  # fmt: skip
    team = access.collectors(by).filter(team=absence.collector.team_id).exclude(pk=absence.collector_id)
    found, given, doors, gone = [], {}, {}, {}
    people = {user.pk: user for user in team}
    for visit in visits:
        on = visit.planned_on
        if on not in doors:
            there = Visit.objects.filter(collector__in=people, planned_on=on).values_list("collector_id", flat=True)
            doors[on], gone[on] = Counter(there), away(on, team)
        free = [pk for pk in people if pk not in gone[on]]
        ranks = {pk: (pk == visit.second_id, doors[on][pk], pk) for pk in free}
        chosen = given.get(visit.case_id) or min(free, key=ranks.get, default=None)
        if chosen:
            doors[on][chosen] += 1
            given[visit.case_id] = chosen
        found.append((visit, people.get(chosen)))
    return found


@transaction.atomic
def cover(*, absence: Absence, by: User, now: datetime) -> int:
    """The cases of those visits go to the proposed, their visits with them. Returns how many cases changed hands.

    Refused("forbidden" | "absence.gone" | "absence.nobody" | "assign.full").
    """
    _may(absence.collector, by)
    if absence.withdrawn_at:
        raise Refused("absence.gone")
    to: dict[User, dict] = {}
    for visit, user in proposed(absence, by):
        if user:
            to.setdefault(user, {})[visit.case_id] = visit.case
    if not to:
        raise Refused("absence.nobody")
    return sum(cases.assign(cases=list(of.values()), collector=user, by=by, now=now) for user, of in to.items())


def handed(absence: Absence) -> QuerySet[Case]:
    """Open cases that left him since the absence was entered and are a colleague's of his team now."""
    left = Assignment.objects.filter(collector=absence.collector, until_at__gte=absence.at)
    theirs = Assignment.objects.filter(until_at=None, from_at__gte=absence.at).exclude(collector=absence.collector)
    theirs = theirs.filter(collector__team=absence.collector.team_id)
    return Case.objects.filter(closed_at=None, pk__in=left.values("case"), assignments__in=theirs).order_by("pk")


@transaction.atomic
def hand_back(*, absence: Absence, by: User, now: datetime) -> int:
    """They are his again. Returns how many. Refused("forbidden" | "absence.none_handed" | "assign.full")."""
    _may(absence.collector, by)
    chosen = list(handed(absence))
    if not chosen:
        raise Refused("absence.none_handed", name=absence.collector)
    return cases.assign(cases=chosen, collector=absence.collector, by=by, now=now)


def _his(collector: User) -> QuerySet:
    return Assignment.objects.filter(collector=collector, until_at=None).values("case")


def _may(collector: User, by: User) -> None:
    if not access.collectors(by).filter(pk=collector.pk).exists():
        raise Refused("forbidden")
