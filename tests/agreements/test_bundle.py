"""The evidence bundle: taken away by one tap, checked with no server; no byte of it can be altered unseen."""

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from agreements import bundle, check, checkpoints, sealing
from agreements.models import Agreement
from agreements.rules import zipped
from fieldvisit import keys, photos, record, wire
from fieldvisit.models import Entry, Photo
from tests.agreements import seals
from tests.agreements.conftest import signature


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(made, "JPEG")
    return made.getvalue()


ROOT = Path(__file__).parents[2]
PICTURE = picture()


@pytest.fixture
def sealed(visit, phone, agreed, tell, deliver, settings, tmp_path):
    """Dora's sealed agreement, with a photo taken on the same visit."""
    settings.CHECKPOINT_FOLDER = tmp_path / "elsewhere"
    phone.photo(visit, PICTURE)
    doc = agreed()
    tell(doc, signed=[signature(doc)])
    deliver()
    photos.take(Photo.objects.get(), PICTURE)
    sealing.seal_due(now=phone.now)
    return Agreement.objects.get(state="sealed")


@pytest.fixture
def file(sealed, olga, now, tmp_path):
    made = bundle.make(case=sealed.case, agreement=sealed, by=olga, now=now)
    path = tmp_path / made.name
    path.write_bytes(b"".join(made.content))
    assert path.stat().st_size == made.length
    return path


def again(path: Path, change) -> Path:
    """The same bundle with other contents, packed and signed as whoever holds the server's key could: change(files)."""
    files = dict(zipped.read(io.BytesIO(path.read_bytes())))
    change(files)
    manifest = json.loads(files.pop("manifest.json"))
    files.pop("manifest.sig.json")
    manifest["files"] = [{"name": n, "size": len(c), "sha256": wire.sha256(c)} for n, c in files.items()]
    raw = wire.canonical(manifest)
    public, sig = wire.b64url(keys.signing_public()[1]), wire.b64url(wire.sign(keys.signing_key(), raw))
    files = {"manifest.json": raw, "manifest.sig.json": wire.canonical({"public_key": public, "sig": sig})} | files
    other = path.with_name("again.zip")
    other.write_bytes(b"".join(zipped.write([zipped.member(n, c) for n, c in files.items()])))
    return other


def test_everything_is_in_it_and_genuine_by_a_program_without_django(file, sealed):
    with zipfile.ZipFile(file) as found:
        names = [name.replace(str(sealed.pk), "A").replace(str(sealed.visit_id), "V") for name in found.namelist()]
        summary = found.read("summary.html").decode()
    words = wire.parse(bytes(sealed.body))["clauses"]
    assert names == [
        "manifest.json", "manifest.sig.json", "record.json", "visits/V/events.json", "visits/V/positions.json",
        f"photos/{wire.sha256(PICTURE)}.jpg", f"photos/{wire.sha256(PICTURE)}-shown.jpg",
        f"clauses/cn-repayment-{words['version']}.json", "clauses/cn-rights-1.json",
        "agreements/A/terms.json", "agreements/A/strokes.json",
        "agreements/A/evidence.json", "agreements/A/paper.pdf", "agreements/A/evidence.token",
        "rules/cn-2026-11-24.json", "checkpoint/checkpoint.json", "checkpoint/inclusion.json",
        "trust/seal-roots.pem", "trust/timestamp-roots.pem", "summary.html",
    ]  # fmt: skip
    assert "证据" in summary and "How to check it" in summary and "朵拉" in summary
    alone = "import runpy, sys; sys.modules['django'] = None; runpy.run_module('agreements.check', run_name='__main__')"
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "DATABASE"))}
    done = subprocess.run([sys.executable, "-c", alone, str(file)], cwd=ROOT, env=environment, capture_output=True,
                          text=True)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("GENUINE") and sealed.number in done.stdout and "1 photos" in done.stdout


