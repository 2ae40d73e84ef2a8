"""What happened at one visit, in order, from the phone's events: corrected times, and the phone's where they differ."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import history
from .flags import away
from .models import Event, Note, Status, Visit

DIFFERS = timedelta(minutes=1)
# Events whose words stand only in their bytes.
ASKED = ("promise.made/1", "contact.made/1", "contact.change_requested/1", "case.status_requested/1")
ASKED += ("score.ticked/1", "paper.keyed/1")
SPOKEN = ("stop.raised/1", "visit.ended/1", "signature.refused/1", *ASKED)

TITLES = {
    "visit.started/1": gettext_lazy("Visit started"),
    "visit.location/1": gettext_lazy("Position taken"),
    "visit.ended/1": gettext_lazy("Visit ended"),
    "visit.photo_order/1": gettext_lazy("Order of the photos"),
    "visit.announced/1": gettext_lazy("Announced that sound is recorded"),
    "visit.objected/1": gettext_lazy("Somebody objected to being recorded"),
    "visit.recording/1": gettext_lazy("Sound recorded"),
    "visit.recorder/1": gettext_lazy("Recorder named"),
    "visit.recorder_file/1": gettext_lazy("The recorder's file"),
    "visit.second/1": gettext_lazy("The second collector showed his code"),
    "visit.companion/1": gettext_lazy("The second collector confirmed on his own phone"),
    "visit.checkin/1": gettext_lazy("All is well at the door"),
    "visit.help/1": gettext_lazy("Quiet call for help"),
    "stop.raised/1": gettext_lazy("Visit stopped"),
    "agreement.proposed/1": gettext_lazy("Plan chosen"),
    "signature.captured/1": gettext_lazy("Signed"),
    "signature.refused/1": gettext_lazy("Did not sign"),
}
ENTRIES = {
    "given": gettext_lazy("Identified; asked in"),
    "outside": gettext_lazy("Identified; talked outside"),
    "refused": gettext_lazy("Identified; he refused to talk"),
    "nobody": gettext_lazy("Nobody opened"),
}
PEOPLE = {
    "debtor": gettext_lazy("debtor"),
    "spouse": gettext_lazy("spouse"),
    "adult-relative": gettext_lazy("adult relative"),
    "minor": gettext_lazy("minor"),
    "other": gettext_lazy("somebody else"),
    "nobody": gettext_lazy("nobody"),
}
STOPS = {
    "asked_to_leave": gettext_lazy("Asked to leave"),
    "distress": gettext_lazy("Somebody was in distress"),
    "vulnerable": gettext_lazy("He cannot look after himself alone"),
    "danger": gettext_lazy("Danger"),
    "dispute": gettext_lazy("Disputes the debt"),
    "bad_place": gettext_lazy("A hospital, a funeral or the like"),
    "minor_only": gettext_lazy("Only minors present"),
    "wrong_person": gettext_lazy("Wrong person"),
    "cannot_pay": gettext_lazy("Cannot pay"),
    "wants_time": gettext_lazy("Wants time to think"),
    "disputes": gettext_lazy("Disputes the debt"),
    "no_reason": gettext_lazy("Gave no reason"),
    "other": gettext_lazy("Another reason"),
}
TONES = {"visit.started/1": "main", "visit.consent/1": "main", "visit.ended/1": "main", "stop.raised/1": "mind"}
TONES |= {"visit.announced/1": "main", "visit.objected/1": "mind", "visit.help/1": "mind"}
TONES |= {"signature.captured/1": "kept", "signature.refused/1": "mind"}


@dataclass(frozen=True)
class Moment:
    """One line. `phone_at` is set where the phone's clock differs by a minute or more; `held` waits for somebody."""

    at: datetime
    phone_at: datetime | None
    tone: str
    title: str
    text: str
    said: bool = False
    held: bool = False
    late: bool = False


def moments(visit: Visit) -> list[Moment]:
    """Every event of a gathered visit as a line. One query, for the bytes of the few that say something only there."""
    spoken = Event.objects.filter(visit_id=visit.pk, type__in=SPOKEN).values_list("pk", "bytes")
    bodies = {pk: json.loads(bytes(raw))["body"] for pk, raw in spoken}
    rows = {row.event_id: row for rows in _rows(visit) for row in rows}
    return [_moment(event, rows.get(event.pk), bodies.get(event.pk, {}), visit) for event in visit.work]


def _rows(visit):
    own = visit.notes, visit.consents, visit.positions, visit.photos, visit.recordings, visit.recorders
    return [rows.all() for rows in own]


