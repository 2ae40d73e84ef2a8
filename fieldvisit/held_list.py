"""The page of held work: what waits, why, since when, and what would happen. So many queries however much it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from . import access, held, history, problems, wire
from .handlers import COMMANDS
from .models import Case, Event, HeldDecision, Party, Quarantine, Role, Status, User

MOST = 200  # of each kind on one page, the oldest first


@dataclass(frozen=True)
class Item:
    """One thing to decide. `kind` and `pk` lead to its decision; `rows` are the entries it is about."""

    kind: str
    pk: object
    title: str
    text: str
    rows: int
    case: Case | None
    name: str
    author: User
    label: str
    captured_at: datetime | None
    since: datetime
    why: str
    accept: str
    reject: str
    alarm: str
    from_at: datetime | None  # before this it goes on by itself

    @property
    def key(self) -> str:
        return str(self.pk)


_others: list[Callable] = []


def also(fn: Callable) -> Callable:
    """fn(user) -> [Elsewhere]: what another app holds for a person, decided on a page of its own."""
    if fn not in _others:
        _others.append(fn)
    return fn


def others(user: User) -> list["Elsewhere"]:
    return sorted((each for fn in _others for each in fn(user)), key=lambda each: each.since)


@dataclass(frozen=True)
class Elsewhere:
    title: str
    text: str
    url: str
    since: datetime


def items(user: User, now: datetime) -> list[Item]:
    """Everything that waits for a person, the oldest first."""
    debtors = Prefetch("case__parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    events = held.events(user).select_related("case", "device__user").prefetch_related(debtors)
    events = list(events.order_by("received_at", "seq")[:MOST])
    rejected = _rejected_parents(events)
    found = [_event(row, now, rejected) for row in events]
    apart = held.quarantined(user).select_related("case", "device__user").prefetch_related(debtors)
    apart = sorted(apart.order_by("at", "pk")[:MOST], key=lambda row: (_group(row), row.seq))
    found += [_quarantine(list(rows), now) for _key, rows in groupby(apart, key=_group)]
    return sorted(found, key=lambda item: item.since)


def group(row: Quarantine, user: User) -> list[Quarantine]:
    """What is decided together with this one: work of one phone on one visit that nobody was assigned."""
    return [other for other in held.quarantined(user).filter(visit_id=row.visit_id) if _group(other) == _group(row)]


def lately(user: User, most: int = 20) -> list[HeldDecision]:
    """The last decisions about cases this user may reach, newest first."""
    mine = access.through_case(HeldDecision.objects.filter(event__isnull=False), user, "event__case__")
    apart = access.through_case(HeldDecision.objects.filter(event=None), user, "quarantine__case__")
    if user.role == Role.SUPERVISOR:
        apart = apart.filter(quarantine__case__isnull=False)
    of = ("event__device__user", "event__case", "quarantine__device__user", "quarantine__case", "by")
    rows = [*mine.select_related(*of).order_by("-pk")[:most], *apart.select_related(*of).order_by("-pk")[:most]]
    for row in rows:
        row.about = row.event or row.quarantine
        row.title, row.why = history.title(row.about.type), _why(row.code)
    return sorted(rows, key=lambda row: -row.pk)[:most]


def _event(row: Event, now: datetime, rejected: set[str]) -> Item:
    data, command = json.loads(bytes(row.bytes)), row.type in COMMANDS
    from_at = held.decidable_from(row)
    free = from_at <= now or bool(rejected.intersection(data["depends_on"]))
    return Item(
        kind="events",
        pk=row.pk,
        rows=1,
        since=row.received_at,
        captured_at=row.corrected_at,
        why=_why(row.code),
        accept=_("It is applied to the case as the case stands now. All later checks are still made.")
        if command
        else _("It is entered into the case as it was told."),
        reject=_("It is never applied. The entry itself stays stored.")
        if command
        else _("It has no further effect. It stays in the record as evidence."),
        alarm=_alarm(row.code, row.received_at, now),
        from_at=None if free else from_at,
        **_common(row, data),
    )


def _quarantine(rows: list[Quarantine], now: datetime) -> Item:
    first = rows[0]
    beside = first.reason == held.BESIDE
    if first.case is None:
        accept = ""
    elif beside:
        accept = _("It is put into the record beside the first entry, which is not changed.")
    else:
        accept = _("It becomes a late visit of this case, made by this collector, and is reviewed like any other.")
    common = _common(first, json.loads(bytes(first.bytes)[wire.SIGNATURE :]))
    if len(rows) > 1:
        titles = dict.fromkeys(history.title(row.type) for row in rows)
        common |= {"title": _("Entries of one visit: {n}").format(n=len(rows)), "text": _(", ").join(titles)}
    return Item(
        kind="quarantine",
        pk=first.pk,
        rows=len(rows),
        since=min(row.at for row in rows),
        captured_at=first.captured_at,
        why=_("Another entry with this number is already here, with other words.")
        if beside
        else _("Nobody had assigned this case to the collector at that time."),
        accept=accept,
        reject=_("It stays stored outside the case and changes nothing."),
        alarm=_alarm("", min(row.at for row in rows), now),
        from_at=None,
        **common,
    )


def _common(row, data: dict) -> dict:
    case = row.case
    return {
        "title": history.title(row.type),
        "text": _text(data),
        "case": case,
        "name": next((party.name for party in case.debtors), case.contract_number) if case else "",
        "author": row.device.user,
        "label": row.device.label,
    }


def _text(data: dict) -> str:
    """The words in it, if it has any; what stands in an agreement is shown by the review."""
    body = data["body"]
    told = history.text(data["type"], {"body": body})
    return str(told or body.get("text") or body.get("caption") or "")[:300]


def _alarm(code: str, since: datetime, now: datetime) -> str:
    if now - since >= held.A_PERSON_DECIDES:
        return "decide"
    return "late" if now - since >= held.LATE else ""


def _rejected_parents(events: list[Event]) -> set[str]:
    waiting = [row for row in events if row.code == "waiting"]
    parents = {each for row in waiting for each in json.loads(bytes(row.bytes))["depends_on"]}
    found = Event.objects.filter(pk__in=parents, status=Status.REJECTED).values_list("pk", flat=True)
    return {str(pk) for pk in found}


def _group(row: Quarantine) -> tuple:
    alone = row.pk if row.reason == held.BESIDE else 0
    return str(row.device_id), str(row.visit_id), (row.case_id and str(row.case_id)) or "", row.reason, alone


def _why(code: str) -> str:
    return str(problems.PROBLEMS[code].sentence) if code in problems.PROBLEMS else code
