"""Verbs of a case: assign it, plan its visits, close it."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from heapq import heapify, heapreplace
from itertools import islice

from django.db import transaction
from django.db.models import Count, F

from . import day_plan, pauses, record
from .models import Absence, Address, Assignment, Case, User, Visit
from .problems import Refused
from .rules import desk
from .rules.geo import distance_m


@transaction.atomic
def assign(
    *, cases: list[Case], collector: User, by: User | None, now: datetime, full: bool = True
) -> int:
    """Give these cases to a collector from now on; the former assignment ends now. Returns how many changed hands.

    Refused("assign.not_a_collector" | "assign.full") beyond queue.most_cases of rules/desk.toml. Cases that are his
    already are left alone. `full` False: whoever calls has weighed the limit.
    """
    if collector.role != "collector":
        raise Refused("assign.not_a_collector", name=collector.name)
    ids = [case.pk for case in cases]
    record.lock(ids)
    open_now = {a.case_id: a for a in Assignment.objects.filter(case__in=ids, until_at=None)}
    moving = [c for c in cases if not (c.pk in open_now and open_now[c.pk].collector_id == collector.pk)]
    moved_ids = [c.pk for c in moving]
    has, most = load([collector])[collector.pk], desk.policy()["queue"]["most_cases"]
    if full and moving and has + len(moving) > most:
        raise Refused("assign.full", name=collector, has=has, most=most)
    Assignment.objects.filter(case__in=moved_ids, until_at=None).update(until_at=now)
    Assignment.objects.bulk_create(
        Assignment(case=case, collector=collector, from_at=now, assigned_by=by) for case in moving
    )
    Case.objects.filter(pk__in=moved_ids).update(version=F("version") + 1, team=collector.team)
    handed_on = _hand_on(moved_ids, {case_id: a.collector_id for case_id, a in open_now.items()}, collector)
    record.append_many(
        [
            record.Line(
                case=case,
                action="case.assigned",
                object=f"user:{collector.pk}",
                actor=by,
                payload={"collector": collector.username, "name": collector.name},
            )
            for case in moving
        ]
        + [_planned(visit, by) for visit in handed_on],
        now=now,
    )
    return len(moving)


def load(people: Iterable[User]) -> dict[int, int]:
    """{user id: how many open cases are his now}."""
    rows = Assignment.objects.filter(collector__in=people, until_at=None, case__closed_at=None)
    return {user.pk: 0 for user in people} | dict(rows.values_list("collector").annotate(Count("pk")).order_by())


@transaction.atomic
def share(*, cases: list[Case], among: list[User], by: User, now: datetime) -> dict[User, list[Case]]:
    """Give these cases out so that in the end everybody has as many as can be equal; neighbours go to one person.

    What somebody of them has among the chosen is counted as free. Refused("assign.nobody" | "assign.full_team").
    """
    if not among:
        raise Refused("assign.nobody")
    ids, most = [case.pk for case in cases], desk.policy()["queue"]["most_cases"]
    record.lock(ids)
    count = load(among)
    for pk in Assignment.objects.filter(case__in=ids, collector__in=among, until_at=None).values_list("collector_id"):
        count[pk[0]] -= 1
    quota, heap = Counter(), [(n, user.pk) for user in among for n in [count[user.pk]]]
    heapify(heap)
    for _ in cases:
        n, pk = heap[0]
        if n >= most:
            raise Refused("assign.full_team", most=most)
        heapreplace(heap, (n + 1, pk))
        quota[pk] += 1
    places = Address.objects.filter(party__case__in=ids, party__role="debtor", kind="home").order_by("pk")
    where = {a.party.case_id: a.full for a in places.select_related("party")}
    row = iter(sorted(cases, key=lambda case: (where.get(case.pk, ""), case.pk)))
    given = {user: list(islice(row, quota[user.pk])) for user in among}
    # who gives away comes first, so that nobody is full for a moment
    for user in sorted(among, key=lambda user: -count[user.pk]):
        if given[user]:
            assign(cases=given[user], collector=user, by=by, now=now, full=False)
    return {user: its for user, its in given.items() if its}


@transaction.atomic
def close(*, case: Case, reason: str, by: User, now: datetime) -> None:
    """No more work on it: what phones still bring is marked, commands are held. Refused("case.closed_already")."""
    record.lock([case.pk])
    if not Case.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now, version=F("version") + 1):
        raise Refused("case.closed_already")
    case.closed_at = now
    record.append(
        case=case, action="case.closed", object=f"case:{case.ref}", payload={"reason": reason}, now=now, actor=by
    )


def _hand_on(case_ids: list, former: dict, collector: User) -> list[Visit]:
    """Visits still to be made become visits of the new collector, and are returned.

    They get names of their own: the first collector may have been at the door already, with no signal. His work then
    finds his own visit, and neither stands in the other's.
    """
    to_make = list(Visit.objects.filter(case__in=case_ids, started_at=None, outcome="").order_by("pk"))
    his = {(visit.case_id, visit.planned_on) for visit in to_make if visit.collector_id == collector.pk}
    new = []
    for visit in to_make:
        holder = former.get(visit.case_id, visit.collector_id)
        if visit.collector_id == holder and (visit.case_id, visit.planned_on) not in his:
            second = None if visit.second_id == collector.pk else visit.second_id
            plan = {name: getattr(visit, name) for name in ("address_id", "planned_on", "planned_start", "planned_end")}
            new.append(Visit(case_id=visit.case_id, collector=collector, second_id=second, place=visit.place, **plan))
    return Visit.objects.bulk_create(new)


def _planned(visit: Visit, by: User | None) -> record.Line:
    said = {"on": visit.planned_on.isoformat(), "collector": visit.collector.username}
    return record.Line(case=visit.case, action="visit.planned", object=f"visit:{visit.pk}", actor=by, payload=said)


@transaction.atomic
def plan_visits(
    *, cases: list[Case], collector: User, second: User | None, on: date, by: User | None, now: datetime
) -> list[Visit]:
    """Plan one visit to each case's home on that day, in the order of `routes`, after what that day holds already.

    A case with a visit still to be made that day gets no second one. The hours are product defaults (rules/day.toml)
    that a collector may leave. Refused("visit.paused") if nobody may go to one, ("absence.away") on his days off.
    """
    if Absence.objects.filter(collector=collector, withdrawn_at=None, first__lte=on, last__gte=on).exists():
        raise Refused("absence.away", name=collector, on=on.isoformat())
    record.lock([case.pk for case in cases])
    pauses.refuse(cases, now)
    there = list(Visit.objects.filter(collector=collector, planned_on=on).select_related("address").order_by("place"))
    waiting = {visit.case_id for visit in there if visit.ended_at is None and visit.put_off_at is None}
    cases = [case for case in cases if case.pk not in waiting]
    homes = {
        a.party.case_id: a
        for a in Address.objects.filter(party__case__in=cases, party__role="debtor", kind="home")
        .select_related("party")
        .order_by("pk")  # the newest address wins
    }
    visits = [
        Visit(case=case, collector=collector, second=second, address=homes.get(case.pk), planned_on=on)
        for case in cases
    ]
    visits = day_plan.appended(visits, there, collector=collector, on=on, by=by, now=now)
    record.append_many([_planned(v, by) for v in visits], now=now)
    return visits


def metres(a: Address | None, b: Address | None) -> int | None:
    """As the crow flies; None where one of them has no coordinates."""
    if a is None or b is None or a.lat_e7 is None or b.lat_e7 is None:
        return None
    return distance_m(a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7)
