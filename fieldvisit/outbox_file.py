"""The locked file that a phone exports when it cannot send: its envelopes as they are, taken in exactly once.

{"v": 1, "device_id", "exported_at", "events": [{"event_id", "type", "envelope"}],
 "blobs": [{"sent_sha256", "sha256", "event_id", "bytes": base64}]}

Nobody can read it on its way: every envelope is made out to the server. The same file again, or the phone itself
afterwards, gets the stored receipts. What a released phone captured before its release is taken too.
"""

import base64
import io
import json
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from . import blobs, intake, wire
from .models import Device, User
from .problems import Refused

MOST_MB = 2048
ITEM = ("event_id", "type", "envelope")


@dataclass
class Taken:
    """`verdicts` in the order of the file; `repeats` how many were here already; `uploads` [(sha256, code)], the code
    empty where the content is here."""

    device: Device
    verdicts: list[dict] = field(default_factory=list)
    repeats: int = 0
    uploads: list[tuple[str, str]] = field(default_factory=list)


def take(data: bytes, *, by: User | None, now: datetime) -> Taken:
    """Take in a file; `by` brings it, else it counts as brought by the phone's owner.

    Refused("outbox.file" | "outbox.too_big" | "device.unknown").
    """
    said = _read(data)
    try:
        device = Device.objects.select_related("user").get(pk=UUID(said["device_id"]))
    except (Device.DoesNotExist, ValueError):
        raise Refused("device.unknown") from None
    taken = Taken(device)
    items = [{key: item[key] for key in ITEM if key in item} for item in said["events"]]
    for batch in _batches(items):
        answer = intake.ingest_batch(batch, actor=by or device.user, device=device, now=now)
        taken.verdicts += [json.loads(body) for body in answer.verdicts]
        taken.repeats += len(answer.repeats)
    for blob in said["blobs"]:
        taken.uploads.append((blob["sent_sha256"], _upload(blob, device, now)))
    return taken


def _read(data: bytes) -> dict:
    if len(data) > MOST_MB * 1024 * 1024:
        raise Refused("outbox.too_big", most=MOST_MB)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("outbox.file") from None
    blob = {"sent_sha256": str, "sha256": str, "bytes": str}
    whole = (
        isinstance(said, dict)
        and said.get("v") == 1
        and isinstance(said.get("device_id"), str)
        and _list_of(said.get("events"), dict.fromkeys(ITEM, str))
        and _list_of(said.get("blobs", []), blob)
    )
    if not whole:
        raise Refused("outbox.file")
    return said | {"blobs": said.get("blobs", [])}


def _list_of(value, form: dict) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, dict) and all(isinstance(each.get(key), kind) for key, kind in form.items()) for each in value
    )


def _batches(items: list[dict]):
    """As the phone would send them: the server works on one batch at a time."""
    for start in range(0, len(items), intake.MOST_EVENTS):
        yield items[start : start + intake.MOST_EVENTS]


def _upload(said: dict, device: Device, now: datetime) -> str:
    """The code of what is wrong with it, empty when the content is here: now, or since long ago."""
    try:
        sent = _base64(said["bytes"])
        event_id = UUID(said["event_id"]) if said.get("event_id") else None
    except (ValueError, TypeError):
        return "outbox.file"
    if wire.sha256(sent) != said["sent_sha256"] or len(said["sha256"]) != 64:
        return "blob.hash"
    named = {"sent_sha256": said["sent_sha256"], "sha256": said["sha256"], "event_id": event_id}
    code = ""
    for _attempt in range(2):  # the phone's own upload may have left bytes that nobody vouched for
        try:
            blob = blobs.begin(device=device, length=len(sent), now=now, **named)
            at = blobs.offset(blob, now=now)
            rest = io.BytesIO(sent[at:])
            blobs.write(blob=blob, at=at, read=rest.read, announced=len(sent) - at, checksum=None, now=now)
            blob.refresh_from_db()
            return blob.code
        except Refused as refused:
            code = refused.code
    return code


def _base64(text: str) -> bytes:
    """Either alphabet, with or without padding."""
    plain = text.translate(str.maketrans("-_", "+/")).rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
