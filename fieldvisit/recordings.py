"""The sound of a visit: the phone's own segments, and the hash of a separate recorder's file. Nothing is decoded."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from . import handlers, intake, keys, packs, record, review, store, wire
from .intake import Incoming
from .models import Case, Recorder, RecorderFile, Recording, User, Visit
from .problems import Refused
from .rules import capture

MAGIC = b"FVR1"
MOST_PIECES = 20_000
UNOPENED = ("", "blob.sealed", "blob.other")  # better bytes may still come


class Unfit(Exception):
    """These bytes are no recording; the code of why."""


@intake.handles("visit.announced/1")
def announced(event: Incoming, visit: Visit, case: Case) -> None:
    """The event itself is the row: when it was said that sound is recorded."""


@intake.handles("visit.objected/1")
def objected(event: Incoming, visit: Visit, case: Case) -> None:
    """The event itself is the row: somebody does not want to be recorded."""


@intake.handles("visit.recording/1")
def recorded(event: Incoming, visit: Visit, case: Case) -> None:
    """The row only: the bytes travel by themselves and may be here already."""
    said = event.body
    sounds = [blob for blob in event.data["blobs"] if blob["role"] == "recording"]
    offset = timedelta(milliseconds=event.data["clock"]["offset_ms"] or 0)
    Recording.objects.create(
        visit=visit,
        event=event.row,
        at=datetime.fromisoformat(said["started_at"]).astimezone(UTC) + offset,
        sha256=sounds[0]["sha256"] if sounds else "",
        unreadable="" if sounds else "recording.none",
        **{key: said[key] for key in ("segment", "pieces", "digest", "duration_ms", "lost_ms", "ended")},
    )


@intake.handles("visit.recorder/1")
def recorder(event: Incoming, visit: Visit, case: Case) -> None:
    Recorder.objects.create(visit=visit, event=event.row, at=event.at, **event.body)


@intake.handles("visit.recorder_file/1")
def recorder_file(event: Incoming, visit: Visit, case: Case) -> None:
    said = event.body
    named = Recorder.objects.filter(visit=visit, event_id=said["recorder"]).first()
    if named is None:
        event.marks.append("recorder_unknown")
        return
    RecorderFile.objects.create(
        recorder=named,
        event=event.row,
        at=event.at,
        by=event.author,
        **{key: said[key] for key in ("sha256", "size", "name")},
    )


@intake.on_blob
def arrived(sha256: str) -> None:
    """Take in every recording that names this content."""
    waiting = Recording.objects.filter(sha256=sha256, taken_in_at=None, unreadable__in=UNOPENED)
    for recording in waiting.select_related("visit__case"):
        changes = {"original": store.name(sha256), "taken_in_at": timezone.now()}
        try:
            sound = opened(store.read(sha256), segment=recording.segment, digest=recording.digest)
        except Unfit as why:
            _settle(recording, changes | {"unreadable": str(why)})
            continue
        kind, own = capture.sound_kind(sound[:12]), wire.sha256(sound)
        name = store.name(own, "recordings", capture.KINDS[kind])
        store.put(name, sound)
        _settle(recording, changes | {"unreadable": "", "sound": name, "sound_sha256": own, "mime": kind})


def opened(sent: bytes, *, segment: UUID, digest: str) -> bytes:
    """The sound in "FVR1" ‖ (length 4 ‖ envelope)…, each piece bound to its place. Raises Unfit(code)."""
    if not sent.startswith(MAGIC):
        raise Unfit("recording.kind")
    pieces, at = [], len(MAGIC)
    while at < len(sent) and len(pieces) < MOST_PIECES:
        end = at + 4 + int.from_bytes(sent[at : at + 4])
        aad = wire.aad(f"{segment}/{len(pieces) + 1}", "piece/1")
        try:
            pieces.append(wire.open_envelope(sent[at + 4 : end], aad, private=keys.envelope_private))
        except wire.Broken:
            raise Unfit("recording.sealed") from None
        at = end
    if at != len(sent) or hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in pieces)).hexdigest() != digest:
        raise Unfit("recording.other")
    sound = b"".join(pieces)
    if not capture.sound_kind(sound[:12]):
        raise Unfit("recording.kind")
    return sound


def unopenable(*, device, sha256: str, code: str) -> None:
    """This phone's upload could not be opened: its recordings of that content will not come from there."""
    waiting = Recording.objects.filter(sha256=sha256, event__device=device, taken_in_at=None, unreadable="")
    for recording in waiting.select_related("visit__case"):
        _settle(recording, {"unreadable": code})


def take_due() -> int:
    """Recordings whose bytes are here but were never looked at, because a process died in between. Returns how many."""
    taken = 0
    waiting = Recording.objects.filter(taken_in_at=None, unreadable="").order_by()
    for sha256 in filter(store.holds, list(waiting.values_list("sha256", flat=True).distinct())):
        try:
            arrived(sha256)
            taken += 1
        except OperationalError:
            raise
        except Exception as error:  # one must not keep the others waiting
            handlers.report(error, f"recording {sha256}")
    return taken


@transaction.atomic
def _settle(recording: Recording, changes: dict) -> None:
    visit = recording.visit
    record.lock([visit.case_id])
    if not Recording.objects.filter(pk=recording.pk, taken_in_at=None).update(**changes):
        return  # another process was faster
    code = changes["unreadable"]
    record.append(
        case=visit.case,
        action="recording.unreadable" if code else "recording.received",
        object=f"recording:{recording.pk}",
        payload={
            "sha256": recording.sha256,
            "sound_sha256": changes.get("sound_sha256", ""),
            "code": code,
            "event": str(recording.event_id),
        },
        now=changes.get("taken_in_at") or timezone.now(),
    )
    visit.refresh_from_db()
    intake.visit_changed(visit)


