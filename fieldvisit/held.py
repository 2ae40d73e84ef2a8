"""Held work: what a person decides about an event that waits, or about what lies in quarantine.

Accepted, an event goes through its registered handler as if it had come now. Rejected, a command is never applied; a
fact is never refused, it is set aside: kept as evidence, with no further effect. Either way there is a line in the
record, a new revision of the receipt for the phone, and one row here with the reason.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation

from . import access, intake, problems, record, store, wire
from .delivery import Delivery
from .handlers import COMMANDS
from .incoming import Incoming, read
from .known import KEPT
from .models import Event, HeldDecision, Quarantine, Role, Status, User, Visit
from .models.event import ServerSeq
from .problems import Refused
from .receipts import Note, next_rev
from .waking import again

# A parent that is not here after a day is worth a look; after five days somebody decides without it (design: sync).
LATE, A_PERSON_DECIDES = timedelta(hours=24), timedelta(days=5)
BESIDE = "same_id_other_bytes"


def every_event(user: User):
    """Events of the cases this user may reach, decided ones too."""
    return access.through_case(Event.objects.all(), user)


def every_quarantine(user: User):
    """What was ever put apart in cases this user may reach; what names no case is the administrators' matter."""
    rows = access.through_case(Quarantine.objects.all(), user)
    return rows.filter(case__isnull=False) if user.role == Role.SUPERVISOR else rows


def events(user: User):
    """What is held."""
    return every_event(user).filter(status=Status.HELD)


def quarantined(user: User):
    """What lies in quarantine."""
    return every_quarantine(user).filter(decision=None)


def elsewhere(user: User):
    """From phones of the supervisor's own people, for other people's cases: that it exists is his to know, no more."""
    if user.role != Role.SUPERVISOR or not user.team_id:
        return Quarantine.objects.none()
    own = Quarantine.objects.filter(decision=None, device__user__team=user.team_id)
    return own.exclude(pk__in=quarantined(user).values("pk"))


@transaction.atomic
def decide(*, event: Event | Quarantine, accept: bool, reason: str, by: User, now: datetime) -> HeldDecision:
    """Decide about one. Refused("held.reason" | "held.not_yours" | "held.own" | "held.decided" | "held.too_early"
    | "held.still" | "held.no_case" | "held.id_taken"): nothing was changed then."""
    reason = reason.strip()
    if by.role not in access.IN_CHARGE:
        raise Refused("held.not_yours")
    if not reason:
        raise Refused("held.reason")
    record.lock([event.case_id or event.visit_id or event.event_id])
    row = type(event).objects.select_related("device__user", "actor", "case").get(pk=event.pk)
    if by.pk == row.device.user_id:
        raise Refused("held.own")
    with translation.override(row.device.user.language):  # the receipt is for him
        verb = _settle if isinstance(row, Event) else _let_in
        return verb(row, accept, reason, by, now)


@transaction.atomic
def decide_all(*, events: list[Quarantine], accept: bool, reason: str, by: User, now: datetime) -> int:
    """One visit's quarantine in the order in which it happened, all or nothing. Returns how many."""
    for event in sorted(events, key=lambda row: (row.seq, row.pk)):
        decide(event=event, accept=accept, reason=reason, by=by, now=now)
    return len(events)


def decidable_from(row: Event) -> datetime:
    """Waiting for a parent usually ends by itself."""
    return row.received_at + (A_PERSON_DECIDES if row.code == "waiting" else timedelta())


def orphaned(row: Event) -> bool:
    """Does it wait for something that will never be applied?"""
    parents = wire.parse(bytes(row.bytes))["depends_on"]
    return Event.objects.filter(pk__in=parents, status=Status.REJECTED).exists()


