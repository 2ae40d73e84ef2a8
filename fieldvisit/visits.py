"""What a visit's events do: times, people, notes, photos, positions. All are facts: marked, never refused."""

from datetime import date
from functools import partial

from django.db.models import Max, Q

from . import intake, safety
from .intake import Incoming
from .models import Case, Consent, Event, Note, Photo, PhotoOrder, Position, Recording, Role, User, Visit

COMPANION = "visit.companion/1"
GO_OUT = (Role.COLLECTOR, Role.SUPERVISOR)


@intake.handles("visit.started/1")
def started(event: Incoming, visit: Visit, case: Case) -> None:
    _position(event, visit)
    if visit.started_at:
        event.marks.append("started_twice")
        return
    visit.started_at = event.at
    if event.author.pk not in (visit.collector_id, visit.second_id):
        # planned for somebody else meanwhile: it is the visit of the one who went
        visit.collector = event.author
    _second(event, visit)
    visit.check_by = None if visit.ended_at else safety.due(visit, event.at)
    visit.save(update_fields=["started_at", "collector", "second", "check_by"])


@intake.handles("visit.consent/1")
def consent(event: Incoming, visit: Visit, case: Case) -> None:
    said = event.body
    Consent.objects.create(
        visit=visit,
        event=event.row,
        at=event.at,
        identity_shown=said["identity_shown"],
        recording_announced=said["recording_announced"],
        present=said["present"],
        second_username=said["second"] or "",
        entry=said["entry"],
    )
    if _second(event, visit):
        visit.save(update_fields=["second"])


@intake.handles("visit.note/1")
def note(event: Incoming, visit: Visit, case: Case) -> None:
    Note.objects.create(visit=visit, event=event.row, at=event.at, **event.body)


@intake.handles("visit.photo/1")
def photo(event: Incoming, visit: Visit, case: Case) -> None:
    """The row only: the bytes travel by themselves and may be here already (photos.py)."""
    pictures = [blob for blob in event.data["blobs"] if blob["role"] == "photo"]
    place = event.body["position"] or {}
    Photo.objects.create(
        visit=visit,
        event=event.row,
        at=event.at,
        sha256=pictures[0]["sha256"] if pictures else "",
        unreadable="" if pictures else "photo.none",
        kind=event.body["kind"],
        caption=event.body["caption"],
        covered=event.body.get("covered", 0),
        lat_e7=place.get("lat_e7"),
        lon_e7=place.get("lon_e7"),
        accuracy_cm=place.get("accuracy_cm"),
    )


@intake.handles("visit.photo_order/1")
def photo_order(event: Incoming, visit: Visit, case: Case) -> None:
    PhotoOrder.objects.create(visit=visit, event=event.row, at=event.at, order=event.body["order"])


@intake.handles("visit.location/1")
def location(event: Incoming, visit: Visit, case: Case) -> None:
    _position(event, visit)


@intake.handles("visit.ended/1")
def ended(event: Incoming, visit: Visit, case: Case) -> None:
    said = event.body
    _position(event, visit)
    if visit.ended_at:
        event.marks.append("ended_twice")
        return
    visit.ended_at, visit.last_seq = event.at, max(said["last_seq"], event.seq)
    visit.outcome, visit.next_action = said["outcome"], said["next_action"]
    visit.next_on = date.fromisoformat(said["next_on"]) if said["next_on"] else None
    visit.check_by = None
    visit.save(update_fields=["ended_at", "last_seq", "outcome", "next_action", "next_on", "check_by"])


@partial(intake.after_visit, first=True)
def refresh_complete(visit: Visit) -> bool:
    """Complete = seq 1 to last_seq are all here, and the bytes of every photo and recording, or why not.

    `complete_at` is when the last missing piece came. A late file opens the visit again until its bytes are here.
    """
    # the companion's own event is another phone's: it has no place in the numbers of this one
    come = Event.objects.filter(visit_id=visit.pk, case=visit.case_id).exclude(type=COMPANION)
    seqs = set(come.filter(seq__lte=visit.last_seq).values_list("seq", flat=True)) if visit.last_seq else set()
    files = [model.objects.filter(visit=visit) for model in (Photo, Recording)]
    missing = any(each.filter(taken_in_at=None, unreadable="").exists() for each in files)
    complete_at = None
    if visit.last_seq and len(seqs) == visit.last_seq and not missing:
        last = [
            come.aggregate(last=Max("received_at"))["last"],
            *(each.aggregate(last=Max("taken_in_at"))["last"] for each in files),
        ]
        complete_at = max(filter(None, last))
    if (visit.complete_at is None) != (complete_at is None):
        visit.complete_at = complete_at
        visit.save(update_fields=["complete_at"])
    return visit.complete_at is not None


def _second(event: Incoming, visit: Visit) -> bool:
    """Who went along, as the phone says; True if that is news."""
    username = event.body["second"]
    if not username:
        return False
    # whoever decides about visits does not go along, and nobody goes along with himself
    second = User.objects.filter(Q(username=username, role__in=GO_OUT) & ~Q(pk=event.author.pk)).first()
    if second is None:
        event.marks.append("second_unknown")
        return False
    if second.pk in (visit.collector_id, visit.second_id):
        return False
    visit.second = second
    return True


def _position(event: Incoming, visit: Visit) -> None:
    place, refused = event.body["position"], event.body["position_refused"]
    if place or refused:
        Position.objects.create(visit=visit, event=event.row, at=event.at, refused=refused or "", **(place or {}))
