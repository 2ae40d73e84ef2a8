"""Checkpoints: one signed, timestamped root over the chains of all cases, kept in a second place as well.

The tree is a log: each checkpoint adds one leaf for every case whose chain has moved since the one before, so an
earlier tree is always the beginning of a later one. leaf = SHA-256(0x00 ‖ JCS({case, hash, seq})): it names its case,
so two whole chains cannot be swapped, and the entry that the chain had come to, so no tail can be cut.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from fieldvisit import keys, record, store, wire
from fieldvisit.alarms import Line
from fieldvisit.models import Case, Entry, User

from . import pades, sealkeys, timestamps
from .models import Checkpoint, CheckpointLeaf, CheckpointTime
from .rules import merkle

# Product defaults: how often by itself, and when somebody is told that an authority's time is still missing.
EVERY = timedelta(hours=1)
LATE = timedelta(hours=24)
_ONE_AT_A_TIME = UUID(int=0xC4EC)
_AT_ONCE = 2000


def make(*, now: datetime, by: User | None = None) -> Checkpoint | None:
    """A checkpoint over all that stands now, with an authority's time where one answers; the last one where nothing
    has moved; None where there is no record at all."""
    made, new = _make(now, by)
    if new:
        stamp(made, now=now)
        export(made)
    return made


def due(*, now: datetime) -> Checkpoint | None:
    """What runs every few minutes: catch up with the times that are missing, and make one an hour after the last."""
    for waiting in Checkpoint.objects.filter(time=None).order_by("size")[:20]:
        if not stamp(waiting, now=now):
            break
        export(waiting)
    last = Checkpoint.objects.order_by("-size").first()
    return make(now=now) if last is None or last.made_at <= now - EVERY else None


@transaction.atomic
def _make(now, by) -> tuple[Checkpoint | None, bool]:
    record.lock([_ONE_AT_A_TIME])
    last = Checkpoint.objects.order_by("-size").first()
    heads = list(_moved().values_list("case_id", "seq", "hash"))
    if not heads:
        return last, False
    before = last.size if last else 0
    peaks, size = merkle.grown([bytes.fromhex(peak) for peak in last.peaks] if last else [], before,
                               (leaf_of(*head) for head in heads))  # fmt: skip
    key_id = keys.signing_key_id()
    body = wire.canonical({
        "schema": "checkpoint/1", "size": size, "root": merkle.root(peaks).hex(), "at": now.isoformat(),
        "before": {"size": before, "root": last.root if last else merkle.EMPTY.hex()}, "key_id": key_id,
    })  # fmt: skip
    made = Checkpoint.objects.create(
        size=size, root=merkle.root(peaks).hex(), peaks=[peak.hex() for peak in peaks], body=body, key_id=key_id,
        sig=wire.b64url(wire.sign(keys.signing_key(), body)), made_at=now, by=by,
    )  # fmt: skip
    CheckpointLeaf.objects.bulk_create(
        (CheckpointLeaf(place=place, checkpoint=made, case_id=case, seq=seq, hash=digest)
         for place, (case, seq, digest) in enumerate(heads, start=before)), batch_size=_AT_ONCE)  # fmt: skip
    return made, True


def _moved():
    """The last entry of each chain that has no leaf yet."""
    later = Entry.objects.filter(case=OuterRef("case"), seq__gt=OuterRef("seq"))
    known = CheckpointLeaf.objects.filter(case=OuterRef("case"), seq=OuterRef("seq"))
    return Entry.objects.filter(~Exists(later), ~Exists(known)).order_by("case_id")


def leaf_of(case_id, seq: int, digest: str) -> bytes:
    return merkle.leaf(wire.canonical({"case": str(case_id), "seq": seq, "hash": digest}))


def stamp(made: Checkpoint, *, now: datetime) -> bool:
    """Ask for an authority's time over the body; False where none answers."""
    token = timestamps.first(hashed(bytes(made.body)))
    if token is None:
        return False
    CheckpointTime.objects.get_or_create(
        checkpoint=made, defaults={"at": token.at, "authority": token.authority, "good_until": token.good_until,
                                   "token": token.der, "made_at": now})  # fmt: skip
    return True


def told(made: Checkpoint) -> dict:
    """checkpoint-file/1: what a stranger needs to check it."""
    time = getattr(made, "time", None)
    return {
        "schema": "checkpoint-file/1", "body": wire.parse(bytes(made.body)), "sig": made.sig,
        "public_key": wire.b64url(keys.signing_public(made.key_id)[1]),
        "time": {"token": wire.b64url(bytes(time.token)), "authority": time.authority} if time else None,
    }  # fmt: skip


