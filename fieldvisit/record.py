"""The record: append(case, …), timeline(case), verify(case). One hash chain per case, INSERT only.

entry = {seq, at, actor, action, object, payload_sha256, prev}; hash = SHA-256(0x00 ‖ JCS(entry)), `prev` the former
entry's hash in hex, 64 zeros for the first. The 0x00 is RFC 9162's leaf prefix, for checkpoints.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785
from django.db import connection, transaction

from .models import Case, Entry, EntryDetail, User

FIRST = "0" * 64


@dataclass(frozen=True)
class Line:
    """One thing that happened. `payload` may hold personal data; only its salted hash enters the chain."""

    case: Case
    action: str
    object: str
    payload: dict
    actor: User | None = None


def lock(case_ids: Iterable) -> None:
    """Serialise writers of these cases until the transaction ends. SQLite's IMMEDIATE transactions do so for all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # one statement, always in the same order, so that two writers of many cases cannot wait for each other
            keys = sorted(case_id.int % 2**63 for case_id in case_ids)
            cursor.execute("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(%s::bigint[]) AS key", [keys])


def append(*, case: Case, action: str, object: str, payload: dict, now: datetime, actor: User | None = None) -> Entry:
    """Append one line to the case's chain and return it."""
    return append_many([Line(case=case, action=action, object=object, payload=payload, actor=actor)], now=now)[0]


@transaction.atomic
def append_many(lines: list[Line], *, now: datetime) -> list[Entry]:
    """Append lines, each to its own case's chain in the order given; three queries however many there are."""
    case_ids = {line.case.pk for line in lines}
    lock(case_ids)
    tips = _tips(case_ids)
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    entries, details = [], []
    for line in lines:
        seq, prev = tips[line.case.pk]
        salt = secrets.token_bytes(16)
        entry = Entry(
            case=line.case,
            seq=seq + 1,
            at=at,
            actor=f"user:{line.actor.pk}" if line.actor else "system",
            action=line.action,
            object=line.object,
            payload_sha256=_payload_hash(salt, line.payload),
            prev=prev,
        )
        entry.hash = entry_hash(entry)
        tips[line.case.pk] = entry.seq, entry.hash
        entries.append(entry)
        details.append(EntryDetail(entry=entry, actor=line.actor, salt=salt, payload=line.payload))
    Entry.objects.bulk_create(entries)
    for detail, entry in zip(details, entries, strict=True):
        detail.entry_id = entry.pk
    EntryDetail.objects.bulk_create(details)
    return entries


def entry_hash(entry: Entry) -> str:
    facts = {key: getattr(entry, key) for key in ("seq", "at", "actor", "action", "object", "payload_sha256", "prev")}
    return hashlib.sha256(b"\x00" + rfc8785.dumps(facts)).hexdigest()


def timeline(case: Case) -> list[dict]:
    """The case's lines, oldest first: {seq, at, actor (User or None), action, object, payload, hash}. One query."""
    entries = Entry.objects.filter(case=case).order_by("seq").select_related("detail__actor")
    return [
        {
            "seq": e.seq,
            "at": datetime.fromisoformat(e.at),
            "actor": d.actor if d else None,
            "action": e.action,
            "object": e.object,
            "payload": d.payload if d else None,
            "hash": e.hash,
        }
        for e in entries
        for d in [getattr(e, "detail", None)]
    ]


def verify(case: Case) -> list[str]:
    """Walk the chain of one case. Every fault by its place; empty when the record stands.

    A cut tail cannot be seen without an outside checkpoint (design: evidence). An erased detail is lawful and no fault.
    """
    return verify_entries(Entry.objects.filter(case=case).order_by("seq").select_related("detail"))


def verify_entries(entries: Iterable[Entry]) -> list[str]:
    faults, seq, prev = [], 0, FIRST
    for entry in entries:
        if entry.seq != seq + 1:
            faults.append(f"{entry.seq}: place {seq + 1} is missing or out of order")
        if entry.prev != prev:
            faults.append(f"{entry.seq}: does not follow the entry before it")
        if entry_hash(entry) != entry.hash:
            faults.append(f"{entry.seq}: the entry was altered")
        detail = getattr(entry, "detail", None)
        if detail and not _speaks_of(detail, entry):
            faults.append(f"{entry.seq}: the detail was altered")
        seq, prev = entry.seq, entry.hash
    return faults


def _speaks_of(detail: EntryDetail, entry: Entry) -> bool:
    """The timeline names the detail's actor: it must be the one who is in the chain."""
    actor = f"user:{detail.actor_id}" if detail.actor_id else "system"
    return actor == entry.actor and _payload_hash(bytes(detail.salt), detail.payload) == entry.payload_sha256


def _payload_hash(salt: bytes, payload: dict) -> str:
    return hashlib.sha256(salt + rfc8785.dumps(payload)).hexdigest()


def _tips(case_ids: set) -> dict:
    """The last (seq, hash) of each case; (0, zeros) where nothing stands yet."""
    tips = defaultdict(lambda: (0, FIRST))
    latest = Entry.objects.filter(case__in=case_ids).order_by("case_id", "seq").values_list("case_id", "seq", "hash")
    if len(case_ids) == 1:
        latest = latest.reverse()[:1]
    for case_id, seq, digest in latest:
        tips[case_id] = seq, digest
    return tips