def _moment(event: Event, row, body: dict, visit: Visit) -> Moment:
    title, text = _words(event.type, row, body, visit)
    apart = abs(event.corrected_at - event.captured_at) >= DIFFERS
    return Moment(
        at=event.corrected_at,
        phone_at=event.captured_at if apart else None,
        tone="mind" if event.status == Status.HELD else TONES.get(event.type, ""),
        title=str(title),
        text=text,
        said=isinstance(row, Note) and row.kind == "statement",
        held=event.status == Status.HELD,
        late="after_reassignment" in event.marks,
    )


def _words(kind: str, row, body: dict, visit: Visit):
    if kind == "visit.note/1" and row:
        return row.get_kind_display(), row.text
    if kind == "visit.consent/1" and row:
        names = [str(visit.collector)] + ([_second(row, visit)] if row.second_username else [])
        met = [str(PEOPLE.get(who, who)) for who in row.present]
        return ENTRIES[row.entry], " · ".join([_and(names)] + ([_("Met: {who}").format(who=_and(met))] if met else []))
    if kind == "visit.photo/1" and row:
        return _("Photo: {kind}").format(kind=row.get_kind_display()), row.caption
    if kind == "visit.recording/1" and row:
        return TITLES[kind], f"{clock(row.duration_ms)} · {row.get_ended_display()}"
    if kind == "visit.recorder/1" and row:
        return TITLES[kind], " · ".join(filter(None, [row.reference, row.file]))
    if kind in ("visit.started/1", "visit.location/1"):
        return TITLES[kind], _where(row, visit) if row else ""
    if kind == "visit.ended/1":
        return TITLES[kind], " · ".join(_end(visit, body))
    if kind in ("stop.raised/1", "signature.refused/1"):
        said = [str(STOPS.get(body.get("reason"), "")), body.get("text", "")]
        return TITLES[kind], " · ".join(part for part in said if part)
    return TITLES.get(kind) or history.title(kind), history.text(kind, {"body": body}) if kind in ASKED else ""


def _second(consent, visit: Visit) -> str:
    if visit.second and visit.second.username == consent.second_username:
        return str(visit.second)
    return consent.second_username


def _and(words: list[str]) -> str:
    return _(", ").join(words)


def _where(row, visit: Visit) -> str:
    if row.refused:
        return _("No position: {why}").format(why=row.get_refused_display())
    metres = away(visit, row)
    if metres is None:
        return ""
    return _("{metres} m from the address on file").format(metres=metres)


def _end(visit: Visit, body: dict) -> list[str]:
    parts = [visit.get_outcome_display()]
    if visit.next_action and visit.next_action != "none":
        parts.append(_("Next: {action}").format(action=visit.get_next_action_display()))
    if visit.next_on:
        parts.append(visit.next_on.isoformat())
    if body.get("copy_left"):
        parts.append(_("copy left"))
    return [part for part in parts if part]


def missing(visit: Visit) -> str:
    """What an incomplete visit waits for, in words; empty when complete."""
    if visit.complete_at:
        return ""
    photos, sounds = (
        sum(row.taken_in_at is None and not row.unreadable for row in rows)
        for rows in (visit.photos.all(), visit.recordings.all())
    )
    own = {event.seq for event in visit.work if event.type != "visit.companion/1"}
    events = max((visit.last_seq or 0) - len(own), 0)
    if photos:
        return _("waiting for photos: {n}").format(n=photos)
    if sounds:
        return _("waiting for recordings: {n}").format(n=sounds)
    if events:
        return _("waiting for entries: {n}").format(n=events)
    return _("waiting")


def photos(visit: Visit) -> list:
    """In the order that the collector gave them, else in that in which they were taken."""
    latest = max(visit.photoorders.all(), key=lambda row: (row.at, row.pk), default=None)
    places = {event: n for n, event in enumerate(latest.order)} if latest else {}
    return sorted(visit.photos.all(), key=lambda photo: (places.get(str(photo.event_id), 1000), photo.at, photo.pk))


def clock(ms: int) -> str:
    """754000 → "12:34"."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"


def places(visit: Visit) -> list[dict]:
    """Where the phone was: {what: start | place | photo, n, row}, in order; only those with a position."""
    positions = sorted(visit.positions.all(), key=lambda position: position.at)
    found = [{"what": "place" if at else "start", "n": at, "row": row} for at, row in enumerate(positions)]
    found += [{"what": "photo", "n": n, "row": row} for n, row in enumerate(photos(visit), start=1)]
    return [place for place in found if place["row"].lat_e7 is not None]
