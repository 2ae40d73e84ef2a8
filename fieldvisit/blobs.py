"""Uploads: what a phone has begun, how far it is, and what becomes of it when it is whole (tus 1.0.0, keyed by device).

The pieces lie in FIELDVISIT_DATA/incoming; the truth about the offset is what both the row and the file hold.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from . import intake, keys, photos, recordings, store, wire
from .models import Blob, Device
from .problems import Refused

log = logging.getLogger(__name__)
MOST_MB = 20
ABANDONED = timedelta(days=60)  # a phone may lie in a drawer for a month and go on where it was
STRAY = timedelta(days=1)  # temporary files of requests that died
PIECE = 64 * 1024


def begin(*, device: Device, sent_sha256: str, sha256: str, event_id: UUID | None, length: int, now: datetime) -> Blob:
    """The upload of this content by this device, new or begun before. Refused("tus.too_big" | "tus.empty")."""
    if length > MOST_MB * 1024 * 1024:
        raise Refused("tus.too_big", most=MOST_MB)
    if not length:
        raise Refused("tus.empty")
    facts = {"sha256": sha256, "event_id": event_id, "length": length}
    blob, made = Blob.objects.get_or_create(
        device=device, sent_sha256=sent_sha256, defaults=facts | {"created_at": now}
    )
    opened = blob.complete_at and not blob.code
    if not made and not opened and (blob.length, blob.sha256) != (length, sha256):
        # the same name with other facts: one of them was wrong, so from the start
        Blob.objects.filter(pk=blob.pk).update(offset=0, complete_at=None, code="", **facts)
        blob.refresh_from_db()
    return blob


def find(*, device: Device, sent_sha256: str) -> Blob:
    try:
        return Blob.objects.get(device=device, sent_sha256=sent_sha256)
    except Blob.DoesNotExist:
        raise Refused("blob.unknown") from None


def offset(blob: Blob, *, now: datetime) -> int:
    """How many bytes are safely here. Asked of a whole one, it also takes up what a crash left undone."""
    if not blob.complete_at:
        at = _held(blob)
        if at < blob.length:
            return at
        # every byte was here when the process died: "all here" may be said only when the whole was checked
        try:
            with _locked(_path(blob)) as file:
                blob.refresh_from_db()
                _made_anew(blob)
                if not blob.complete_at and _held(blob) == blob.length:
                    _finish(blob, file, now)
        except Refused as why:
            if why.code != "blob.hash":
                raise
            return 0
    if blob.complete_at:
        _tell(blob)
        return blob.length
    return _held(blob)


def write(
    *, blob: Blob, at: int, read: Callable[[int], bytes], announced: int | None, checksum: bytes | None, now: datetime
) -> int:
    """Take one piece from `read`, of `announced` bytes or to its end, and return the new offset.

    A cut line is a plain end: what came stays, unless a checksum was to vouch for it.
    Refused("tus.offset" | "tus.length" | "tus.checksum" | "tus.locked" | "blob.hash").
    """
    if blob.complete_at:
        if at != blob.length or announced:
            raise Refused("tus.offset")
        return at
    with _locked(_path(blob)) as file:
        try:
            blob.refresh_from_db()
        except Blob.DoesNotExist:
            raise Refused("blob.unknown") from None  # swept in this very moment
        _made_anew(blob)
        start = blob.length if blob.complete_at else _held(blob)
        if at != start:
            raise Refused("tus.offset")
        room = blob.length - start
        if announced is None:
            announced = room + 1  # it ends by itself; one byte more than there is room for is one too many
        elif announced > room:
            raise Refused("tus.length")
        file.seek(start)
        file.truncate()  # what a dead process wrote and nobody vouched for
        digest, come = hashlib.sha256(), 0
        while come < announced and (piece := read(min(PIECE, announced - come))):
            file.write(piece)
            digest.update(piece)
            come += len(piece)
        if come > room:
            file.truncate(start)
            raise Refused("tus.length")
        if checksum is not None and digest.digest() != checksum:
            file.truncate(start)
            raise Refused("tus.checksum")
        file.flush()
        Blob.objects.filter(pk=blob.pk).update(offset=start + come)
        if start + come == blob.length:
            _finish(blob, file, now)
    if blob.complete_at:
        _tell(blob)
    return start + come


def _tell(blob: Blob) -> None:
    """To whoever waits for this content. Telling it twice changes nothing."""
    if blob.code:
        for files in (photos, recordings):
            files.unopenable(device=blob.device, sha256=blob.sha256, code=blob.code)
    else:
        intake.blob_arrived(blob.sha256)


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
    _path(blob).unlink(missing_ok=True)


def sweep(*, now: datetime) -> int:
    """Forget uploads that got no byte for ABANDONED, and files here that belong to none. Returns how many went.

    A phone that comes later still has its photo: it is told "unknown" and begins again.
    """
    swept = 0
    for blob in Blob.objects.filter(complete_at=None, created_at__lt=now - ABANDONED):
        try:
            with _locked(_path(blob)) as file:
                last = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, now.tzinfo)
                if _held(blob) and last > now - ABANDONED:
                    continue
                blob.delete()
                _path(blob).unlink(missing_ok=True)
                swept += 1
        except Refused:
            continue  # somebody is writing it
    unfinished = {_path(blob).name for blob in Blob.objects.filter(complete_at=None)}
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):
            old = path.stat().st_mtime < (now - STRAY).timestamp()
            if old and path.is_file() and path.name not in unfinished:
                path.unlink()
                swept += 1
    return swept


def _made_anew(blob: Blob) -> None:
    """Another page finished it between our look and our lock, and put the file away: opening has made an empty one."""
    if blob.complete_at:
        _path(blob).unlink(missing_ok=True)


def _held(blob: Blob) -> int:
    return min(blob.offset, _size(_path(blob)))


def _folder() -> Path:
    return Path(settings.FIELDVISIT_DATA) / "incoming"


def _path(blob: Blob) -> Path:
    return _folder() / f"{blob.device_id.hex}-{blob.sent_sha256}"


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
