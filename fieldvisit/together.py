"""The usual case, cheaply: all new events of a delivery in one savepoint. `delivery` is a delivery.Delivery."""

import logging
from contextlib import contextmanager

from django.db import OperationalError, transaction

from .handlers import COMMANDS, Held
from .incoming import Incoming
from .models import Event

log = logging.getLogger(__name__)


class Apart(Exception):
    """Each event needs a savepoint of its own this time."""


def store_all(delivery, events: list[Incoming], numbers: list[int]) -> bool:
    """Store and apply them in this order; False if one of them cannot be, and then nothing of it all is left."""
    marks, notes, lines = [list(event.marks) for event in events], dict(delivery.notes), list(delivery.lines)
    try:
        with transaction.atomic():
            _insert(delivery, events, numbers)
            changed = [event.row for event in events if _take(delivery, event)]
            if changed:
                Event.objects.bulk_update(changed, ["status", "code", "marks"])
    except OperationalError:
        raise
    except Exception as error:
        log.info("%d events are stored one by one after %s", len(events), type(error).__name__)
        for event, before in zip(events, marks, strict=True):
            event.row, event.marks = None, before
        delivery.notes, delivery.lines = notes, lines
        delivery.look()
        return False
    delivery.blobs |= {blob["sha256"] for event in events for blob in event.data["blobs"]}
    return True


def _insert(delivery, events: list[Incoming], numbers: list[int]) -> None:
    for event, number in zip(events, numbers, strict=True):
        event.row = event.as_row(number, delivery.case)
    # by id: two who bring the same events, each under another case's lock, must not wait for each other
    rows = sorted((event.row for event in events), key=lambda row: row.pk)
    Event.objects.bulk_create(rows, ignore_conflicts=True)
    # the numbers are nobody else's: a row that is missing has met another of its id
    if Event.objects.filter(server_seq__in=numbers).count() != len(rows):
        raise Apart


def _take(delivery, event: Incoming) -> bool:
    """Marked, applied and noted; True if its row has to be written again."""
    delivery.known.mark(event)
    # that a command is held is nothing rare: it keeps its savepoint
    guard = transaction.atomic if event.type in COMMANDS else _all_or_none
    changed = delivery.judge(event, delivery.visit, guard=guard)
    delivery.note(event)
    return changed


@contextmanager
def _all_or_none():
    """A fact's handler that raises Held wants its rows undone, and they are in the savepoint of all."""
    try:
        yield
    except Held as held:
        raise Apart from held
