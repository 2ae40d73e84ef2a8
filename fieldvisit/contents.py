"""Photos and recordings alike: a row that its event made, and content that comes later, or that nobody can read."""

from collections.abc import Callable

from django.db import OperationalError, models, transaction
from django.utils import timezone

from . import handlers, intake, record, store

UNOPENED = ("", "blob.sealed", "blob.other")  # better bytes may still come


@transaction.atomic
def settle(row: models.Model, changes: dict, **said) -> None:
    """The content of a Photo or Recording is here, or `unreadable`, once; `said` stands in the record beside it."""
    visit, noun = row.visit, row._meta.model_name
    record.lock([visit.case_id])
    if not type(row).objects.filter(pk=row.pk, taken_in_at=None).update(**changes):
        return  # another process was faster
    code = changes["unreadable"]
    record.append(
        case=visit.case,
        action=f"{noun}.unreadable" if code else f"{noun}.received",
        object=f"{noun}:{row.pk}",
        payload={"sha256": row.sha256, "code": code, "event": str(row.event_id)} | said,
        now=changes.get("taken_in_at") or timezone.now(),
    )
    visit.refresh_from_db()
    intake.visit_changed(visit)


def unopenable(rows: models.Manager, *, device, sha256: str, code: str, **said) -> None:
    """This phone's upload could not be opened: what names that content waits for nothing more from there."""
    waiting = rows.filter(sha256=sha256, event__device=device, taken_in_at=None, unreadable="")
    for row in waiting.select_related("visit__case"):
        settle(row, {"unreadable": code}, **said)


def take_due(rows: models.Manager, arrived: Callable[[str], None]) -> int:
    """Content that is here but was never looked at, because a process died in between. Returns how many."""
    taken, noun = 0, rows.model._meta.model_name
    waiting = rows.filter(taken_in_at=None, unreadable="").order_by().values_list("sha256", flat=True).distinct()
    for sha256 in filter(store.holds, list(waiting)):
        try:
            arrived(sha256)
            taken += 1
        except OperationalError:
            raise
        except Exception as error:  # one must not keep the others waiting
            handlers.report(error, f"{noun} {sha256}")
    return taken
