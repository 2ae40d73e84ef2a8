"""Quarantine: what must not enter a case by itself. `delivery` is a delivery.Delivery."""

import logging

from .incoming import Incoming
from .models import Case, Quarantine, Status
from .receipts import Note

log = logging.getLogger(__name__)


def set_apart(delivery, event: Incoming, code: str) -> None:
    """Store the bytes beside the case, and say `held` without a word about it."""
    row = Quarantine(
        event_id=event.id,
        sha256=event.sha256,
        bytes=event.signature + event.raw,
        device=event.device,
        actor=event.actor,
        reason=code,
        at=delivery.now,
        type=event.type,
        case=_case_of(delivery, event),
        visit_id=event.visit_id,
        seq=event.seq,
        device_seq=event.data["device_seq"],
        captured_at=event.at,
    )
    Quarantine.objects.bulk_create([row], ignore_conflicts=True)
    row = Quarantine.objects.get(event_id=event.id, sha256=event.sha256)
    log.warning("event %s lies in quarantine: %s", event.id, code)
    delivery.notes[event.id, event.sha256] = Note(
        event_id=str(event.id),
        sha256=event.sha256,
        device=event.device,
        status=Status.HELD,
        code=code,
        quarantine=row,
    )


def _case_of(delivery, event: Incoming) -> Case | None:
    """The case that the event names, unless its visit belongs to another: then nobody's supervisor is told."""
    if event.visit_id is None:
        return delivery.case
    if delivery.visit:
        return delivery.visit.case if delivery.visit.case.ref == event.data["case_ref"] else None
    return Case.objects.filter(ref=event.data["case_ref"]).first()
