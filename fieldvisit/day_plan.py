"""The order of a collector's day: by the solver, by hand in the office, by hand on the phone; and what came between.

What is under way or made keeps its place; the others follow in the order given, with hours laid out anew.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from . import conduct, intake, promises, record, routes
from .intake import Incoming, Rejected
from .models import Address, Case, DayOrder, Mode, PutOff, User, Visit
from .pauses import of as paused
from .problems import Refused
from .rules import route
from .rules.route import Stop

BREATHER = route.figures()["breather_minutes"] * 60


def to_make(collector: User, on: date) -> list[Visit]:
    """His visits of that day that nobody has begun, in their order."""
    rows = Visit.objects.filter(collector=collector, planned_on=on, started_at=None, outcome="", put_off_at=None)
    return list(rows.select_related("address", "case__creditor", "case__debt").order_by("place", "pk"))


def latest(collector: User, on: date) -> DayOrder | None:
    return DayOrder.objects.filter(collector=collector, on=on).select_related("by").order_by("-at", "-pk").first()


def mode_of(collector: User, on: date) -> str:
    """As he last went."""
    last = DayOrder.objects.filter(collector=collector, on__lte=on).order_by("-on", "-at", "-pk").first()
    return last.mode if last else Mode.E_BIKE


def points(cases: Iterable[Case], on: date, now: datetime) -> dict:
    """{case id: (points, names of the reasons)}; the number of queries does not grow."""
    cases = list(cases)
    promised, known = promises.of([case.pk for case in cases], now), conduct.situations(cases, now)
    found = {}
    for case in cases:
        limit = known[case.pk]["facts"].get("limitation_on")
        debt = getattr(case, "debt", None)
        facts = {
            "promises": [(row.on, row.kept.state if row.kept else "open") for row in promised[case.pk][:1]],
            "limitation_on": date.fromisoformat(limit) if limit else None,
            "due_since": debt.due_since if debt else None,
        }
        found[case.pk] = route.points(facts, on)
    return found


def stop(visit: Visit, its_points: int = 0) -> Stop:
    wish = ()
    if visit.wish_from and visit.wish_until:
        wish = ((route.seconds(visit.wish_from), route.seconds(visit.wish_until)),)
    lat, lon = (visit.address.lat_e7, visit.address.lon_e7) if visit.address else (None, None)
    return Stop(str(visit.pk), lat, lon, wish, its_points)


@transaction.atomic
def arrange(*, collector: User, on: date, by: User | None, now: datetime, mode: str = "") -> DayOrder:
    """By the solver, or where there is none always to the nearest next door. Refused("day.mode")."""
    if mode and mode not in Mode:
        raise Refused("day.mode")
    mode, left = mode or mode_of(collector, on), to_make(collector, on)
    named = {str(visit.pk): visit for visit in left}
    its_points = points([visit.case for visit in left], on, now)
    _place, after, from_s = _before(collector, on)
    stops = [stop(visit, its_points[visit.case_id][0]) for visit in left]
    ordered, how = routes.order(stops, mode=mode, after=after, from_s=from_s)
    return _keep([named[each.key] for each in ordered], collector, on, how=how, mode=mode, by=by, at=now)


def appended(visits: list[Visit], there: list[Visit], *, collector: User, on: date, by: User | None, now: datetime):
    """New visits, made and put in order after those that the day holds; who has been told an hour keeps it."""
    mode = mode_of(collector, on)
    its_points = points([visit.case for visit in visits], on, now)
    named, last = {str(visit.pk): visit for visit in visits}, there[-1] if there else None
    after = stop(last) if last else None
    left_at = route.seconds(last.planned_end) + BREATHER if last and last.planned_end else None
    stops = [stop(visit, its_points[visit.case_id][0]) for visit in visits]
    stops, how = routes.order(stops, mode=mode, after=after, from_s=left_at)
    visits = [named[each.key] for each in stops]
    _hours(visits, mode, last.place if last else 0, after, left_at)
    Visit.objects.bulk_create(visits)
    ids = [str(visit.pk) for visit in (*there, *visits)]
    DayOrder.objects.create(collector=collector, on=on, how=how, mode=mode, order=ids, by=by, at=now)
    return visits


@transaction.atomic
def move(*, visit: Visit, places: int, by: User, now: datetime) -> DayOrder:
    """One visit so many places later; earlier where it is negative. Refused("day.begun") where it is no longer open."""
    left = to_make(visit.collector, visit.planned_on)
    at = next((n for n, each in enumerate(left) if each.pk == visit.pk), None)
    if at is None:
        raise Refused("day.begun")
    left.insert(max(0, at + places), left.pop(at))
    return _keep(left, visit.collector, visit.planned_on, how="desk", by=by, at=now)


@transaction.atomic
def wish(*, visit: Visit, from_hour, until_hour, by: User, now: datetime) -> None:
    """The hours he asked for, both or none. Refused("day.wish" | "day.begun")."""
    if bool(from_hour) != bool(until_hour) or (from_hour and from_hour >= until_hour):
        raise Refused("day.wish")
    if not Visit.objects.filter(pk=visit.pk, started_at=None).update(wish_from=from_hour, wish_until=until_hour):
        raise Refused("day.begun")
    said = {"from": f"{from_hour:%H:%M}", "until": f"{until_hour:%H:%M}"} if from_hour else {}
    record.lock([visit.case_id])
    record.append(
        case=visit.case, action="visit.wish", object=f"visit:{visit.pk}", payload=said, now=now, actor=by
    )
    arrange(collector=visit.collector, on=visit.planned_on, by=by, now=now)


def _before(collector: User, on: date) -> tuple[int, Stop | None, int | None]:
    """(the last place taken, its door, when it will be left) by what is under way or made."""
    gone = Visit.objects.filter(collector=collector, planned_on=on).exclude(started_at=None, outcome="")
    last = gone.select_related("address").order_by("place", "pk").last()
    if last is None:
        return 0, None, None
    ends = [route.seconds(each) + BREATHER for each in [last.planned_end] if each]
    if last.started_at:
        ends.append(route.seconds(timezone.localtime(last.started_at).time()) + route.service_s())
    return last.place, stop(last), max(ends, default=None)


def _hours(visits: list[Visit], mode: str, place: int, after: Stop | None, from_s: int | None) -> None:
    laid = route.lay_out([stop(visit) for visit in visits], mode=mode, after=after, from_s=from_s)
    for number, (visit, hours) in enumerate(zip(visits, laid, strict=True), start=place + 1):
        visit.place = number
        visit.planned_start, visit.planned_end = map(route.clock, hours) if hours else (None, None)


def _keep(visits: list[Visit], collector, on, *, how, by, at, mode="", event=None) -> DayOrder:
    mode = mode or mode_of(collector, on)
    place, after, from_s = _before(collector, on)
    _hours(visits, mode, place, after, from_s)
    Visit.objects.bulk_update(visits, ["place", "planned_start", "planned_end"])
    ids = [str(visit.pk) for visit in visits]
    return DayOrder.objects.create(
        collector=collector, on=on, how=how, mode=mode, order=ids, by=by, event=event, at=at
    )


@intake.handles("plan.ordered/1")
def ordered(event: Incoming, visit: Visit | None, case: Case) -> None:
    """His own order, unless a newer one stands; visits that it does not name come after."""
    on, names = date.fromisoformat(event.body["on"]), event.body["order"]
    newest = latest(event.author, on)
    if newest and newest.at > event.at:
        event.marks.append("order_is_newer")
        return
    wanted = {name: n for n, name in enumerate(names)}
    left = sorted(to_make(event.author, on), key=lambda row: wanted.get(str(row.pk), len(wanted)))
    _keep(left, event.author, on, how="phone", by=event.author, at=event.at, event=event.row)


@intake.handles("plan.put_off/1")
def put_off(event: Incoming, visit: Visit | None, case: Case) -> None:
    """Why it was not made, and when it will be; it goes to the end of that day."""
    said = event.body
    planned = Visit.objects.filter(pk=said["visit"], case=case, collector=event.author).first()
    new_on = date.fromisoformat(said["new_on"]) if said["new_on"] else None
    PutOff.objects.create(
        case=case, visit=planned, event=event.row, by=event.author, at=event.at,
        reason=said["reason"], text=said["text"], new_on=new_on,
    )  # fmt: skip
    if planned is None or planned.started_at:
        event.marks.append("put_off_begun")
        return
    was_on = planned.planned_on
    if new_on and new_on != was_on:
        planned.planned_on, planned.place = new_on, 9999
        planned.wish_from = planned.wish_until = planned.put_off_at = None
    else:
        planned.put_off_at = event.at
    planned.save()
    if new_on and new_on != was_on:
        _keep(to_make(event.author, new_on), event.author, new_on, how="phone", by=event.author, at=event.at)


@intake.handles("plan.wanted/1", command=True)
def wanted(event: Incoming, visit: Visit | None, case: Case) -> None:
    """A visit that nobody had planned: it comes after those of that day. Rejected where nobody may go there."""
    on = date.fromisoformat(event.body["on"])
    if paused([case.pk], event.at):
        raise Rejected("plan.paused")
    if Visit.objects.filter(case=case, collector=event.author, planned_on=on, ended_at=None).exists():
        return
    home = Address.objects.filter(party__case=case, party__role="debtor", kind="home").order_by("-pk").first()
    made = Visit.objects.create(case=case, collector=event.author, address=home, planned_on=on, place=9999)
    said = {"on": on.isoformat(), "collector": event.author.username}
    record.append(
        case=case, action="visit.planned", object=f"visit:{made.pk}", payload=said, now=event.at, actor=event.author
    )
    _keep(to_make(event.author, on), event.author, on, how="phone", by=event.author, at=event.at)
