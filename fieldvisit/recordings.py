"""The sound of a visit as the phone recorded it: segments of sealed pieces, opened and joined, not decoded."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from . import contents, intake, keys, packs, store, wire
from .intake import Incoming
from .models import Case, Recording, Visit
from .rules import capture

MAGIC = b"FVR1"
MOST_PIECES = 20_000


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
    waiting = Recording.objects.filter(sha256=sha256, taken_in_at=None, unreadable__in=contents.UNOPENED)
    for recording in waiting.select_related("visit__case"):
        changes = {"original": store.name(sha256), "taken_in_at": timezone.now()}
        try:
            sound = opened(store.read(sha256), segment=recording.segment, digest=recording.digest)
        except Unfit as why:
            contents.settle(recording, changes | {"unreadable": str(why)}, sound_sha256="")
            continue
        kind, own = capture.sound_kind(sound[:12]), wire.sha256(sound)
        name = store.name(own, "recordings", capture.KINDS[kind])
        store.put(name, sound)
        changes |= {"unreadable": "", "sound": name, "sound_sha256": own, "mime": kind}
        contents.settle(recording, changes, sound_sha256=own)


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
    contents.unopenable(Recording.objects, device=device, sha256=sha256, code=code, sound_sha256="")


def take_due() -> int:
    return contents.take_due(Recording.objects, arrived)
