"""What may happen to an upload: ways to die, to be cut and to be muddled, and a tab that speaks the protocol.

Each fault is a function of a Tab that leaves its upload somewhere; test_blobs.py then brings it to its end.
"""

import base64
import hashlib
import os
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from fieldvisit import blobs, contents, record, store
from fieldvisit.models import Blob
from fieldvisit.views import blobs as views

CHUNK, CHUNKS, ENVELOPE = 4096, 5, 4 + 8 + 65 + 12 + 16
DAMAGES = ("bit", "short", "other")
PICTURE = {"width": 400, "height": 300, "jpeg": b"derivative"}


class Killed(BaseException):
    """The process ends here: nobody catches it, nothing is tidied up."""


def kill(*_, **__):
    raise Killed


# Where a process can die, in the order of the lines: (object, attribute, does it die at this call?).
PLACES = {
    "before the offset is noted": (QuerySet, "update", lambda self, **said: set(said) == {"offset"}),
    "before the whole is checked": (blobs, "_finish", lambda *_: True),
    "before the content is kept": (store, "put", lambda *_: True),
    "before it counts as whole": (QuerySet, "update", lambda self, **said: "complete_at" in said),
    "before the piece is removed": (Path, "unlink", lambda self, **_: self.parent.name == "incoming"),
    "before anybody is told": (blobs, "_tell", lambda *_: True),
    "before the photo is settled": (contents, "settle", lambda *_: True),
    "before the record has its line": (record, "append", lambda **_: True),
}


@contextmanager
def dies(place):
    holder, name, here = PLACES[place]
    real = getattr(holder, name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holder, name, lambda *a, **k: kill() if here(*a, **k) else real(*a, **k))
        yield


@contextmanager
def line_ends(after, *, killed):
    """The body ends after so many bytes: a cut line, or a process that dies while it reads."""

    def reader(request, _chunked):
        left = [after]

        def read(most):
            if not left[0]:
                return kill() if killed else b""
            piece = request.read(min(most, left[0], 1000))
            left[0] -= len(piece)
            return piece

        return read

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "_reader", reader)
        yield


class Tab:
    """A client that only knows the protocol: asks how far it is, sends the next piece, asks again when in doubt."""

    def __init__(self, client, phone, saved):
        self.client, self.phone, self.saved, self.blob, self.at = client, phone, saved, saved.blobs[0], None

    def ask(self):
        answer = self.client.head(f"/sync/blobs/{self.blob.sent_sha256}", headers=self.phone.tus())
        if answer.status_code == 404:
            answer = self.phone.create(self.client, self.blob, self.saved)
        self.at = int(answer["Upload-Offset"]) if answer.status_code in (200, 201) else None

    def step(self, *, at=None, data=None, **headers):
        """One request; → True when the server has said that all is here."""
        if self.at is None:
            self.ask()
            return self.at == len(self.blob.sent)
        at = self.at if at is None else at
        data = self.blob.sent[at : (at // CHUNK + 1) * CHUNK] if data is None else data
        try:
            answer = self.phone.patch(self.client, self.blob, at, data, **headers)
        except Killed:
            self.at = None
            return False
        self.at = int(answer["Upload-Offset"]) if answer.status_code == 204 else None
        return self.at == len(self.blob.sent)

    def finish(self):
        for _ in range(40):
            if self.step():
                return
        raise AssertionError("it never came to an end")


# --- what may happen: each is a function of (tab, rng, …) that leaves the upload somewhere


def to(tab, place):
    """Bring the upload, by good pieces, as far as the chunk that holds byte `place`."""
    tab.ask()
    while tab.at is None or (tab.at + CHUNK <= place and tab.at + CHUNK < len(tab.blob.sent)):
        if tab.step():
            return


def cut(tab, place, killed):
    to(tab, place)
    with line_ends(max(0, place - tab.at), killed=killed):
        tab.step(data=tab.blob.sent[tab.at : max(place, tab.at) + 100])


def die(tab, place, wheres):
    """One death while the piece is taken, and one more at each of the next questions."""
    to(tab, place)
    with dies(wheres[0]):
        tab.step()
    for where in wheres[1:]:
        with dies(where), suppress(Killed):
            tab.ask()


def wrong_offset(tab, place, by):
    to(tab, place)
    held = tab.at
    tab.step(at=max(0, held + by), data=b"x" * 50) if by else tab.step(at=10**14, data=b"x")
    tab.ask()
    assert tab.at == held, "a wrong offset moved something"


def wrong_checksum(tab, place, damage):
    to(tab, place)
    held, good = tab.at, tab.blob.sent[tab.at : tab.at + CHUNK]
    if not good:
        return  # whole already
    said = {"Upload-Checksum": "sha256 " + base64.b64encode(hashlib.sha256(good).digest()).decode()}
    tab.step(
        data={"bit": bytes([good[0] ^ 1]) + good[1:], "short": good[:-1], "other": b"y" * len(good)}[damage], **said
    )
    tab.ask()
    assert tab.at == held, "a damaged piece moved something"


def swapped(tab, place, other):
    """A piece of the same file from elsewhere, without a checksum: only the whole can show it."""
    to(tab, place)
    tab.step(data=tab.blob.sent[other : other + CHUNK][: len(tab.blob.sent) - tab.at])


def drawer(tab, place, days):
    """The phone lies in a drawer, and the sweep goes by."""
    to(tab, place)
    if tab.at == len(tab.blob.sent):
        return
    then = timezone.now() - timedelta(days=days)
    upload = Blob.objects.get(device=tab.phone.id, sent_sha256=tab.blob.sent_sha256)
    Blob.objects.filter(pk=upload.pk).update(created_at=then)
    path = blobs._path(upload)
    if path.exists():
        os.utime(path, (then.timestamp(),) * 2)
    held = tab.at
    blobs.sweep(now=timezone.now())
    tab.ask()
    assert tab.at == (held if days < 60 else 0)


def two_tabs(tab, rng):
    """Another tab of this phone at the same upload; they take turns, each with its own belief of the offset."""
    other = Tab(tab.client, tab.phone, tab.saved)
    while not rng.choice([tab, other]).step():
        pass


def two_phones(tab, place, other):
    """Somebody else's phone sends the very same bytes, as far as `place`."""
    carried = Tab(tab.client, other, tab.saved)
    to(carried, place)
    if place % 2:
        carried.finish()
    to(tab, CHUNK)
