"""The events of one visit (or of one case, beside visits) in one request: judged, stored and applied in one transaction
under the case's lock."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from . import receipts, record
from .apart import set_apart
from .handlers import COMMANDS, HANDLERS, Held, report, visit_changed
from .incoming import Incoming
from .known import KEPT, Known
from .models import Case, Event, Hold, Status, Visit
from .models.event import ServerSeq
from .receipts import Note
from .together import store_all
from .waking import wake

log = logging.getLogger(__name__)

# Whose words stand in the record; what lies in an agreement has its own lines.
TOLD = ("visit.", "stop.", "contact.", "promise.", "case.", "notice.", "score.", "training.", "paper.", "plan.")


@dataclass
class Delivery:
    """Inside one transaction and under the case's lock. All members name one visit, or none and one case."""

    members: list[tuple[int, Incoming]]
    now: datetime
    bodies: dict = field(default_factory=dict)  # (event id, sha256): verdict
    repeats: list[int] = field(default_factory=list)
    blobs: set[str] = field(default_factory=set)
    notes: dict = field(default_factory=dict)  # receipts to write
    lines: list[record.Line] = field(default_factory=list)
    touched: dict[UUID, Visit] = field(default_factory=dict)

    @property
    def visit_id(self) -> UUID | None:
        return self.members[0][1].visit_id

    def take(self) -> None:
        if self.visit_id:
            found = Visit.objects.filter(pk=self.visit_id).values_list("case_id", flat=True)
        else:
            found = Case.objects.filter(ref=self.members[0][1].data["case_ref"]).values_list("pk", flat=True)
        record.lock([found.first() or self.visit_id or self.members[0][1].id])
        self.look()
        fresh = self._sort_out()
        numbers = [each.pk for each in ServerSeq.objects.bulk_create(ServerSeq() for _ in fresh)]
        if fresh and not store_all(self, fresh, numbers):
            for event, number in zip(fresh, numbers, strict=True):
                self.store(event, number)
        self.finish()

    def look(self) -> None:
        """What is known already; under the lock."""
        self.read_case()
        self.known = Known(self.visit, self.case, [event for _, event in self.members])
        self.bodies = self.known.bodies

    def read_case(self) -> None:
        """The visit (None beside visits) and the case, which says whether it is paused; both None: not ours."""
        holds = Hold.objects.standing(timezone.localdate(self.now))
        if self.visit_id:
            paused = Exists(holds.filter(case=OuterRef("case")))
            self.visit = Visit.objects.select_related("case").annotate(paused=paused).filter(pk=self.visit_id).first()
            self.case = self.visit.case if self.visit else None
            if self.case:
                self.case.paused = self.visit.paused
            return
        paused, ref = Exists(holds.filter(case=OuterRef("pk"))), self.members[0][1].data["case_ref"]
        self.visit, self.case = None, Case.objects.filter(ref=ref).annotate(paused=paused).first()

    def finish(self) -> None:
        """Wake what waited, then write the record and the receipts."""
        if self.lines:
            if self.visit:
                self.touched[self.visit_id] = self.visit
            wake(self)
        self.write()
        for visit in self.touched.values():
            visit_changed(visit)

    def write(self) -> None:
        """The lines of the record and the receipts."""
        if self.lines:
            record.append_many(self.lines, now=self.now)
        if self.notes:
            self.bodies |= receipts.write(list(self.notes.values()), now=self.now)

    def _sort_out(self) -> list[Incoming]:
        """The events to store; the others are repeats, or go into quarantine."""
        fresh = {}
        # parents before children, whatever order they came in
        for place, event in sorted(self.members, key=lambda member: (member[1].seq, member[0])):
            first = fresh.get(event.id) or self.known.rows.get(event.id)
            key = event.id, event.sha256
            if key in self.bodies or key in self.notes or (first and first.sha256 == event.sha256):
                self.repeats.append(place)
                self.blobs |= {blob["sha256"] for blob in event.data["blobs"]}
            elif first:
                set_apart(self, event, "same_id_other_bytes")
            elif event.device.revoked_at and event.at > event.device.revoked_at:
                set_apart(self, event, "after_release")
            elif not self.known.may(event):
                set_apart(self, event, "being_checked")
            else:
                fresh[event.id] = event
        return list(fresh.values())

    def store(self, event: Incoming, number: int, *, past: tuple[str, ...] = ()) -> None:
        self.known.mark(event)
        try:
            with transaction.atomic():
                event.row = event.as_row(number, self.case)
                # ON CONFLICT DO NOTHING: a second writer of this id, under another case's lock, must not overwrite
                Event.objects.bulk_create([event.row], ignore_conflicts=True)
                if not Event.objects.filter(pk=event.id, server_seq=number).exists():
                    set_apart(self, event, "same_id_other_bytes")
                    return
                self.apply(event, self.visit, past=past)
        except OperationalError:
            raise
        except Exception as error:
            report(error, f"event {event.id} of type {event.type}")
            self.read_case()  # what the handler left half done
            return
        self.blobs |= {blob["sha256"] for blob in event.data["blobs"]}
        self.note(event)

    def apply(self, event: Incoming, visit: Visit | None, *, past: tuple[str, ...] = ()) -> None:
        """Run the handler and settle the row's status; `past` as in judge."""
        if self.judge(event, visit, past=past):
            event.row.save(update_fields=["status", "code", "marks"])

    def judge(self, event: Incoming, visit: Visit | None, *, past: tuple[str, ...] = (), guard=transaction.atomic):
        """Facts are applied always, commands if the case has not moved on. True if the row has changed by it.

        `past`: what a person has looked at and goes past, "waiting" for parents or that the case has "moved_on".
        `guard`: entered around the handler, undoes its rows if it raises.
        """
        before = event.row.status, event.row.code, list(event.row.marks)
        event.row.status, event.row.code = Status.APPLIED, ""
        try:
            if "waiting" not in past and not self.known.done.issuperset(event.depends_on):
                raise Held("waiting")
            if "moved_on" not in past and event.type in COMMANDS and (code := _moved_on(event)):
                raise Held(code)
            with guard():
                kept = HANDLERS[event.type](event, visit, self.case)
            if isinstance(kept, Held):
                event.row.status, event.row.code = kept.status, kept.code
                event.marks.append(KEPT)
        except Held as held:
            event.row.status, event.row.code = held.status, held.code
        event.row.marks = event.marks
        self.known.add(event.row)
        return (event.row.status, event.row.code, event.row.marks) != before

    def note(self, event: Incoming, rev: int = 1) -> None:
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
            sent_sha256=event.sent_sha256,
            missing=rev == 1 and event.data["device_seq"] - 1 not in {0, *self.known.chain},
        )
        said = {
            "event_sha256": event.sha256,
            "server_seq": row.server_seq,
            "visit": str(event.visit_id) if event.visit_id else None,
            "seq": event.seq,
            "captured_at": event.data["captured_at"],
            "corrected_at": row.corrected_at.isoformat(),
            "status": row.status,
            "code": row.code,
            "marks": list(row.marks),
            "carried_by": event.actor.username if event.actor.pk != event.author.pk else None,
        }
        if event.type.startswith(TOLD):
            said["body"] = event.body
        self.lines.append(
            record.Line(
                case=self.case,
                action=event.type,
                object=f"event:{event.id}",
                payload=said,
                actor=event.author,
            )
        )


def _moved_on(event: Incoming) -> str:
    """Why a command cannot be applied by itself: the case is not as the phone knew it."""
    return next(
        (code for code in ("case_closed", "case_paused", "after_reassignment", "visit_closed") if code in event.marks),
        "",
    )
