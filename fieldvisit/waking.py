"""What waited for an event that has now come. `delivery` is a delivery.Delivery."""

from django.db import OperationalError, transaction

from . import receipts
from .handlers import report
from .incoming import Incoming, read
from .models import Event, Status, Visit


def wake(delivery) -> None:
    """What waited for an event that has now come: apply it, with a new revision of its receipt."""
    waiting = list(
        Event.objects.filter(case=delivery.case, status=Status.HELD, code="waiting")
        .select_related("device__user", "actor")
        .order_by("seq")
    )
    while ready := [row for row in waiting if delivery.known.parents_stand(row)]:
        for row in ready:
            waiting.remove(row)
            event = again(row)
            if row.visit_id and row.visit_id not in delivery.touched:
                delivery.touched[row.visit_id] = Visit.objects.select_related("case").get(pk=row.visit_id)
            try:
                with transaction.atomic():
                    delivery.apply(event, delivery.touched.get(row.visit_id))
            except OperationalError:
                raise
            except Exception as error:
                report(error, f"waiting event {event.id}")
                continue
            unsent = delivery.notes.get((event.id, event.sha256))
            if unsent:  # came in this very request: its first receipt says how it ended
                unsent.status, unsent.code, unsent.event = row.status, row.code, row
            else:
                delivery.note(event, rev=receipts.next_rev(row))


def again(row: Event) -> Incoming:
    """A stored event as it came; the row with its device's user, and its actor."""
    event = read(
        bytes(row.bytes),
        signature=bytes(row.signature),
        actor=row.actor,
        device=row.device,
        received_at=row.received_at,
    )
    event.row, event.marks = row, list(row.marks)
    return event
