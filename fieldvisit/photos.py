"""The bytes of photos: decoded whole in a child process, re-encoded without metadata, the original kept as it came."""

import json
import subprocess
import sys
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from . import intake, record, store
from .models import Photo

CHILD = Path(__file__).with_name("photos_child.py")
MOST_SECONDS = 20
UNOPENED = ("", "blob.sealed", "blob.other")  # better bytes may still come


@intake.on_blob
def arrived(sha256: str) -> None:
    """Take in every photo that names this content; each is linked by its own event only."""
    waiting = list(
        Photo.objects.filter(sha256=sha256, taken_in_at=None, unreadable__in=UNOPENED).select_related("visit__case")
    )
    if waiting:
        picture = look(store.read(sha256))
        for photo in waiting:
            _take(photo, picture)


def take(photo: Photo, data: bytes) -> None:
    """Take in one photo: derivative, size, a line in the record; or the code of why it cannot be read."""
    store.put(store.name(photo.sha256), data)
    _take(photo, look(data))


def look(data: bytes) -> dict:
    """{"width", "height", "jpeg"} or {"code"}: what a child process with limits makes of these bytes."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD)], input=data, capture_output=True, timeout=MOST_SECONDS, env={}
        )
        head, _, jpeg = done.stdout.partition(b"\n")
        said = json.loads(head)
    except (subprocess.TimeoutExpired, ValueError, BrokenPipeError):
        return {"code": "photo.broken"}  # it died of its limits, or never came to an end
    return said if "code" in said else said | {"jpeg": jpeg}


def unopenable(*, device, sha256: str, code: str) -> None:
    """This phone's upload could not be opened: its photos of that content will not come from there."""
    for photo in Photo.objects.filter(
        sha256=sha256, event__device=device, taken_in_at=None, unreadable=""
    ).select_related("visit__case"):
        _settle(photo, {"unreadable": code})


def take_due() -> int:
    """Photos whose bytes are here but were never looked at, because a process died in between."""
    due = [sha for sha in _waiting() if store.holds(sha)]
    for sha256 in due:
        arrived(sha256)
    return len(due)


def _waiting() -> list[str]:
    return list(
        Photo.objects.filter(taken_in_at=None, unreadable="").order_by().values_list("sha256", flat=True).distinct()
    )


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
    _settle(photo, changes)


@transaction.atomic
def _settle(photo: Photo, changes: dict) -> None:
    visit = photo.visit
    record.lock([visit.case_id])
    if not Photo.objects.filter(pk=photo.pk, taken_in_at=None).update(**changes):
        return  # another process was faster
    code = changes["unreadable"]
    record.append(
        case=visit.case,
        action="photo.unreadable" if code else "photo.received",
        object=f"photo:{photo.pk}",
        payload={"sha256": photo.sha256, "code": code, "event": str(photo.event_id)},
        now=changes.get("taken_in_at") or timezone.now(),
    )
    visit.refresh_from_db()
    intake.visit_changed(visit)
