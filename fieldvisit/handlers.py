"""Who does what with which event. Filled through `intake.handles`, `intake.after_visit`, `intake.on_blob`."""

import logging
import traceback
from collections.abc import Callable

from django.db import OperationalError, transaction

from .models import Status, Visit

log = logging.getLogger(__name__)

HANDLERS: dict[str, Callable] = {}
COMMANDS: set[str] = set()
AFTER_VISIT: list[Callable] = []
ON_BLOB: list[Callable] = []


class Held(Exception):
    """Stored, not applied: a person decides. `code` is a key of PROBLEMS.

    Raised, it undoes the handler's rows, and what depends on the event waits. Returned, the rows stay and it goes on.
    """

    status = Status.HELD

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


class Rejected(Held):
    """Stored, never to be applied. For commands only; a legal stop holds."""

    status = Status.REJECTED


def handles(type: str, *, command: bool = False) -> Callable:
    """handler(event: Incoming, visit, case), inside the transaction and under the case's lock.

    A command is held when the case is closed or was given to another collector meanwhile; a fact never is.
    """

    def register(handler):
        HANDLERS[type] = handler
        if command:
            COMMANDS.add(type)
        return handler

    return register


def after_visit(fn: Callable, *, first: bool = False) -> Callable:
    """fn(visit), at the end of each delivery that stored something for it, and when one of its photos was taken in.

    `first` is for visits.refresh_complete: the others want to know whether the visit is complete.
    """
    AFTER_VISIT.insert(0 if first else len(AFTER_VISIT), fn)
    return fn


def on_blob(fn: Callable) -> Callable:
    """fn(sha256), after the commit, when both an event that names this content and the content are here."""
    ON_BLOB.append(fn)
    return fn


def visit_changed(visit: Visit) -> None:
    """Let everybody move on who waits for this visit; the failure of one is logged and hurts no other."""
    for fn in AFTER_VISIT:
        try:
            with transaction.atomic():
                fn(visit)
        except OperationalError:
            raise
        except Exception as error:
            report(error, f"{fn.__module__}.{fn.__name__} for visit {visit.pk}")


def blob_arrived(sha256: str) -> None:
    """Asked again when an event comes again whose file was not taken in (repeats.py).

    The events are stored whatever happens here; the phone's next question about the upload tries again.
    """
    for fn in ON_BLOB:
        try:
            fn(sha256)
        except Exception as error:
            report(error, f"{fn.__module__}.{fn.__name__} for content {sha256}")


def report(error: Exception, what: str) -> None:
    """Where it broke, without the exception's own words: a database quotes the row, and that is personal data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s\n%s", what, type(error).__name__, frames)
