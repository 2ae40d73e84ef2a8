"""The pack: all that one collector needs for today and tomorrow with no signal, in every language.

Others add to it when the app is ready:
    provides(name, fn)            fn(user, visits, now) -> JSON for `data[name]`, in a fixed number of queries.
                                  "offers" is {case_ref: {"body": offer/1, "sig", "token"} or {"none": code}}, read by
                                  the briefing
    page(step, template, fn)      /m/visits/<id>/<step>; fn(visit, scope) -> context, without queries of its own
    pages(fn)                     fn(scope) -> [Fragment] for other addresses
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import rfc8785
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils import timezone

from . import access, fragments, steps
from .fragments import LANGUAGES, Fragment
from .models import Assignment, Decision, Event, Mandate, Party, ReviewDecision, Status, User, Visit
from .rules.path import path

# as the phone calls them
STATES = {Status.APPLIED: "sent", Status.HELD: "waiting", Status.REJECTED: "needs"}


@dataclass
class Scope:
    """What one rendering sees: the visits with all that belongs to them, already loaded."""

    user: User
    now: datetime
    visits: list[Visit]
    data: dict = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day by which ages and days overdue are counted."""
        return timezone.localdate(self.now)


_data: dict[str, Callable] = {}
_pages_only: set[str] = set()
_pages: dict[str, tuple[str, Callable]] = {}
_others: list[Callable] = []


def provides(name: str, fn: Callable[[User, list[Visit], datetime], object], *, phone: bool = True) -> None:
    """`phone=False`: for the pages alone, which are rendered here; the phone gets no copy of it."""
    _data[name] = fn
    if not phone:
        _pages_only.add(name)


def page(step: str, template: str, fn: Callable[[Visit, Scope], dict]) -> None:
    _pages[step] = (template, fn)


def pages(fn: Callable[[Scope], list[Fragment]]) -> Callable:
    _others.append(fn)
    return fn


def scope(user: User, now: datetime, visits: Iterable[Visit] | None = None) -> Scope:
    """These visits, or those of today and tomorrow and what is still open of earlier days."""
    chosen = _loaded(due(user, now) if visits is None else visits, now)
    seen = Scope(user=user, now=now, visits=chosen)
    seen.data = {name: fn(user, chosen, now) for name, fn in _data.items()}
    return seen


def due(user: User, now: datetime):
    """Visits of this collector for that day and the next; of earlier days those sent back, and those never ended."""
    on = timezone.localdate(now)
    latest = ReviewDecision.objects.told(now).filter(visit=OuterRef("pk")).order_by("-pk").values("decision")[:1]
    return (
        access.visits(user)
        .filter(collector=user)
        .alias(latest=Subquery(latest))
        .filter(
            Q(planned_on__range=(on, on + timedelta(days=1)))
            | Q(planned_on__lt=on, latest=Decision.RETURNED)
            | Q(planned_on__lt=on, started_at__isnull=False, ended_at=None)
        )
    )


def fragment(step: str, visit: Visit, seen: Scope) -> Fragment:
    """One page of a visit. KeyError for a step that nobody provides."""
    template, fn = _pages[step]
    state = path(visit.known)
    common = {
        "visit": visit,
        "case": visit.case,
        "debtor": visit.debtor,
        "step": step,
        "on": seen.on,
        "user": seen.user,
        "path": state,
        "plan": (seen.data.get("safety") or {}).get(str(visit.pk)),
        "events_json": json.dumps(visit.known, ensure_ascii=False),
    } | steps.context(step, state)
    return Fragment(f"/m/visits/{visit.pk}/{step}", template, common | fn(visit, seen))


