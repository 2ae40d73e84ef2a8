"""Verdicts: what the server says about one event, signed, and kept byte for byte when the event was stored.

{"event_id","status","code","message","sha256","server_seq","received_at","rev","key_id","sig"}, `sig` over the rest.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Max

from . import keys, problems, wire
from .models import Device, Event, Quarantine, Receipt

log = logging.getLogger(__name__)


@dataclass
class Note:
    """A receipt still to be written, for an event or for what lies in quarantine."""

    event_id: str
    sha256: str
    device: Device
    status: str
    code: str
    rev: int = 1
    event: Event | None = None
    quarantine: Quarantine | None = None
    build: str = ""
    params: dict = field(default_factory=dict)  # fill the sentence of `code`
    sent_sha256: str = ""  # of the envelope that this answers
    missing: bool = False  # the number before it on the phone is not here yet


def next_rev(row: Event) -> int:
    """Of the event's next receipt; the first one may have been a quarantine's."""
    return (row.receipts.aggregate(last=Max("rev"))["last"] or 0) + 1


def verdict(
    *, event_id, status, code, sha256, now: datetime, server_seq=None, rev=0, params: dict | None = None
) -> bytes:
    """The signed bytes. `rev` 0 says that nothing was stored. The sentence is in the language now active."""
    said = {
        "event_id": str(event_id),
        "status": status,
        "code": code,
        "message": _words(code, params or {}),
        "sha256": sha256,
        "server_seq": server_seq,
        "received_at": now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "rev": rev,
        "key_id": keys.signing_key_id(),
    }
    return wire.canonical(said | {"sig": keys.sign(wire.canonical(said))})


def _words(code: str, params: dict) -> str:
    """A handler may hold an event for a reason that has no sentence yet; its receipt must not fail for that."""
    if not code:
        return ""
    try:
        return problems.sentence(code, **params)
    except KeyError:
        log.error("no sentence for %s", code)
        return problems.sentence("being_checked")


def write(notes: list[Note], *, now: datetime) -> dict:
    """Write the receipts and return {(event id, sha256): body}. Two queries and one for each phone.

    The device's row stays locked until the commit, so a phone that asks for counters above N misses none.
    """
    ids = {note.device.pk for note in notes}
    # no_key: events of the same phone that arrive side by side hold a share of this row for their foreign key
    devices = {d.pk: d for d in Device.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    rows, bodies = [], {}
    for note in notes:
        device = devices[note.device.pk]
        device.receipts += 1
        body = verdict(
            event_id=note.event_id,
            status=note.status,
            code=note.code,
            sha256=note.sha256,
            now=note.event.received_at if note.event else now,
            server_seq=note.event.server_seq if note.event else None,
            rev=note.rev,
            params=note.params,
        )
        if note.missing:
            device.missing_since = device.missing_since or now
        device.build = note.build or device.build
        bodies[UUID(note.event_id), note.sha256] = body
        rows.append(
            Receipt(
                event=note.event,
                quarantine=note.quarantine,
                rev=note.rev,
                device=device,
                counter=device.receipts,
                body=body,
                sent_sha256=note.sent_sha256,
            )
        )
    Receipt.objects.bulk_create(rows)
    for device in devices.values():
        device.last_seen_at = max(filter(None, (device.last_seen_at, now)))
        device.save(update_fields=["receipts", "last_seen_at", "build", "missing_since"])
    return bodies


def since(device: Device, counter: int, most: int = 200) -> tuple[list[bytes], int]:
    """([{"counter", …verdict} as bytes], the counter to ask from next time)."""
    found = list(Receipt.objects.filter(device=device, counter__gt=counter).order_by("counter")[:most])
    bodies = [b'{"counter":%d,' % receipt.counter + bytes(receipt.body)[1:] for receipt in found]
    return bodies, found[-1].counter if found else counter