def test_any_byte_altered_is_refused(file):
    """A sample of places in each file and between them: SAMPLE of each, 20 unless told."""
    raw, sample, seed = file.read_bytes(), int(os.environ.get("SAMPLE", "20")), os.environ.get("SEED", "7")
    rng, places, at = random.Random(seed), [], 0
    for name, content in zipped.read(io.BytesIO(raw)):
        start = raw.index(name.encode(), at)
        at = start + len(name.encode()) + len(content)
        places += [rng.randrange(start - 30, at) for _ in range(sample)]
    places += [rng.randrange(at, len(raw)) for _ in range(sample)]
    other = file.with_name("altered.zip")
    for place in places:
        other.write_bytes(raw[:place] + bytes([raw[place] ^ (1 << rng.randrange(8))]) + raw[place + 1 :])
        with pytest.raises(check.Wrong):
            check.check(other)


def _json(name, change):
    def alter(files):
        (found,) = [each for each in files if name in each]
        said = json.loads(files[found])
        change(said)
        files[found] = wire.canonical(said)

    return alter


def _paper(files):
    (found,) = [each for each in files if each.endswith("paper.pdf")]
    files[found] += b"\n"


def _photo(files):
    found = next(each for each in files if each.startswith("photos/"))
    files[found] = b"\xff\xd8\xff another"


FORGED = {
    "an entry": _json("record.json", lambda r: r["entries"][3].update(action="visit.ended/1")),
    "what an entry says": _json("record.json", lambda r: r["entries"][0].update(
        detail={"salt": "AA", "payload": {}, "actor": None})),
    "the last entry": _json("record.json", lambda r: r["entries"].pop()),
    "an event": _json("events.json", lambda r: r[0]["event"].update(captured_at="2026-11-24T09:00:00+08:00")),
    "a position": _json("positions.json", lambda r: r[0].update(lat_e7=1, lon_e7=2)),
    "a sum": _json("terms.json", lambda r: r["agreement"]["terms"]["balance"].update(principal_fen=1)),
    "the text": _json("terms.json", lambda r: r["agreement"]["rendered_text"][0].update(text="x")),
    "a drawing": _json("strokes.json", lambda r: r[0]["strokes"]["data"][0].pop()),
    "the offer": _json("evidence.json", lambda r: r["offer"]["body"].update(least_fen=1)),
    "a clause": _json("clauses/cn-repayment", lambda r: r.update(version=99)),
    "the place in the tree": _json("inclusion.json", lambda r: r.update(place=r["place"] + 1)),
    "the root": _json("checkpoint.json", lambda r: r["body"].update(root="0" * 64)),
    "the time": _json("checkpoint.json", lambda r: r["time"].update(token=r["time"]["token"][:-4] + "AAAA")),
    "the paper": _paper,
    "a photo": _photo,
}  # fmt: skip


def test_even_whoever_signs_a_new_manifest_cannot_alter(file):
    assert check.check(again(file, lambda files: None)), "packed again unchanged it is still genuine"
    passed = []
    for what, change in FORGED.items():
        try:
            check.check(again(file, change))
            passed.append(what)
        except check.Wrong:
            pass
    assert passed == []


def test_another_key_and_another_root_are_named(file, tmp_path):
    with pytest.raises(check.Wrong, match="another"):
        check.check(file, key="0" * 16)
    assert check.check(file, key=keys.signing_key_id())
    with pytest.raises(check.Wrong, match=r"paper\.pdf: the seal does not hold \(untrusted\)"):
        check.check(file, seal_roots=seals.folder("other") / "root.pem")


def test_the_export_is_a_line_of_the_record_that_it_holds_itself(sealed, olga, now, sign_in):
    answer = sign_in(olga).post(f"/office/cases/{sealed.case.ref}/bundle/")
    raw = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(raw)
    last = Entry.objects.filter(case=sealed.case).last()
    assert (last.action, last.detail.actor) == ("bundle.exported", olga)
    said = dict(zipped.read(io.BytesIO(raw)))
    covered, entries = (json.loads(said[name]) for name in ("checkpoint/inclusion.json", "record.json"))
    assert covered["seq"] == last.seq == len(entries["entries"])
    assert record.verify(sealed.case) == [] == checkpoints.verify()
