"""The bytes of photos: decoded whole in a child process, re-encoded without metadata, the original kept as it came."""

import json
import logging
import signal
import threading
from pathlib import Path

from django.utils import timezone

from . import contents, intake, photos_server, store
from .models import Photo

log = logging.getLogger(__name__)
CHILD = Path(__file__).with_name("photos_child.py")
# The child's own limit is 15 s of CPU; only on a machine that stands still is this one reached.
MOST_SECONDS = 60
_places = threading.BoundedSemaphore(2)  # each child may take 1 GiB


@intake.on_blob
def arrived(sha256: str) -> None:
    """Take in every photo that names this content; each is linked by its own event only."""
    waiting = Photo.objects.filter(sha256=sha256, taken_in_at=None, unreadable__in=contents.UNOPENED)
    if waiting := list(waiting.select_related("visit__case")):
        picture = look(store.read(sha256))
        for photo in waiting:
            _take(photo, picture)


def take(photo: Photo, data: bytes) -> None:
    """Take in one photo: derivative, size, a line in the record; or the code of why it cannot be read."""
    store.put(store.name(photo.sha256), data)
    _take(photo, look(data))


def look(data: bytes) -> dict:
    """{"width", "height", "jpeg"} or {"code"}: what a child process with limits makes of these bytes.

    Raises Unlooked for what is no fault of the file: a machine at a standstill, a decoder that is not installed.
    """
    with _places:
        try:
            answer, code = photos_server.ask(CHILD, data, seconds=MOST_SECONDS)
        except (photos_server.Gone, OSError) as error:
            log.error("no picture can be opened here: %s", type(error).__name__)
            raise Unlooked from None
    if code == -signal.SIGALRM:
        raise Unlooked
    if code < 0:  # a signal: of its limits, or of a decoder that fell over these bytes
        return {"code": "photo.slow" if code == -signal.SIGXCPU else "photo.broken"}
    head, _, jpeg = answer.partition(b"\n")
    said = json.loads(head) if not code else {"ours": f"exit code {code}"}
    if "ours" in said:
        log.error("no picture can be opened here: %s", said["ours"])
        raise Unlooked
    return said if "code" in said else said | {"jpeg": jpeg}


class Unlooked(Exception):
    """Nobody knows yet what these bytes are; the photo waits, and take_due comes again."""


def unopenable(*, device, sha256: str, code: str) -> None:
    contents.unopenable(Photo.objects, device=device, sha256=sha256, code=code)


def take_due() -> int:
    return contents.take_due(Photo.objects, arrived)


def _take(photo: Photo, picture: dict) -> None:
    changes = {"original": store.name(photo.sha256), "taken_in_at": timezone.now()}
    if "code" in picture:
        changes["unreadable"] = picture["code"]
    else:
        derivative = store.name(photo.sha256, "derivatives", ".jpg")
        store.put(derivative, picture["jpeg"])
        changes |= {
            "unreadable": "",
            "derivative": derivative,
            "width": picture["width"],
            "height": picture["height"],
        }
    contents.settle(photo, changes)
