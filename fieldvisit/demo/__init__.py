"""The demo: three banks' files, an agency, a handful of people, and visits for today and tomorrow. All of it invented.

load(now=…) goes through the same verbs as real work, so the record has its entries. Run again on the same day it
changes nothing; on the next day it plans that day's visits.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone

from .. import cases, day_plan, imports, letters, pauses, people, training
from ..models import Address, Agency, CardRead, Case, Creditor, ImportRun, Letter, Mandate, Role, Team, User, Visit
from ..problems import Refused
from ..rules.geo import distance_m

FILES = {"bank-a": "bank-a.csv", "bank-b": "bank-b.csv", "bank-c": "bank-c.xlsx"}
HANGZHOU, GUANGZHOU = "杭州一组", "广州一组"
# username, name, role, team; the order is that of the sign-in page
PEOPLE = [
    ("zhoumin", "周敏", Role.COLLECTOR, HANGZHOU),
    ("shenwei", "沈卫", Role.COLLECTOR, HANGZHOU),
    ("linfang", "林芳", Role.COLLECTOR, GUANGZHOU),
    ("chenjing", "陈静", Role.SUPERVISOR, HANGZHOU),
    ("hejing", "何静", Role.REVIEWER, None),
    ("admin", "管理员", Role.ADMINISTRATOR, None),
    ("wuyan", "吴燕", Role.COLLECTOR, GUANGZHOU),
]
MANDATED = timedelta(days=180)  # from the first start on: a demo of next year has its mandates too
# whose cases: collector, city, profile or None for all
LOTS = [("zhoumin", "杭州市", "bank-a"), ("shenwei", "杭州市", None), ("linfang", "广州市", None)]
# collector, who goes with him, visits today, visits tomorrow, from where (1e-7 degrees)
ROUNDS = [("zhoumin", "shenwei", 6, 4, 302760000, 1201550000), ("linfang", "wuyan", 3, 0, 231290000, 1132640000)]

UNREAD = ("shenwei", "data")  # who still has which card to read

_loaders: list[Callable] = []


def also(loader: Callable[..., None]) -> Callable[..., None]:
    """For other apps' `demo` modules: loader(now=…) runs after ours and must be safe to run again."""
    _loaders.append(loader)
    return loader


def load(*, now: datetime) -> list[User]:
    """Load what is missing and return the people, in the order to show them. Refused("demo.off") outside the demo."""
    if not settings.DEMO:
        raise Refused("demo.off")
    users = _people()
    for profile, name in FILES.items():
        _import(profile, Path(__file__).with_name(name), by=users["chenjing"], now=now)
    _mandates(timezone.localdate(now))
    _trained(users, now)
    for username, city, profile in LOTS:
        _assign(users[username], city, profile, by=users["chenjing"], now=now)
    today = timezone.localdate(now)
    for username, second, *counts, lat_e7, lon_e7 in ROUNDS:
        for days, count in enumerate(counts):
            on = today + timedelta(days=days)
            chosen = _next_cases(users[username], on, count, today, (lat_e7, lon_e7))
            if chosen:
                companion = users.get(second)
                cases.plan_visits(
                    cases=chosen, collector=users[username], second=companion, on=on, by=users["chenjing"], now=now
                )
    _letter(users["zhoumin"], by=users["chenjing"], on=today, now=now)
    for loader in _loaders:
        loader(now=now)
    return list(users.values())


def _letter(collector: User, *, by: User, on: date, now: datetime) -> None:
    """One debtor has been told of the visit, and asked for an hour in the afternoon."""
    visit = Visit.objects.filter(collector=collector, planned_on=on, started_at=None).order_by("place").last()
    if visit is None or Letter.objects.exists():
        return
    made = letters.make(case=visit.case, kind="visit-notice", text="", sure=False, by=by, now=now)
    letters.deliver(letter=made, way="courier", on=on, reference="SF1390002468", proof=b"", by=by, now=now)
    day_plan.wish(visit=visit, from_hour=time(15), until_hour=time(17), by=by, now=now)


