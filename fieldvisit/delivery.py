"""The events of one visit in one request: judged, stored and applied in one transaction under the case's lock."""

import json
import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction

from . import receipts, record
from .handlers import COMMANDS, HANDLERS, Held, report, visit_changed
from .incoming import Incoming, read
from .models import Assignment, Case, Device, Event, Quarantine, Receipt, Status, User, Visit
from .models.event import ServerSeq
from .receipts import Note

log = logging.getLogger(__name__)
KEPT = "kept"  # mark of a held event whose rows stand, so that what depends on it goes on


@dataclass
class Delivery:
    """The events of one visit in one request, inside one transaction and under the case's lock."""

    visit_id: UUID
    members: list[tuple[int, Incoming]]
    actor: User
    device: Device
    now: datetime
    bodies: dict = field(default_factory=dict)  # (event id, sha256): verdict
    repeats: list[int] = field(default_factory=list)
    blobs: set[str] = field(default_factory=set)
    notes: dict = field(default_factory=dict)  # receipts to write
    lines: list[record.Line] = field(default_factory=list)

    def take(self) -> None:
        case_id = Visit.objects.filter(pk=self.visit_id).values_list("case_id", flat=True).first()
        record.lock([case_id or self.visit_id])
        self.visit = Visit.objects.select_related("case").filter(pk=self.visit_id).first()
        self._look_up(case_id)
        fresh = []
        # parents before children, whatever order they came in
        for place, event in sorted(self.members, key=lambda member: (member[1].seq, member[0])):
            key = event.id, event.sha256
            if key in self.bodies or key in self.notes or any(each.id == event.id for each in fresh):
                same = key in self.bodies or key in self.notes or any(each.sha256 == event.sha256 for each in fresh)
                if same:
                    self.repeats.append(place)
                    self.blobs |= {blob["sha256"] for blob in event.data["blobs"]}
                else:
                    self._quarantine(event, "same_id_other_bytes")
            elif event.id in self.known:
                self._quarantine(event, "same_id_other_bytes")
            elif not self._may(event):
                self._quarantine(event, "being_checked")
            else:
                fresh.append(event)
        numbers = ServerSeq.objects.bulk_create(ServerSeq() for _ in fresh)
        for event, number in zip(fresh, numbers, strict=True):
            self._store(event, number.pk)
        if self.lines:
            self._wake()
            record.append_many(self.lines, now=self.now)
        if self.notes:
            for (event_id, sha256), body in receipts.write(list(self.notes.values()), now=self.now).items():
                self.bodies[UUID(event_id), sha256] = body
        if self.lines:
            visit_changed(self.visit)

    def _look_up(self, case_id) -> None:
        """All that the events of the group are judged by, in a number of queries that does not grow with them."""
        events = [event for _, event in self.members]
        ids = {event.id for event in events}
        parents = {parent for event in events for parent in event.depends_on}
        found = list(Event.objects.filter(pk__in=ids | parents).defer("bytes", "signature"))
        self.known = {row.pk: row for row in found}
        self.done = {row.pk for row in found if row.case_id == case_id and _stands(row)}
        for receipt in (
            Receipt.objects.filter(event__in=ids).order_by("rev").select_related("event").defer("event__bytes")
        ):
            self.bodies[receipt.event_id, receipt.event.sha256] = bytes(receipt.body)
        for receipt in (
            Receipt.objects.filter(quarantine__event_id__in=ids).order_by("rev").select_related("quarantine")
        ):
            self.bodies[receipt.quarantine.event_id, receipt.quarantine.sha256] = bytes(receipt.body)
        self.assignments = list(Assignment.objects.filter(case=case_id)) if case_id else []
        places = {event.data["device_seq"] + step for event in events for step in (-1, 0)}
        chain = Event.objects.filter(device=self.device, device_seq__in=places)
        self.chain = {row["device_seq"]: row["sha256"] for row in chain.values("device_seq", "sha256")}

    def _may(self, event: Incoming) -> bool:
        """As of capture: was the author the visit's own, or did an assignment of his cover that time?"""
        if self.visit is None or event.data["case_ref"] != self.visit.case.ref:
            return False
        author, at = event.author.pk, event.at
        return author in (self.visit.collector_id, self.visit.second_id) or any(
            a.collector_id == author and a.from_at <= at and (a.until_at is None or at < a.until_at)
            for a in self.assignments
        )

    def _mark(self, event: Incoming) -> None:
        """What the office should look at; a signal, never a refusal."""
        crew = {event.author.pk}
        if event.author.pk == self.visit.second_id:
            crew.add(self.visit.collector_id)
        if not any(a.until_at is None and a.collector_id in crew for a in self.assignments):
            event.marks.append("after_reassignment")
        if self.visit.case.closed_at:
            event.marks.append("case_closed")
        if event.actor.pk != event.author.pk:
            event.marks.append("carried")
        number, before = event.data["device_seq"], event.data["prev_sha256"]
        if self.chain.get(number, event.sha256) != event.sha256:
            event.marks.append("device_seq_twice")
        if (number == 1) != (before is None) or self.chain.get(number - 1, before) != before:
            event.marks.append("chain_broken")
        self.chain[number] = event.sha256

    def _store(self, event: Incoming, number: int) -> None:
        self._mark(event)
        try:
            with transaction.atomic():
                event.row = _row(event, number, self.visit.case)
                # ON CONFLICT DO NOTHING: a second writer of this id, under another case's lock, must not overwrite
                Event.objects.bulk_create([event.row], ignore_conflicts=True)
                if not Event.objects.filter(pk=event.id, server_seq=number).exists():
                    self._quarantine(event, "same_id_other_bytes")
                    return
                self._apply(event)
        except OperationalError:
            raise
        except Exception as error:
            report(error, f"event {event.id} of type {event.type}")
            self.visit = Visit.objects.select_related("case").get(pk=self.visit_id)  # what the handler left half done
            return
        self.known[event.id] = event.row
        self.blobs |= {blob["sha256"] for blob in event.data["blobs"]}
        self._note(event)

    def _apply(self, event: Incoming, visit: Visit | None = None) -> None:
        """Run the handler and settle the row's status: facts always, commands if the case has not moved on."""
        before = event.row.status, event.row.code, list(event.row.marks)
        event.row.status, event.row.code = Status.APPLIED, ""
        try:
            if not self.done.issuperset(event.depends_on):
                raise Held("waiting")
            if event.type in COMMANDS and (code := _moved_on(event)):
                raise Held(code)
            with transaction.atomic():
                kept = HANDLERS[event.type](event, visit or self.visit, self.visit.case)
            if isinstance(kept, Held):
                event.row.status, event.row.code = kept.status, kept.code
                event.marks.append(KEPT)
        except Held as held:
            event.row.status, event.row.code = held.status, held.code
        event.row.marks = event.marks
        if (event.row.status, event.row.code, event.row.marks) != before:
            event.row.save(update_fields=["status", "code", "marks"])
        if _stands(event.row):
            self.done.add(event.id)

    def _note(self, event: Incoming, rev: int = 1) -> None:
        """The receipt, and the line in the case's record."""
        row = event.row
        self.notes[event.id, event.sha256] = Note(
            event_id=str(event.id),
            sha256=event.sha256,
            device=event.device,
            status=row.status,
            code=row.code,
            rev=rev,
            event=row,
            build=event.data["app"]["build"],
        )
        said = {
            "event_sha256": event.sha256,
            "server_seq": row.server_seq,
            "visit": str(event.visit_id),
            "seq": event.seq,
            "captured_at": event.data["captured_at"],
            "corrected_at": row.corrected_at.isoformat(),
            "status": row.status,
            "code": row.code,
            "marks": list(row.marks),
            "carried_by": event.actor.username if event.actor.pk != event.author.pk else None,
        }
        if event.type.startswith(("visit.", "stop.")):
            said["body"] = event.body
        self.lines.append(
            record.Line(
                case=self.visit.case,
                action=event.type,
                object=f"event:{event.id}",
                payload=said,
                actor=event.author,
            )
        )

    def _wake(self) -> None:
        """What waited for an event that has now come: apply it, with a new revision of its receipt."""
        waiting = list(
            Event.objects.filter(case=self.visit.case, status=Status.HELD, code="waiting")
            .select_related("device__user", "actor")
            .order_by("seq")
        )
        while ready := [row for row in waiting if self._parents(row) <= self.done]:
            for row in ready:
                waiting.remove(row)
                event = read(
                    bytes(row.bytes),
                    signature=bytes(row.signature),
                    actor=row.actor,
                    device=row.device,
                    received_at=row.received_at,
                )
                event.row, event.marks = row, list(row.marks)
                visit = self.visit
                if row.visit_id != visit.pk:
                    visit = Visit.objects.select_related("case").get(pk=row.visit_id)
                try:
                    with transaction.atomic():
                        self._apply(event, visit)
                except OperationalError:
                    raise
                except Exception as error:
                    report(error, f"waiting event {event.id}")
                    continue
                unsent = self.notes.get((event.id, event.sha256))
                if unsent:  # came in this very request: its first receipt says how it ended
                    unsent.status, unsent.code, unsent.event = row.status, row.code, row
                else:
                    self._note(event, rev=row.receipts.count() + 1)

    def _parents(self, row: Event) -> set[UUID]:
        """Also learns which parents from before this request stand."""
        parents = {UUID(each) for each in json.loads(bytes(row.bytes))["depends_on"]}
        if unknown := parents - self.known.keys():
            for parent in Event.objects.filter(pk__in=unknown).defer("bytes", "signature"):
                self.known[parent.pk] = parent
                if parent.case_id == self.visit.case_id and _stands(parent):
                    self.done.add(parent.pk)
        return parents

    def _quarantine(self, event: Incoming, code: str) -> None:
        row = Quarantine(
            event_id=event.id,
            sha256=event.sha256,
            bytes=event.signature + event.raw,
            device=event.device,
            actor=event.actor,
            reason=code,
            at=self.now,
        )
        Quarantine.objects.bulk_create([row], ignore_conflicts=True)
        row = Quarantine.objects.get(event_id=event.id, sha256=event.sha256)
        log.warning("event %s lies in quarantine: %s", event.id, code)
        self.notes[event.id, event.sha256] = Note(
            event_id=str(event.id),
            sha256=event.sha256,
            device=event.device,
            status=Status.HELD,
            code=code,
            quarantine=row,
        )


def _row(event: Incoming, number: int, case: Case) -> Event:
    return Event(
        id=event.id,
        server_seq=number,
        type=event.type,
        bytes=event.raw,
        sha256=event.sha256,
        signature=event.signature,
        device=event.device,
        device_seq=event.data["device_seq"],
        actor=event.actor,
        case=case,
        visit_id=event.visit_id,
        seq=event.seq,
        captured_at=event.captured_at,
        corrected_at=event.at,
        received_at=event.received_at,
        status=Status.APPLIED,
        marks=list(event.marks),
    )


def _stands(row: Event) -> bool:
    """May what depends on it go on?"""
    return row.status == Status.APPLIED or KEPT in row.marks


def _moved_on(event: Incoming) -> str:
    """Why a command cannot be applied by itself: the case is not as the phone knew it."""
    return next((code for code in ("case_closed", "after_reassignment") if code in event.marks), "")