def export(made: Checkpoint) -> None:
    """Into CHECKPOINT_FOLDER, which another machine fetches or mounts. With the time it is a file of its own, so a
    place that takes each name only once keeps both."""
    said = told(made)
    name = f"checkpoint-{made.size:012}{'-timed' if said['time'] else ''}.json"
    folder = Path(settings.CHECKPOINT_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    store.put(str(folder / name), wire.canonical(said))


def covering(case: Case) -> CheckpointLeaf | None:
    """The newest leaf of a case."""
    return CheckpointLeaf.objects.filter(case=case).order_by("-seq").select_related("checkpoint__time").first()


def proof(leaf: CheckpointLeaf, under: Checkpoint) -> dict:
    """inclusion/1: that this leaf stands in the tree of `under`. Reads all its leaves."""
    hashes = [leaf_of(*row) for row in _leaves(under.size)]
    return {"schema": "inclusion/1", "case": str(leaf.case_id), "seq": leaf.seq, "hash": leaf.hash, "place": leaf.place,
            "size": under.size, "path": [step.hex() for step in merkle.inclusion(hashes, leaf.place)]}  # fmt: skip


def _leaves(size: int) -> Iterator[tuple]:
    found = CheckpointLeaf.objects.filter(place__lt=size).order_by("place")
    return found.values_list("case_id", "seq", "hash").iterator(chunk_size=_AT_ONCE)


def verify(files: Iterable[Path] = ()) -> list[str]:
    """Everything that does not stand: signatures, times, roots, and each leaf against the record. `files` are the
    checkpoints as they were kept elsewhere: what they say counts, whatever stands in the database."""
    faults = []
    made = list(Checkpoint.objects.order_by("size").select_related("time"))
    outside = []
    for file in files:
        try:
            outside.append((file.name, json.loads(file.read_bytes())))
        except (OSError, ValueError):
            faults.append(f"{file.name}: cannot be read")
    for row in made:
        faults += [f"checkpoint {row.size}: {why}" for why in wrong(told(row))]
        if wire.parse(bytes(row.body))["root"] != row.root:
            faults.append(f"checkpoint {row.size}: its row was altered")
    for name, said in outside:
        faults += [f"{name}: {why}" for why in wrong(said)]
    expected = [(row.size, row.root, f"checkpoint {row.size}") for row in made]
    expected += [(said["body"]["size"], said["body"]["root"], name) for name, said in outside if not wrong(said)]
    faults += _roots(sorted(expected))
    return faults + _heads()


def _roots(expected: list) -> Iterator[str]:
    """Each (size, root, name) against the leaves in the database, in one walk."""
    peaks, size, leaves = [], 0, _leaves(max((size for size, *_ in expected), default=0))
    for wanted, root, name in expected:
        while size < wanted:
            row = next(leaves, None)
            if row is None:
                yield f"{name}: leaves are missing"
                return
            peaks, size = merkle.grown(peaks, size, [leaf_of(*row)])
        if merkle.root(peaks).hex() != root:
            yield f"{name}: the tree was altered"


def _heads() -> list[str]:
    """Leaves whose entry is not there, or another."""
    same = Entry.objects.filter(case=OuterRef("case"), seq=OuterRef("seq"), hash=OuterRef("hash"))
    found = CheckpointLeaf.objects.filter(~Exists(same)).order_by("place")
    return [f"{case}: entry {seq} is missing or another: the chain was cut, swapped or written anew"
            for case, seq in found.values_list("case_id", "seq")]  # fmt: skip


def wrong(said: dict) -> list[str]:
    """What does not hold in a checkpoint-file/1 by itself; it must be signed by a key of ours."""
    try:
        body, key = wire.canonical(said["body"]), keys.signing_public(said["body"]["key_id"])[1]
        if not wire.signed_by(key, body, wire.unb64url(said["sig"])) or said["body"]["schema"] != "checkpoint/1":
            return ["the signature is not ours"]
        token = said["time"] and wire.unb64url(said["time"]["token"])
        if token and not pades.attested(token, hashed(body), roots=sealkeys.timestamp_roots()):
            return ["the authority's time does not hold"]
    except KeyError:
        return ["the signature is not ours"]
    except (TypeError, AttributeError, wire.Broken):
        return ["this is no checkpoint"]
    return []


def hashed(body: bytes) -> bytes:
    return bytes.fromhex(wire.sha256(body))


PENDING = _("Checkpoints without an authority's time for 24 h: {n}")


def alarms(user: User, now: datetime) -> list[Line]:
    return [Line(PENDING, Checkpoint.objects.filter(time=None, made_at__lte=now - LATE).count(), "checkpoints")]


def uncovered() -> int:
    """Chains that have moved since the last checkpoint."""
    return _moved().count()