def _people() -> dict[str, User]:
    teams = {name: Team.objects.get_or_create(name=name)[0] for name in (HANGZHOU, GUANGZHOU)}
    users = {user.username: user for user in User.objects.filter(username__in=[row[0] for row in PEOPLE])}
    for number, (username, name, role, team) in enumerate(PEOPLE, start=1):
        if username not in users:
            users[username] = people.new_user(
                username=username, name=name, role=role, password=people.DEMO_PASSWORD, team=teams.get(team)
            )
            User.objects.filter(username=username).update(badge=f"ZH-{number:04d}")
    return {username: users[username] for username, *_rest in PEOPLE}


def _import(profile: str, path: Path, *, by: User, now: datetime) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if not ImportRun.objects.filter(sha256=digest, profile=profile).exists():
        with path.open("rb") as file:
            imports.run(file=file, name=path.name, profile=profile, by=by, now=now)


def _trained(users: dict[str, User], now: datetime) -> None:
    """Everybody who goes out has been taught the cards, once; one of them has one still to read."""
    going = [user for user in users.values() if user.role in training.GO_OUT]
    taught = set(CardRead.objects.filter(user__in=going).values_list("user", flat=True))
    for pk, cards in training.state(going, now).items():
        person = next(user for user in going if user.pk == pk)
        for each in cards if pk not in taught else []:
            if (person.username, each["card"]["id"]) != UNREAD:
                training.note(user=person, card=each["card"]["id"], version=each["version"], at=now)


def _mandates(today: date) -> None:
    agency, _made = Agency.objects.get_or_create(name="正和资产服务有限公司", defaults={"phone": "0571-88880000"})
    for number, profile in enumerate(FILES, start=1):
        creditor = Creditor.objects.get(name=imports.profile_named(profile).creditor["name"])
        Mandate.objects.get_or_create(
            creditor=creditor,
            number=f"ZH-2026-{number:03d}",
            defaults={"agency": agency, "valid_from": date(2026, 1, 1), "valid_until": today + MANDATED},
        )


def _assign(collector: User, city: str, profile: str | None, *, by: User, now: datetime) -> None:
    """Cases that nobody ever had; what was reassigned by hand stays so."""
    free = Case.objects.filter(assignments=None, parties__addresses__city=city).distinct()
    if profile:
        free = free.filter(creditor__name=imports.profile_named(profile).creditor["name"])
    if found := list(free):
        cases.assign(cases=found, collector=collector, by=by, now=now)


def _next_cases(collector: User, on: date, wanted: int, today: date, start: tuple[int, int]) -> list[Case]:
    """So many of his cases that the day is full: not planned from today on, seldom visited, near the start.

    The first of them is the earliest due, as `plan_visits` keeps it first.
    """
    missing = wanted - Visit.objects.filter(collector=collector, planned_on=on).count()
    if missing <= 0:
        return []
    his = Case.objects.filter(assignments__collector=collector, assignments__until_at=None)
    seen = {
        row["pk"]: row
        for row in his.annotate(times=Count("visits"), last=Max("visits__planned_on")).values("pk", "times", "last")
    }
    homes = (
        Address.objects.filter(party__case__in=his, kind="home")
        .exclude(lat_e7=None)
        .select_related("party__case__debt")
    )
    paused = pauses.of([home.party.case_id for home in homes], timezone.now())
    homes = [home for home in homes if home.party.case_id not in paused]
    open_ = [home for home in homes if not (last := seen[home.party.case_id]["last"]) or last < today]
    open_.sort(key=lambda home: (seen[home.party.case_id]["times"], distance_m(home.lat_e7, home.lon_e7, *start)))
    chosen = [home.party.case for home in open_[:missing]]
    return sorted(chosen, key=lambda case: case.debt.due_since or today)
