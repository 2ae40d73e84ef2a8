"""A7: an upload is killed, cut, muddled, forgotten and doubled at every place, and one whole photo comes of it.

Here against the views in this process, where a kill can be put between any two lines; test_blobs_live.py does it
to a real server. One photo in twenty is really opened: what the child does with pictures is P1's affair.
"""

import os
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command
from django.utils import timezone

from fieldvisit import blobs, photos, record, store
from fieldvisit.models import Blob, Entry, Photo
from tests.phone import Phone

from .pictures import file
from .uploads import (
    CHUNK,
    CHUNKS,
    DAMAGES,
    ENVELOPE,
    PICTURE,
    PLACES,
    Tab,
    cut,
    die,
    drawer,
    swapped,
    to,
    two_phones,
    two_tabs,
    wrong_checksum,
    wrong_offset,
)


def stories(rng, other, soak):
    """[(name, function)]: about 400; SOAK adds a thousand in which three things happen to one upload."""
    starts = [CHUNK * n for n in range(CHUNKS)]
    edges = sorted({place + d for place in [*starts, CHUNK * CHUNKS] for d in (-1, 0, 1)})[1:-1]
    tale = partial  # of a fault, waiting for its tab
    told = [(f"{'killed' if k else 'cut'} at {p}", tale(cut, place=p, killed=k)) for p in edges for k in (0, 1)]
    told += [(f"dies {w}, piece at {p}", tale(die, place=p, wheres=[w])) for p in starts for w in list(PLACES)[:1]]
    told += [(f"dies {w}, then {v}", tale(die, place=starts[-1], wheres=[w, v])) for w in PLACES for v in PLACES]
    told += [(f"offset {by:+} at {p}", tale(wrong_offset, place=p, by=by))
             for p in starts for by in (-CHUNK, -1, 1, CHUNK, 0) if p or by >= 0]  # fmt: skip
    told += [(f"{d} piece at {p}", tale(wrong_checksum, place=p, damage=d)) for p in starts for d in DAMAGES]
    told += [(f"piece {o} at {p}", tale(swapped, place=p, other=o)) for p in starts for o in starts]
    told += [(f"{d} days at {p}", tale(drawer, place=p, days=d)) for p in edges[:-1] for d in (30, 59, 61)]
    told += [(f"two phones at {p}", tale(two_phones, place=p, other=other)) for p in edges[:-1]]
    told += [(f"two tabs, {n}", tale(two_tabs, rng=rng)) for n in range(80)]
    for n in range(1000 if soak else 110):
        three = rng.sample(told, 3)
        told.append((f"{n}: " + "; ".join(name for name, _ in three), tale(one_after_another, tales=three)))
    return told


def one_after_another(tab, tales):
    for _, fault in tales:
        fault(tab)


def test_whatever_happens_to_an_upload_one_whole_photo_comes_of_it(
    sign_in, ana, bruno, visit, settings, tmp_path, rng, soak, tally, caplog
):
    settings.FIELDVISIT_DATA = tmp_path
    caplog.set_level("ERROR", "django.request")
    row, client, phone, other = tally("A7", "uploads: killed, cut, muddled"), sign_in(ana), Phone(ana), Phone(bruno)
    bad, really = [], photos.look
    with pytest.MonkeyPatch.context() as patch:
        for number, (name, fault) in enumerate(stories(rng, other, soak)):
            patch.setattr(photos, "look", (lambda _: PICTURE) if number % 20 else really)
            saved = phone.photo(visit, plain(rng))
            early = "photo" in name or rng.random() < 0.5
            early and phone.deliver([saved])
            tab = Tab(client, phone, saved)
            try:
                fault(tab)
                tab.finish()
            except AssertionError as why:
                bad.append(f"{name}: {why}")
            early or phone.deliver([saved])
            photos.take_due()  # as the chores do every ten minutes
            lost, doubled = after(saved)
            row.run(lost=lost, doubled=doubled)
            bad += [name] if lost or doubled else []
    assert not bad
    assert not record.verify(visit.case)


def plain(rng):
    """A picture whose envelope is exactly CHUNKS pieces long; what follows its end is nobody's business."""
    start = file((96, 64), comment=rng.randbytes(16))
    return start + rng.randbytes(CHUNK * CHUNKS - ENVELOPE - len(start))


def after(saved):
    """(lost, doubled) of one photo event whose upload was called whole."""
    (blob,) = saved.blobs
    found = list(Photo.objects.filter(event_id=saved.id))
    if len(found) != 1 or not found[0].taken_in_at or found[0].unreadable:
        return 1, len(found) > 1
    (photo,) = found
    kept = store.path(photo.original.name).read_bytes() == blob.plain and photo.derivative
    lines = Entry.objects.filter(object=f"photo:{photo.pk}").count()
    return not kept or not lines, lines > 1


def test_what_nobody_goes_on_with_is_swept_and_nothing_else(sign_in, ana, visit, settings, tmp_path, rng):
    settings.FIELDVISIT_DATA = tmp_path
    client, phone, now = sign_in(ana), Phone(ana), timezone.now()
    tabs = [Tab(client, phone, phone.photo(visit, plain(rng))) for _ in range(3)]
    for tab in tabs:
        to(tab, CHUNK)
    incoming = tmp_path / "incoming"
    (incoming / "tmpabc.upload").write_bytes(b"of a request that died")
    for path, days in zip(sorted(incoming.iterdir()), (61, 59, 0, 2), strict=True):
        then = (now - timedelta(days=days)).timestamp()
        os.utime(path, (then, then))
    Blob.objects.update(created_at=now - timedelta(days=90))
    gone = sorted(incoming.iterdir())[0].name
    with blobs._locked(incoming / gone):
        assert blobs.sweep(now=now) == 1  # the stray; the other is being written
    assert not (incoming / "tmpabc.upload").exists()
    call_command("sweep_uploads")
    assert len(list(incoming.iterdir())) == Blob.objects.count() == 2 and not (incoming / gone).exists()
    for tab in tabs:
        tab.finish()
        assert store.read(tab.blob.sha256) == tab.blob.plain
