"""The envelope key rotates: phones take the new one with their next hello, and what an old one sealed still opens."""

import io
import stat
from pathlib import Path

import pytest
from django.core.management import call_command

from fieldvisit import blobs, keys, wire
from fieldvisit.models import Blob, Event
from tests.cast import NOW
from tests.phone import Phone


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path


def test_a_phone_with_the_old_key_still_delivers_and_the_new_one_is_told(visit, ana, client, capsys):
    phone = Phone(ana)
    before, _public = keys.envelope_public()
    first = phone.note(visit)
    taken = phone.photo(visit, b"sealed before")
    call_command("rotate_envelope_key")
    call_command("rotate_envelope_key")
    after, public = keys.envelope_public()
    said = client.get("/sync/hello").json()["envelope"]
    assert said == {"key_id": after, "public_key": wire.b64url(public)} and after != before
    assert after in capsys.readouterr().out
    second = phone.note(visit)
    assert wire.envelope_key_id(wire.unb64url(first.item["envelope"])) == before
    assert wire.envelope_key_id(wire.unb64url(second.item["envelope"])) == after
    assert {v["status"] for v in phone.deliver()} == {"applied"} and Event.objects.count() == 3
    sealed = taken.blobs[0]
    blob = blobs.begin(
        device=phone.device, sent_sha256=sealed.sent_sha256, sha256=sealed.sha256, event_id=taken.id,
        length=len(sealed.sent), now=NOW,
    )  # fmt: skip
    pieces = iter([sealed.sent])
    blobs.write(
        blob=blob, at=0, read=lambda _most: next(pieces, b""), announced=len(sealed.sent), checksum=None, now=NOW
    )
    assert Blob.objects.get().code == ""


def test_every_key_is_kept_and_only_its_owner_reads_it(tmp_path):
    before, private = keys.envelope_key()
    for _ in range(3):
        call_command("rotate_envelope_key", stdout=io.StringIO())
    files = sorted(Path(tmp_path, "keys", "envelope").glob("*.pem"))
    assert len(files) == 4 and {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert keys.envelope_private(before).private_numbers() == private.private_numbers()
    assert keys.envelope_key()[0] not in (before, "")


def test_an_envelope_for_a_key_that_was_never_ours_is_invalid(visit, ana, settings, tmp_path):
    phone = Phone(ana)
    settings.FIELDVISIT_DATA = tmp_path / "another server"
    phone.note(visit)
    settings.FIELDVISIT_DATA = tmp_path
    assert [(v["status"], v["code"]) for v in phone.deliver()] == [("invalid", "event.key")]
