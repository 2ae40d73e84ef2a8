"""The locked file of a phone that cannot send: taken in exactly once, whoever brings it, however often."""

import base64
import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from PIL import Image

from fieldvisit import devices, outbox_file
from fieldvisit.models import Device, Event, Note, Photo, Receipt
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import Phone


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 60)).save(file, "JPEG")
    return file.getvalue()


def exported(phone) -> dict:
    return {
        "v": 1,
        "device_id": str(phone.id),
        "exported_at": "2026-11-24T10:14:00.000+08:00",
        "events": phone.items(),
        "blobs": [
            {"sent_sha256": blob.sent_sha256, "sha256": blob.sha256, "event_id": str(saved.id),
             "bytes": base64.b64encode(blob.sent).decode()}
            for saved in phone.outbox for blob in saved.blobs
        ],
    }  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def phone(ana, visit):
    phone = Phone(ana)
    phone.started(visit)
    phone.note(visit)
    phone.photo(visit, picture())
    phone.ended(visit)
    return phone


@pytest.fixture
def bring(tmp_path, capsys):
    def bring(said, *arguments):
        path = tmp_path / "outbox.json"
        path.write_text(said if isinstance(said, str) else json.dumps(said))
        call_command("import_outbox", str(path), *arguments)
        return capsys.readouterr().out

    return bring


def test_a_file_brings_a_whole_visit_exactly_once(phone, bring, visit):
    said = bring(exported(phone))
    assert said.count("applied") == 5 and "1 of 1 photos here" in said and "4 entries (4 applied; 0 were here" in said
    visit.refresh_from_db()
    assert visit.complete_at and Photo.objects.get().derivative
    assert "4 entries (4 applied; 4 were here already), 1 of 1 photos here" in bring(exported(phone))
    assert (Event.objects.count(), Note.objects.count(), Photo.objects.count(), Receipt.objects.count()) == (4, 1, 1, 4)
    assert all(str(saved.id) in said for saved in phone.outbox)


def test_the_phone_gets_the_same_receipts_afterwards(phone, bring):
    bring(exported(phone))
    first = [bytes(row.body) for row in Receipt.objects.order_by("counter")]
    assert [json.loads(body) for body in first] == phone.deliver()


def test_what_came_before_and_half_of_an_upload_are_no_trouble(phone, bring, sign_in, ana):
    client = sign_in(ana)
    phone.deliver(phone.outbox[:2])
    blob = phone.outbox[2].blobs[0]
    assert phone.create(client, blob, phone.outbox[2]).status_code == 201
    assert phone.patch(client, blob, 0, b"wrong" + blob.sent[5:300]).status_code == 204
    assert "(4 applied; 2 were here already), 1 of 1 photos here" in bring(exported(phone))


def test_somebody_may_bring_it_and_the_author_stays_the_author(phone, bring, mia):
    bring(exported(phone), "--by", "mia")
    row = Event.objects.first()
    assert (row.actor, row.device.user) == (mia, phone.user) and "carried" in row.marks


def test_what_a_released_phone_captured_before_is_taken_and_the_rest_waits(phone, bring, chen, visit):
    devices.order(device=Device.objects.get(), action="release", by=chen, now=NOW + timedelta(hours=1))
    phone.note(visit, at=NOW + timedelta(hours=2))
    assert "5 entries (4 applied, 1 held" in bring(exported(phone))


def test_two_hundred_entries_go_in_several_batches(phone, bring, visit):
    for _ in range(120):
        phone.note(visit)
    assert "124 entries (124 applied" in bring(exported(phone))


def test_bad_parts_are_named_and_the_rest_is_taken(phone, bring, tmp_path, capsys):
    said = exported(phone)
    said["events"][1]["envelope"] = said["events"][1]["envelope"][:-8] + "AAAAAAAA"
    said["blobs"].append(said["blobs"][0] | {"sent_sha256": "0" * 64})
    with pytest.raises(CommandError, match="Keep the file"):
        bring(said)
    printed = capsys.readouterr().out
    assert "invalid" in printed and "3 applied, 1 invalid" in printed and "1 of 2 photos here" in printed


@pytest.mark.parametrize(
    "said",
    ["", "[]", "{", '{"v": 2}', '{"v": 1, "device_id": 7, "events": []}', '{"v": 1, "device_id": "x", "events": [7]}'],
)
def test_what_is_no_outbox_is_refused_whole(said, bring, db):
    with pytest.raises(CommandError, match="no file of a phone's outbox"):
        bring(said)


def test_an_unknown_phone_user_or_file_is_said(phone, bring, ana):
    with pytest.raises(CommandError, match="not enrolled"):
        bring(exported(phone) | {"device_id": "00000000-0000-4000-8000-000000000000"})
    with pytest.raises(CommandError, match="no user nobody"):
        bring(exported(phone), "--by", "nobody")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_outbox", "/nowhere/outbox.json")
    with pytest.raises(Refused):
        outbox_file.take(b"\xff", by=None, now=NOW)
