"""What a collector asks for, to close a case or to pause it, and the end of a pause. A person decides both."""

from datetime import date, datetime

from django.db import transaction

from . import cases, intake, pauses, record
from .intake import Held, Incoming
from .models import Case, Hold, HoldReason, User, Visit
from .problems import Refused


@transaction.atomic
def release(*, hold: Hold, by: User, now: datetime, text: str = "") -> Hold:
    """The work goes on. Refused("hold.released")."""
    record.lock([hold.case_id])
    hold = Hold.objects.select_related("case").get(pk=hold.pk)
    if hold.released_at:
        raise Refused("hold.released")
    hold.released_at, hold.released_by, hold.release_text = now, by, text
    hold.save(update_fields=["released_at", "released_by", "release_text"])
    # what a debtor said on his own page, and the answer, is for no collector
    payload = {"reason": hold.reason, "text": text} if hold.by_id else {}
    record.append(case=hold.case, action="case.resumed", object=f"hold:{hold.pk}", payload=payload, now=now, actor=by)
    return hold


@intake.handles("case.status_requested/1", command=True)
def status_requested(event: Incoming, visit: Visit | None, case: Case) -> None:
    """Always a person's decision; accepted, it is done in that person's name."""
    if event.decided_by is None:
        raise Held("status.asked")
    said, by, now = event.body, event.decided_by, event.decided_at
    if said["status"] == "closed":
        cases.close(case=case, reason=said["reason"], by=by, now=now)
        return
    until = date.fromisoformat(said["until"]) if said["until"] else None
    words = said["text"] or str(HoldReason(said["reason"]).label)
    hold = pauses.place(case=case, reason=said["reason"], text=words, until=until, by=by, now=now)
    Hold.objects.filter(pk=hold.pk).update(event=event.row)
