"""What a phone sends again is known by its envelope and not opened; whatever differs in the least is opened."""

import json
from uuid import uuid4

import pytest

from fieldvisit import handlers, intake, store, wire
from fieldvisit.models import Event, Quarantine, Receipt
from tests.cast import NOW
from tests.phone import Phone, envelope


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def opened(monkeypatch):
    """The ids of what was opened."""
    ids, real = [], wire.open_envelope
    monkeypatch.setattr(wire, "open_envelope", lambda sent, aad, **more: ids.append(aad) or real(sent, aad, **more))
    return ids


def deliver(phone, items, device=None):
    return intake.ingest_batch(items, actor=phone.user, device=device or phone.device, now=NOW)


def test_a_visit_sent_again_gets_its_receipts_byte_for_byte_and_nothing_is_opened(phone, visit, opened):
    phone.started(visit), phone.note(visit), phone.promise(visit, 50_000, "2026-01-01"), phone.ended(visit)
    first = deliver(phone, phone.items())
    assert len(opened) == 4 and first.repeats == []
    new = phone.note(visit)
    again = deliver(phone, [new.item, *phone.items()[:4][::-1]])
    assert again.verdicts[1:] == first.verdicts[::-1] and again.repeats == [1, 2, 3, 4]
    assert json.loads(again.verdicts[0])["status"] == "applied" and len(opened) == 5
    assert [bytes(row.body) for row in Receipt.objects.order_by("counter")] == [*first.verdicts, again.verdicts[0]]


def test_the_same_event_sealed_anew_is_opened_and_gets_the_same_receipt(phone, visit, opened):
    saved = phone.note(visit)
    first = deliver(phone, [saved.item])
    sent = envelope(wire.sign(phone.key, saved.bytes) + saved.bytes, str(saved.id), saved.event["type"])
    again = deliver(phone, [saved.item | {"envelope": wire.b64url(sent)}])
    assert again.verdicts == first.verdicts and again.repeats == [0] and len(opened) == 2


def test_an_envelope_that_says_it_is_another_is_opened_and_refused(phone, visit, opened):
    saved, other = phone.note(visit), phone.note(visit)
    deliver(phone, phone.items())
    odd = [{"event_id": str(other.id)}, {"type": "visit.location/1"}, {"event_id": str(saved.id).upper()}]
    odd += [{"event_id": str(uuid4())}, {"more": 1}]
    answer = deliver(phone, [saved.item | each for each in odd])
    assert {json.loads(body)["status"] for body in answer.verdicts} == {"invalid"} and answer.repeats == []


def test_the_envelope_of_another_phone_gets_no_receipt(phone, visit, ana):
    saved = phone.note(visit)
    deliver(phone, [saved.item])
    (body,) = deliver(phone, [saved.item], device=Phone(ana).device).verdicts
    assert json.loads(body)["code"] == "event.signature"


def test_other_bytes_under_the_same_id_go_apart_however_often_they_come(phone, visit):
    saved = phone.note(visit)
    other = phone.seal(saved.event | {"body": {"kind": "statement", "text": "后来改的"}})
    first = deliver(phone, [saved.item, other.item]).verdicts
    assert [json.loads(body)["status"] for body in first] == ["applied", "held"]
    assert deliver(phone, [other.item, saved.item]).verdicts == first[::-1]
    assert Event.objects.count() == Quarantine.objects.count() == 1 and Receipt.objects.count() == 2


def test_a_photo_that_nobody_looked_at_is_looked_at_when_its_event_comes_again(
    phone, visit, settings, tmp_path, monkeypatch
):
    """The process died between the commit and the picture."""
    settings.FIELDVISIT_DATA = tmp_path
    saved, seen = phone.photo(visit, b"a picture"), []
    monkeypatch.setattr(handlers, "ON_BLOB", [seen.append])
    first = deliver(phone, [saved.item])
    assert seen == []  # its bytes are not here
    store.put(store.name(wire.sha256(b"a picture")), b"a picture")
    assert deliver(phone, [saved.item]).verdicts == first.verdicts
    assert seen == [wire.sha256(b"a picture")]
