"""P1: every picture that may come has one clear outcome, its original stays, and no server process dies of it."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.utils import timezone
from PIL import Image

from fieldvisit import photos, store
from fieldvisit.models import Photo, User, Visit
from fieldvisit.problems import PROBLEMS
from tests.fieldvisit.test_sync_live import Caller, patch
from tests.live import family
from tests.phone import Phone

from .checks import server_database
from .pictures import SECRET, corpus, small

RED_AT = {"↖": (1, 1), "↗": (7, 1), "↘": (7, 7), "↙": (1, 7)}  # in eighths of width and height


def test_every_picture_has_its_outcome_on_the_real_server(shared_live, settings, tally, django_db_blocker):
    row, cases = tally("P1", "photos: corpus and fuzz"), corpus()
    settings.FIELDVISIT_DATA = Path(shared_live.environment["FIELDVISIT_DATA"])  # its keys and its files
    processes = set(family(shared_live.process.pid))
    caller = Caller(shared_live)
    with server_database(shared_live, django_db_blocker):
        phone = Phone(User.objects.get(username="zhoumin"), register=False)
        phone.id, phone.key = caller.id, caller.key
        sent = {case.name: told(caller, phone, case.data) for case in cases}
        with ThreadPoolExecutor(3) as pool:  # more at once than the server opens at once
            answers = dict(zip(sent, pool.map(lambda saved: upload(caller, saved), sent.values()), strict=True))
        bad = []
        for case in cases:
            wrong = [answers[case.name], *outcome(case, Photo.objects.get(event_id=sent[case.name].id))]
            bad += [f"{case.name}: {each}" for each in filter(None, wrong)]
            row.run(lost=any(wrong))
    row.notes = f"{len(cases)} files"
    assert not bad
    assert processes <= set(family(shared_live.process.pid)), "a process of the server died"
    assert caller.call("GET", "/sync/hello")[0] == 200


def told(caller, phone, data):
    """One photo event at the collector's first door, delivered; its bytes still to come."""
    visit = Visit.objects.filter(collector=phone.user).order_by("pk").first()
    saved = phone.photo(visit, data, at=timezone.now())
    status, _, said = caller.call("POST", "/sync/events", phone.request([saved]))
    assert status == 200 and said["verdicts"][0]["status"] == "applied", said
    return saved


def upload(caller, saved):
    """Nothing, or what went wrong."""
    (blob,) = saved.blobs
    pairs = {"sent_sha256": blob.sent_sha256, "sha256": blob.sha256, "event": str(saved.id)}
    metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items())
    begin = {"Tus_Resumable": "1.0.0", "Upload_Length": str(len(blob.sent)), "Upload_Metadata": metadata}
    status, said, _ = caller.call("POST", "/sync/blobs/", **begin)
    if status != 201:
        return f"creation answered {status}"
    status, _, _ = patch(caller, said["Location"], 0, blob.sent)
    return "" if status == 204 else f"the bytes were answered {status}"


def outcome(case, photo):
    """What is wrong with this photo's row and files."""
    if store.path(photo.original.name).read_bytes() != case.data:
        yield "the original is not what was sent"
    if photo.unreadable:
        if photo.unreadable not in case.expected:
            yield f"{photo.unreadable}, expected {case.expected}"
        if photo.derivative or photo.unreadable not in PROBLEMS:
            yield "a derivative, or no sentence"
        return
    size = (photo.width, photo.height)
    expected = [each for each in ([case.expected] if isinstance(case.expected, tuple) else case.expected)
                if isinstance(each, tuple) and each[:2] == size]  # fmt: skip
    if not expected:
        yield f"a picture of {size}, expected {case.expected}"
    jpeg = store.path(photo.derivative.name).read_bytes()
    yield from unclean(jpeg)
    if expected and expected[0][2] in RED_AT and red_at(jpeg) != expected[0][2]:
        yield f"red {red_at(jpeg)}, expected {expected[0][2]}"


def unclean(jpeg):
    """A derivative is a JPEG of at most 1,600 px with a JFIF header and nothing else."""
    image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    image.load()
    if max(image.size) > 1600 or image.mode != "RGB":
        yield f"{image.mode} of {image.size}"
    if SECRET in jpeg or [kind for kind, _ in image.applist] != ["APP0"] or "comment" in image.info:
        yield "metadata came along"


def red_at(jpeg):
    image = Image.open(io.BytesIO(jpeg))
    found = []
    for place, (x, y) in RED_AT.items():
        r, _, b = image.getpixel((image.width * x // 8, image.height * y // 8))
        found += [place] if r > 140 and b < 110 else []
    return "".join(found)


MUTANTS, ALL_MUTANTS = 200, 20_000


def test_no_mutant_gets_past_the_child(tally, rng, soak):
    row = tally("P1", "photos: corpus and fuzz")
    parents = small()
    mutants = [mutant(rng, parents) for _ in range(ALL_MUTANTS if soak else MUTANTS)]
    bad, shown = [], 0
    with ThreadPoolExecutor(2) as pool:
        for number, said in enumerate(pool.map(photos.look, mutants)):
            wrong = list(unclean(said["jpeg"])) if "jpeg" in said else [] if said["code"] in PROBLEMS else [str(said)]
            shown += "jpeg" in said
            row.run(lost=bool(wrong))
            bad += [f"mutant {number}: {each}" for each in wrong]
    row.notes = f"{len(mutants)} mutants, {shown} still pictures"
    assert not bad


def mutant(rng, parents):
    """One to eight changes, of the kinds that find what a decoder believes of its file."""
    data = bytearray(rng.choice(parents))
    for _ in range(rng.choice([1, 1, 2, 4, 8])):
        at, size = rng.randrange(len(data)), rng.choice([1, 2, 4, 16, 64])
        match rng.randrange(8):
            case 0:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                data[at : at + size] = rng.randbytes(size)
            case 2:
                data[at : at + size] = rng.choice([b"\xff", b"\0", b"\x7f", b"\x80"]) * size
            case 3:
                del data[at : at + size]
            case 4:
                data[at:at] = data[at : at + size] * rng.choice([1, 2, 50])
            case 5:
                data[at:at] = rng.randbytes(size)
            case 6:
                del data[max(at, 16) :]
            case 7:
                other = rng.choice(parents)
                data[at:] = other[min(at, len(other)) :]
        data = data or bytearray(b"\xff")
    return bytes(data)
