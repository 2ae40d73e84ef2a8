"""The sound of a visit as the phone recorded it: segments of sealed pieces, opened and joined, not decoded."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from . import handlers, intake, keys, packs, record, store, wire
from .intake import Incoming
from .models import Case, Recording, Visit
from .rules import capture

MAGIC = b"FVR1"
MOST_PIECES = 20_000
UNOPENED = ("", "blob.sealed", "blob.other")  # better bytes may still come


class Unfit(Exception):
    """These bytes are no recording; the code of why."""


packs.provides("capture", lambda user, visits, now: capture.policy()["phone"])


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
