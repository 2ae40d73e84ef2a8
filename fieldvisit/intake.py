"""The one door for work from phones: ingest_batch(items) → one verdict per event, stored exactly once.

Other apps and verbs register what they do with an event:

    @intake.handles("visit.note/1")                     handler(event: Incoming, visit, case), inside the transaction
    @intake.handles("promise.made/1", command=True)     may be held because the case has moved on
    @intake.after_visit                                 fn(visit), at the end of each group that stored something
    @intake.on_blob                                     fn(sha256), after the commit that made event and content meet

A handler that raises Held(code) leaves no rows, and what depends on it waits; one that returns Held(code) keeps them.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils import translation

from . import repeats, store
from .delivery import Delivery
from .handlers import Held, Rejected, after_visit, blob_arrived, handles, on_blob, report, visit_changed
from .incoming import Incoming, Invalid, open_item
from .models import Device, User
from .receipts import verdict

__all__ = [
    "MOST_BYTES",
    "MOST_EVENTS",
    "Answer",
    "Held",
    "Incoming",
    "Rejected",
    "after_visit",
    "blob_arrived",
    "handles",
    "ingest",
    "ingest_batch",
    "on_blob",
    "visit_changed",
]

# Phones keep a request under 256 KiB; the rest is room for one event of 200 KiB, which base64 makes a third longer.
MOST_EVENTS, MOST_BYTES = 50, 320 * 1024


@dataclass
class Answer:
    """In the order asked: signed verdicts as bytes, and which of them are stored receipts given again."""

    verdicts: list[bytes]
    repeats: list[int]


def ingest(item: dict, *, actor: User, device: Device, now: datetime) -> bytes:
    """One event; see ingest_batch."""
    return ingest_batch([item], actor=actor, device=device, now=now).verdicts[0]


def ingest_batch(items: list, *, actor: User, device: Device, now: datetime) -> Answer:
    """Take in what `device` made, delivered by `actor`. One transaction per visit, or per
    case for what was done beside visits; only then is there an answer.

    `device` comes with its user. No exception for bad input: each event gets its verdict, and the others go on.
    """
    known, waiting = repeats.answered(items, device=device)
    answer = Answer([known.get(place, b"") for place in range(len(items))], list(known))
    groups: dict[UUID | str, list[tuple[int, Incoming]]] = {}
    with translation.override(actor.language):
        for place, item in enumerate(items):
            if place in known:
                continue
            try:
                event = open_item(item, actor=actor, device=device, now=now)
                groups.setdefault(event.visit_id or event.data["case_ref"], []).append((place, event))
            except Invalid as problem:
                answer.verdicts[place] = _invalid(item, problem, now)
        _look_again(waiting)
        for name, members in groups.items():
            try:
                with transaction.atomic():
                    group = Delivery(members, now=now)
                    group.take()
            except Exception as error:
                # Locked, torn away, or a fault of ours: nothing of this visit was stored, the phone comes again.
                locked = isinstance(error, DatabaseError)
                report(error, f"visit or case {name}")
                for place, event in members:
                    answer.verdicts[place] = _retry(event, "busy" if locked else "failed", now)
                continue
            for place, event in members:
                answer.verdicts[place] = group.bodies.get((event.id, event.sha256)) or _retry(event, "failed", now)
            answer.repeats += group.repeats
            _look_again(group.blobs)
    answer.repeats.sort()
    return answer


def _look_again(names: set[str]) -> None:
    for sha256 in sorted(names):
        if store.holds(sha256):
            blob_arrived(sha256)


def _invalid(item, problem: Invalid, now) -> bytes:
    event_id = item.get("event_id") if isinstance(item, dict) else None
    # only what looks like an id is given back: verdicts are signed JSON, not an echo
    event_id = event_id if isinstance(event_id, str) and len(event_id) <= 64 and event_id.isascii() else ""
    return verdict(
        event_id=event_id, status="invalid", code=problem.code, sha256=problem.sha256, now=now, params=problem.params
    )


def _retry(event: Incoming, code: str, now) -> bytes:
    return verdict(event_id=event.id, status="retry", code=code, sha256=event.sha256, now=now)