def add_file(*, recorder: Recorder, file: File | None, sha256: str, by: User, now: datetime) -> RecorderFile:
    """The office has the recorder's file, or its SHA-256 only (64 hex digits, any case and spaces).

    Refused: recorder.one (both or neither), recorder.sha256, recorder.too_big, recorder.empty.
    """
    typed = "".join(sha256.split()).lower()
    if bool(file) == bool(typed):
        raise Refused("recorder.one")
    if typed and (len(typed) != 64 or not set(typed) <= set("0123456789abcdef")):
        raise Refused("recorder.sha256")
    name, size, kept = "", None, ""
    if file:
        name, size, most = file.name[-200:], file.size, capture.policy()["office"]["recorder_file_mb"]
        if not size:
            raise Refused("recorder.empty")
        if size > most * 1_000_000:
            raise Refused("recorder.too_big", most=most)
        kept, typed = store.keep("recorders", file.chunks())
    with transaction.atomic():
        case = recorder.visit.case
        record.lock([case.pk])
        made = RecorderFile.objects.create(
            recorder=recorder, at=now, by=by, sha256=typed, size=size, name=name, kept=kept
        )
        record.append(
            case=case,
            action="recorder.file",
            object=f"recorder:{recorder.pk}",
            actor=by,
            payload={"sha256": typed, "size": size, "name": name, "kept": bool(kept), "event": str(recorder.event_id)},
            now=now,
        )
    return made


# --- at the desk

SLACK = timedelta(seconds=5)  # two events of one phone may have been corrected by two offsets
SENTENCES = {
    "FV-REC-01": gettext_lazy("The recorder's file has not been added in {hours} h: {names}"),
    "FV-REC-02": gettext_lazy("Recordings that have not arrived yet: {n}"),
    "FV-REC-03": gettext_lazy("Recordings that cannot be opened: {n}"),
    "FV-REC-04": gettext_lazy("There was a talk, but no recording and no recorder's reference"),
    "FV-REC-05": gettext_lazy("The recording began before it was announced"),
}


FILES = Prefetch("recorders__files", RecorderFile.objects.order_by("pk").select_related("by"))


@partial(review.flags, prefetch=["recordings", "recorders", FILES])
def flags_of(visit: Visit) -> list[review.Flag]:
    """What the rules of capture.toml say of the sound of a gathered visit; kept ones included."""
    rules, sounds, named = capture.policy()["rules"], list(visit.recordings.all()), list(visit.recorders.all())
    hours = rules["FV-REC-01"]["hours"]
    late = timezone.now() - timedelta(hours=hours)
    bare = [each.reference for each in named if each.at < late and not each.files.all()]
    coming = sum(each.taken_in_at is None and not each.unreadable for each in sounds)
    spoilt = sum(bool(each.unreadable) for each in sounds)
    consent = max(visit.consents.all(), key=lambda row: row.at, default=None)
    met = consent is not None and consent.entry in ("given", "outside")
    said, began = _announced(visit), min((each.at for each in sounds), default=None)
    missed = {
        "FV-REC-01": {"hours": hours, "names": _(", ").join(bare)} if bare else False if named else None,
        "FV-REC-02": {"n": coming} if coming else False if sounds else None,
        "FV-REC-03": {"n": spoilt} if spoilt else False if sounds else None,
        "FV-REC-04": False if sounds or named else {} if met and not _objections(visit) else None,
        "FV-REC-05": None if began is None else ({} if not said or began < said - SLACK else False),
    }
    return [_flag(code, rules[code], params) for code, params in missed.items() if params is not None]


def _objections(visit: Visit) -> list[datetime]:
    return [event.corrected_at for event in visit.work if event.type == "visit.objected/1"]


def _announced(visit: Visit) -> datetime | None:
    """When it was first said that sound is recorded."""
    told = [event.corrected_at for event in visit.work if event.type == "visit.announced/1"]
    return min([*told, *(row.at for row in visit.consents.all() if row.recording_announced)], default=None)


def _flag(code: str, rule: dict, params: dict | bool) -> review.Flag:
    language = "en" if get_language() == "en" else "zh-hans"
    citation = f"{code} · {rule['citation'][language]}"
    if params is False:
        return review.Flag(code, "ok", rule["title"][language], citation)
    return review.Flag(code, "warn", SENTENCES[code].format(**params), citation)


@review.panels
def panels_of(visit: Visit) -> list[dict]:
    """The segments in order, the announcement and objections with their times, and the recorders."""
    sounds = sorted(visit.recordings.all(), key=lambda row: (row.at, row.pk))
    named = sorted(visit.recorders.all(), key=lambda row: (row.at, row.pk))
    objections = _objections(visit)
    if not sounds and not named and not objections:
        return []
    context = {
        "recordings": sounds,
        "recorders": named,
        "announced_at": _announced(visit),
        "objections": objections,
        "visit": visit,
        "most": capture.policy()["office"]["recorder_file_mb"],
    }
    return [{"template": "fieldvisit/reviews/_recordings.html", "context": context}]


packs.provides("capture", lambda user, visits, now: capture.policy()["phone"])
