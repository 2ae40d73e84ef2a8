"""Uploads: what a phone has begun, how far it is, and what becomes of it when it is whole (tus 1.0.0, keyed by device).

The pieces lie in FIELDVISIT_DATA/incoming; the truth about the offset is what both the row and the file hold.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from . import intake, keys, photos, store, wire
from .models import Blob, Device
from .problems import Refused

log = logging.getLogger(__name__)
MOST_MB = 20
PIECE = 64 * 1024


def begin(*, device: Device, sent_sha256: str, sha256: str, event_id: UUID | None, length: int, now: datetime) -> Blob:
    """The upload of this content by this device, new or begun before. Refused("tus.too_big")."""
    if length > MOST_MB * 1024 * 1024:
        raise Refused("tus.too_big", most=MOST_MB)
    facts = {"sha256": sha256, "event_id": event_id, "length": length}
    blob, made = Blob.objects.get_or_create(
        device=device, sent_sha256=sent_sha256, defaults=facts | {"created_at": now}
    )
    if not made and not blob.complete_at and (blob.length, blob.sha256) != (length, sha256):
        # the same name with other facts: one of them was wrong, so from the start
        Blob.objects.filter(pk=blob.pk).update(offset=0, **facts)
        blob.refresh_from_db()
    return blob


def find(*, device: Device, sent_sha256: str) -> Blob:
    try:
        return Blob.objects.get(device=device, sent_sha256=sent_sha256)
    except Blob.DoesNotExist:
        raise Refused("blob.unknown") from None


def offset(blob: Blob) -> int:
    """How many bytes are safely here. Asked of a whole one, it also takes up what a crash left undone."""
    if not blob.complete_at:
        return min(blob.offset, _size(_path(blob)))
    if not blob.code:
        intake.blob_arrived(blob.sha256)
    return blob.length


def write(
    *, blob: Blob, at: int, read: Callable[[int], bytes], announced: int, checksum: bytes | None, now: datetime
) -> int:
    """Take one piece from `read` and return the new offset. A cut line is a plain end: what came stays, unless
    a checksum was to vouch for it.

    Refused("tus.offset" | "tus.length" | "tus.checksum" | "tus.locked" | "blob.hash").
    """
    if blob.complete_at:
        if at != blob.length or announced:
            raise Refused("tus.offset")
        return at
    with _locked(_path(blob)) as file:
        blob.refresh_from_db()
        start = blob.length if blob.complete_at else min(blob.offset, _size(_path(blob)))
        if at != start:
            raise Refused("tus.offset")
        if announced > blob.length - start:
            raise Refused("tus.length")
        file.seek(start)
        file.truncate()  # what a dead process wrote and nobody vouched for
        digest, come = hashlib.sha256(), 0
        while come < announced and (piece := read(min(PIECE, announced - come))):
            file.write(piece)
            digest.update(piece)
            come += len(piece)
        if checksum is not None and digest.digest() != checksum:
            file.truncate(start)
            raise Refused("tus.checksum")
        file.flush()
        Blob.objects.filter(pk=blob.pk).update(offset=start + come)
        if start + come == blob.length:
            _finish(blob, file, now)
    if start + come == blob.length:
        if blob.code:
            photos.unopenable(device=blob.device, sha256=blob.sha256, code=blob.code)
        else:
            intake.blob_arrived(blob.sha256)
    return start + come


def _finish(blob: Blob, file, now: datetime) -> None:
    """The whole is here: check it, open it, put the content in its place. What cannot be opened is kept as it came."""
    os.fsync(file.fileno())
    file.seek(0)
    sent = file.read()
    if wire.sha256(sent) != blob.sent_sha256:
        file.truncate(0)
        Blob.objects.filter(pk=blob.pk).update(offset=0)
        raise Refused("blob.hash")
    try:
        plain = wire.open_envelope(sent, wire.aad(blob.sha256, "blob/1"), private=keys.envelope_private)
        blob.code = "" if wire.sha256(plain) == blob.sha256 else "blob.other"
    except wire.Broken:
        blob.code = "blob.sealed"
    if blob.code:
        log.warning("upload %s of device %s cannot be opened: %s", blob.sent_sha256, blob.device_id, blob.code)
        store.put(store.name(blob.sent_sha256, "quarantine"), sent)
    else:
        store.put(store.name(blob.sha256), plain)
    blob.complete_at = now
    Blob.objects.filter(pk=blob.pk).update(complete_at=now, code=blob.code)
    _path(blob).unlink()


def _path(blob: Blob) -> Path:
    return Path(settings.FIELDVISIT_DATA) / "incoming" / f"{blob.device_id.hex}-{blob.sent_sha256}"


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


@contextmanager
def _locked(path: Path):
    """The file of one upload, for one writer: two tabs must not interleave their pieces."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("tus.locked") from None
        yield file
