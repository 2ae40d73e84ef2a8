"""What a collector asks for, to close a case or to pause it; a stop at the door, which pauses it at once; and the end
of a pause, which a person decides."""

from datetime import date, datetime

from django.db import transaction

from . import cases, intake, pauses, record
from .intake import Held, Incoming
from .models import Case, Hold, HoldReason, Role, User, Visit
from .problems import Refused
from .rules import door


@transaction.atomic
def release(*, hold: Hold, by: User, now: datetime, text: str) -> Hold:
    """The work goes on. What a stop at the door has paused, a supervisor ends who was not there.

    Refused("hold.released" | "hold.why" | "hold.supervisor" | "hold.own").
    """
    record.lock([hold.case_id])
    hold = Hold.objects.select_related("case").get(pk=hold.pk)
    if hold.released_at:
        raise Refused("hold.released")
    if not (text := text.strip()):
        raise Refused("hold.why")
    if visit := at_the_door(hold):
        if by.role != Role.SUPERVISOR:
            raise Refused("hold.supervisor")
        if by.pk in (visit.collector_id, visit.second_id, hold.by_id):
            raise Refused("hold.own")
    hold.released_at, hold.released_by, hold.release_text = now, by, text
    hold.save(update_fields=["released_at", "released_by", "release_text"])
    # what a debtor said on his own page, and the answer, is for no collector
    payload = {"reason": hold.reason, "text": text} if hold.by_id else {}
    record.append(case=hold.case, action="case.resumed", object=f"hold:{hold.pk}", payload=payload, now=now, actor=by)
    return hold


def at_the_door(hold: Hold) -> Visit | None:
    """The visit that was stopped, if that has paused the case."""
    found = hold.event and hold.event.type == "stop.raised/1" and Visit.objects.filter(pk=hold.event.visit_id).first()
    return found or None


@intake.handles("stop.raised/1")
def stopped(event: Incoming, visit: Visit, case: Case) -> None:
    """A fact; the event itself is the row. Where the rules say so the case is paused with it, once for each reason."""
    said = event.body
    reason = door.hold_of(said["reason"])
    if not reason:
        return
    standing = Hold.objects.filter(case=case, reason=reason, event__visit_id=visit.pk, released_at=None)
    if not standing.exists():
        text = said["text"].strip() or str(HoldReason(reason).label)
        pauses.place(case=case, reason=reason, text=text, by=event.author, now=event.received_at, event=event.row)
    case.paused = True  # what comes after it in this delivery waits for a person, too


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
    pauses.place(case=case, reason=said["reason"], text=words, until=until, by=by, now=now, event=event.row)
