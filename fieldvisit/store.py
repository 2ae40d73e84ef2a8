"""Content by its hash: FIELDVISIT_DATA/blobs/ab/cdef…, written whole or not at all, never changed."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings


def name(sha256: str, kind: str = "blobs", suffix: str = "") -> str:
    """The path below FIELDVISIT_DATA, as the default storage knows it."""
    return f"{kind}/{sha256[:2]}/{sha256[2:]}{suffix}"


def path(name: str) -> Path:
    return Path(settings.FIELDVISIT_DATA) / name


def holds(sha256: str) -> bool:
    return path(name(sha256)).is_file()


def read(sha256: str) -> bytes:
    return path(name(sha256)).read_bytes()


def put(name: str, data: bytes) -> None:
    """On the disk when this returns. Content that is there already is the same content."""
    target = path(name)
    if target.is_file() and target.stat().st_size == len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=target.parent, delete=False, prefix=".new-") as draft:
        try:
            draft.write(data)
            draft.flush()
            os.fsync(draft.fileno())
            os.replace(draft.name, target)
        except BaseException:
            os.unlink(draft.name)
            raise
    sync_folder(target.parent)


def keep(kind: str, chunks: Iterable[bytes]) -> tuple[str, str]:
    """Content too large for memory: (its name, its SHA-256). On the disk when this returns."""
    folder, digest = path(kind), hashlib.sha256()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, delete=False, prefix=".new-") as draft:
        try:
            for chunk in chunks:
                draft.write(chunk)
                digest.update(chunk)
            draft.flush()
            os.fsync(draft.fileno())
            target = path(name(digest.hexdigest(), kind))
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(draft.name, target)
        except BaseException:
            os.unlink(draft.name)
            raise
    sync_folder(target.parent)
    return name(digest.hexdigest(), kind), digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