def build(user: User, *, now: datetime) -> dict:
    """The whole pack: {"v", "state", "as_of", "languages", "fragments": [{url, language, sha256, html}], "data"}.

    `state` is a hash of all but the time: the same state, the same pack.
    """
    seen = scope(user, now)
    made = [item for fn in _others for item in fn(seen)]
    made += [fragment(step, visit, seen) for visit in seen.visits for step in _pages]
    rendered = [
        {"url": item.url, "language": language, "sha256": fragments.sha256(html), "html": html}
        for language in LANGUAGES
        for item in made
        for html in [fragments.render(item, language)]
    ]
    # dates and the like as text, once, so that the hash and the answer agree
    data = json.loads(json.dumps(_phone(seen.data), ensure_ascii=False, default=str))
    named = [[item["url"], item["language"], item["sha256"]] for item in rendered]
    state = hashlib.sha256(rfc8785.dumps([named, data])).hexdigest()
    return {
        "v": 1,
        "state": state,
        "as_of": now.isoformat(),
        "languages": list(LANGUAGES),
        "fragments": rendered,
        "data": data,
    }


def _phone(data: dict) -> dict:
    return {name: found for name, found in data.items() if name not in _pages_only}


def _loaded(visits, now: datetime) -> list[Visit]:
    """In the order of the day, each with `.debtor`, `.mandate`, `.assignment`, `.latest`, `.known` (events as the phone
    knows them) and `.before` (earlier visits of the case); eleven queries whatever their number."""
    ids = [visit.pk for visit in visits] if isinstance(visits, list) else visits.values("pk")
    found = list(
        Visit.objects.filter(pk__in=ids)
        .order_by("planned_on", "place", "pk")
        .select_related("case__creditor", "case__debt", "address", "second", "collector")
        .prefetch_related(
            Prefetch("case__parties", Party.objects.order_by("pk").prefetch_related("addresses")),
            Prefetch("case__assignments", Assignment.objects.filter(until_at=None)),
            Prefetch("case__creditor__mandates", Mandate.objects.select_related("agency").order_by("valid_until")),
            Prefetch("decisions", ReviewDecision.objects.told(now).select_related("by").order_by("pk")),
        )
    )
    known, before = _known(found), _before(found, now)
    for visit in found:
        case = visit.case
        visit.debtor = next((party for party in case.parties.all() if party.role == "debtor"), None)
        visit.assignment = next(iter(case.assignments.all()), None)
        in_force = [m for m in case.creditor.mandates.all() if m.valid_from <= visit.planned_on <= m.valid_until]
        visit.mandate = in_force[-1] if in_force else None
        visit.latest = list(visit.decisions.all())[-1] if visit.decisions.all() else None
        visit.known = known[visit.pk]
        visit.before = [other for other in before[case.pk] if other.pk != visit.pk]
    return found


def _known(visits) -> dict:
    """{visit id: [{type, body, seq, event_id, at, state, server_seq, blobs}]}; the phone adds its own."""
    rows = Event.objects.filter(visit_id__in=[v.pk for v in visits]).exclude(type="visit.companion/1")
    rows = rows.order_by("visit_id", "seq", "server_seq")
    known = defaultdict(list)
    for row in rows:
        event = json.loads(bytes(row.bytes))
        known[row.visit_id].append(
            {
                "type": row.type,
                "body": event["body"],
                "seq": row.seq,
                "event_id": str(row.pk),
                "at": row.corrected_at.isoformat(),
                "state": STATES[row.status],
                "server_seq": row.server_seq,
                "blobs": [{"sha256": blob["sha256"], "mime": blob["mime"]} for blob in event["blobs"]],
            }
        )
    return known


def _before(visits, now: datetime) -> dict:
    """{case id: [ended visits, newest first, with notes and decisions]}."""
    rows = (
        Visit.objects.filter(case__in={v.case_id for v in visits}, ended_at__isnull=False)
        .order_by("-ended_at")
        .select_related("collector")
        .prefetch_related("notes", Prefetch("decisions", ReviewDecision.objects.told(now)))
    )
    before = defaultdict(list)
    for row in rows:
        before[row.case_id].append(row)
    return before