def _settle(row: Event, accept: bool, reason: str, by: User, now: datetime) -> HeldDecision:
    if row.status != Status.HELD:
        raise _too_late(row.decisions.order_by("pk").last())
    if now < decidable_from(row) and not orphaned(row):
        raise Refused("held.too_early", on=timezone.localtime(decidable_from(row)).strftime("%Y-%m-%d %H:%M"))
    code, event = row.code, again(row)
    event.decided_by, event.decided_at = by, now
    delivery = Delivery([(0, event)], now=now)
    delivery.look()
    if accept and KEPT in row.marks:  # its rows stand already
        event.marks.remove(KEPT)
        _write(row, Status.APPLIED, "", event.marks)
    elif accept:
        delivery.apply(event, delivery.visit, past=("waiting", "moved_on"))
        if row.status != Status.APPLIED:
            raise Refused("held.still", why=_why(row.code))
    elif row.type in COMMANDS:
        _write(row, Status.REJECTED, "held.rejected", event.marks)
    else:
        _write(row, Status.APPLIED, "", [*(mark for mark in event.marks if mark != KEPT), "set_aside"])
    delivery.known.add(row)
    made = HeldDecision.objects.create(event=row, accepted=accept, code=code, reason=reason, by=by, at=now)
    _tell(delivery, event, made, status=row.status, rev=next_rev(row), row=row)
    return made


def _let_in(row: Quarantine, accept: bool, reason: str, by: User, now: datetime) -> HeldDecision:
    """Accepted, work that nobody was assigned becomes late work of its case; a second body of one id is put beside
    the first in the record, which is never overwritten. Rejected, it stays stored outside the case."""
    if former := HeldDecision.objects.filter(quarantine=row).first():
        raise _too_late(former)
    if accept and row.case is None:
        raise Refused("held.no_case")
    raw = bytes(row.bytes)
    signature, raw = raw[: wire.SIGNATURE], raw[wire.SIGNATURE :]
    event = read(raw, signature=signature, actor=row.actor, device=row.device, received_at=row.at)
    visit = Visit.objects.filter(pk=event.visit_id).first()
    if accept and visit is None and event.visit_id:
        visit = Visit.objects.create(
            pk=event.visit_id, case=row.case, collector=event.author, planned_on=timezone.localdate(event.at)
        )
    delivery = Delivery([(0, event)], now=now)
    delivery.look()
    if accept and row.reason != BESIDE:
        if event.id in delivery.known.rows:
            raise Refused("held.id_taken")
        event.marks.append("let_in")
        delivery.store(event, ServerSeq.objects.create().pk, past=("moved_on",))
        if event.row is None or (event.id, event.sha256) not in delivery.notes:
            raise Refused("held.failed")
    made = HeldDecision.objects.create(
        quarantine=row, event=event.row, accepted=accept, code=row.reason, reason=reason, by=by, at=now
    )
    status = Status.APPLIED if accept else Status.REJECTED
    if event.row:
        status = event.row.status
    _tell(delivery, event, made, status=status, rev=row.receipts.count() + 1, row=event.row)
    return made


def _tell(delivery: Delivery, event: Incoming, made: HeldDecision, *, status: str, rev: int, row: Event | None) -> None:
    """The record, the phone, and everybody who waited for this."""
    code, params = "held.accepted" if made.accepted else "held.rejected", {"reason": made.reason}
    if status == Status.HELD:
        code, params = row.code, {}  # let into its case, where it waits like any other
    elif not made.accepted and status == Status.APPLIED:
        code = "held.set_aside"
    delivery.notes[event.id, event.sha256] = Note(
        event_id=str(event.id), sha256=event.sha256, device=event.device, status=status, code=code, rev=rev,
        event=row, quarantine=None if row else made.quarantine, params=params,
    )  # fmt: skip
    case = row.case if row else made.quarantine.case
    if case:
        said = {"event_sha256": event.sha256, "type": event.type, "why": made.code, "reason": made.reason,
                "status": status}  # fmt: skip
        if made.code == BESIDE and made.accepted:
            said["body"] = event.body
        action = "held.accepted" if made.accepted else "held.rejected"
        line = record.Line(case=case, action=action, object=f"event:{event.id}", payload=said, actor=made.by)
        delivery.lines.append(line)
    if delivery.case is None or case is None or delivery.case.pk != case.pk:
        delivery.write()
        return
    delivery.finish()
    for blob in event.data["blobs"]:
        if row and store.holds(blob["sha256"]):
            transaction.on_commit(lambda sha=blob["sha256"]: intake.blob_arrived(sha))


def _write(row: Event, status: str, code: str, marks: list[str]) -> None:
    row.status, row.code, row.marks = status, code, marks
    row.save(update_fields=["status", "code", "marks"])


def _too_late(former: HeldDecision | None) -> Refused:
    if former is None:
        return Refused("held.settled")
    return Refused("held.decided", name=str(former.by))


def _why(code: str) -> str:
    return str(problems.PROBLEMS[code].sentence) if code in problems.PROBLEMS else code
