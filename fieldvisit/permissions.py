"""The debtor's leave to be visited at hours he named: taken in from the glass, and taken back at once."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from . import intake, record
from .intake import Incoming
from .models import Case, Permission, User, Visit
from .problems import Refused


@intake.handles("contact.permitted/1")
def permitted(event: Incoming, visit: Visit, case: Case) -> None:
    said = event.body
    Permission.objects.create(
        case=case, visit=visit, event=event.row, by=event.author, at=event.at,
        from_hour=said["from"], until_hour=said["until"], last_day=date.fromisoformat(said["last_day"]),
    )  # fmt: skip


def standing(case: Case, on: date) -> QuerySet:
    """Those that neither he nor their last day has ended, the newest first."""
    return Permission.objects.filter(case=case, last_day__gte=on, ended_at=None).order_by("-pk")


@transaction.atomic
def end(*, permission: Permission, by: User, now: datetime) -> None:
    """He has taken it back: it counts no longer from now on. Refused("permission.ended")."""
    record.lock([permission.case_id])
    permission = Permission.objects.select_related("case").get(pk=permission.pk)
    if permission.ended_at:
        raise Refused("permission.ended")
    permission.ended_at, permission.ended_by = now, by
    permission.save(update_fields=["ended_at", "ended_by"])
    said = {"permission": str(permission.event_id)}
    record.append(
        case=permission.case, action="permission.ended", object=f"permission:{permission.pk}", payload=said, now=now,
        actor=by,
    )  # fmt: skip
