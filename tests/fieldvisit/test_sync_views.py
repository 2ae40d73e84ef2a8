"""/sync/ as a phone meets it: JSON always, marked as ours, never cached, never a redirect."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from fieldvisit import enrolment, keys, people, wire
from fieldvisit.models import Device, Event, Note
from tests.cast import NOW, PASSWORD
from tests.phone import SAME_ORIGIN, Phone


def post(client, path, said, **headers):
    headers = SAME_ORIGIN | headers
    return client.post(path, json.dumps(said), content_type="application/json", headers=headers)


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def signed_in(client, sign_in, ana):
    return sign_in(ana)


CALLS = [
    ("get", "/sync/receipts"),
    ("get", "/sync/pack"),
    ("post", "/sync/events"),
    ("post", "/sync/devices"),
    ("post", "/sync/blobs/"),
    ("patch", f"/sync/blobs/{'0' * 64}"),
    ("head", f"/sync/blobs/{'0' * 64}"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_without_a_session_the_answer_is_401_json_never_a_redirect(db, client, method, path):
    response = getattr(client, method)(path, headers=SAME_ORIGIN)
    assert response.status_code == 401
    assert response["X-Fieldvisit-API"] == "1" and response["Cache-Control"] == "no-store"
    if method != "head":
        assert response.json()["code"] == "sign_in"


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_password_without_the_second_factor_opens_nothing(client, ana, method, path):
    client.force_login(ana)
    assert getattr(client, method)(path, headers=SAME_ORIGIN).status_code == 401


def test_every_sync_address_marks_its_answers(db, client):
    found = [str(each.pattern) for urls in get_resolver().url_patterns if hasattr(urls, "url_patterns")
             for each in urls.url_patterns if str(each.pattern).startswith("sync/")]  # fmt: skip
    assert len(found) >= 9
    for pattern in found:
        address = "/" + pattern.replace("<str:sent_sha256>", "0" * 64).replace("<uuid:agreement_id>", str(uuid4()))
        assert "<" not in address
        for method in ("get", "post", "put", "delete"):
            response = getattr(client, method)(address)
            if pattern == "sync/pack" and response.status_code == 405:
                continue
            assert response["X-Fieldvisit-API"] == "1", (method, pattern)
            assert response["Cache-Control"] == "no-store", (method, pattern)
            assert not 300 <= response.status_code < 400


def test_hello_tells_a_stranger_only_what_anybody_may_know(db, client):
    said = client.get("/sync/hello").json()
    assert set(said) == {
        "v", "api", "user", "csrf", "now", "build", "minimum_build", "envelope", "signing", "device", "flags", "demo"
    }  # fmt: skip
    assert said["user"] is None and said["device"] is None
    assert said["flags"] == {"sign_in": True, "pause": False, "lock": False, "wipe": False}
    key_id, raw = keys.envelope_public()
    assert said["envelope"] == {"key_id": key_id, "public_key": wire.b64url(raw)}
    assert wire.key_id(wire.unb64url(said["signing"]["public_key"])) == said["signing"]["key_id"]


def test_hello_knows_the_user_and_how_much_of_his_phone_has_come(signed_in, phone, visit):
    phone.note(visit)
    phone.note(visit)
    phone.deliver()
    said = signed_in.get("/sync/hello", headers={"X-Device": str(phone.id)}).json()
    assert said["user"] == {"username": "ana", "name": "Ana", "role": "collector", "language": "en"}
    assert said["device"] == {"id": str(phone.id), "highest_seq": 2}
    assert said["flags"]["sign_in"] is False


def test_hello_says_nothing_about_the_phone_of_another(signed_in, xu):
    other = Phone(xu)
    assert signed_in.get("/sync/hello", headers={"X-Device": str(other.id)}).json()["device"] is None
    assert signed_in.get("/sync/hello", headers={"X-Device": "nonsense"}).json()["device"] is None


def test_a_released_phone_is_told_to_wipe_and_what_it_signs_later_waits_for_a_person(signed_in, phone, visit):
    phone.note(visit)
    Device.objects.update(revoked_at=NOW)
    assert signed_in.get("/sync/hello", headers={"X-Device": str(phone.id)}).json()["flags"]["wipe"] is True
    (verdict,) = phone.post(signed_in).json()["verdicts"]
    assert (verdict["status"], verdict["code"]) == ("held", "after_release")


def test_signing_in_on_the_phone_takes_both_factors_and_signing_out_ends_it(client, ana):
    code = people.demo_code(ana)
    wrong = post(client, "/sync/session", {"username": "ana", "password": "wrong", "code": code})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in.refused")
    assert post(client, "/sync/session", {"username": "ana"}).status_code == 400
    right = post(client, "/sync/session", {"username": "ana", "password": PASSWORD, "code": code})
    assert right.status_code == 200 and right.json()["user"]["username"] == "ana"
    assert client.get("/sync/hello").json()["user"]["username"] == "ana"
    assert client.delete("/sync/session", headers=SAME_ORIGIN).status_code == 200
    assert client.get("/sync/hello").json()["user"] is None


def test_a_code_works_once(client, ana):
    said = {"username": "ana", "password": PASSWORD, "code": people.demo_code(ana)}
    assert post(client, "/sync/session", said).status_code == 200
    client.delete("/sync/session", headers=SAME_ORIGIN)
    assert post(client, "/sync/session", said).status_code == 401


def test_the_demo_gives_password_and_code_and_nothing_else_does(client, ana, settings):
    said = post(client, "/sync/demo-code", {"username": "ana"}).json()
    assert said["password"] == people.DEMO_PASSWORD and said["code"].isdigit()
    assert post(client, "/sync/demo-code", {"username": "nobody"}).status_code == 404
    settings.DEMO = False
    assert post(client, "/sync/demo-code", {"username": "ana"}).status_code == 404
    assert client.get("/sync/hello").json()["demo"] == []


def test_a_phone_registers_once_and_again_does_no_harm(signed_in, ana, chen):
    phone = Phone(ana, register=False)
    said = {"device_id": str(phone.id), "public_key": phone.public_key, "label": "Pixel 7"}
    code = enrolment.issue(user=ana, by=chen, now=timezone.now())[1]
    assert post(signed_in, "/sync/devices", said | {"code": code, "owner": "company"}).status_code == 200
    assert post(signed_in, "/sync/devices", said).status_code == 200
    assert Device.objects.exclude(label="unlocked").get().user == ana
    other = post(signed_in, "/sync/devices", said | {"public_key": Phone(ana, register=False).public_key})
    assert (other.status_code, other.json()["code"]) == (409, "device.other_key")
    for bad in ({"public_key": "AAAA"}, {"device_id": "x"}, {"label": 7}, {"label": "x" * 81}):
        assert post(signed_in, "/sync/devices", said | bad).status_code == 400


def test_nobody_takes_over_the_phone_of_another(client, sign_in, ana, xu):
    phone = Phone(ana)
    said = {"device_id": str(phone.id), "public_key": phone.public_key, "label": ""}
    assert post(sign_in(xu), "/sync/devices", said).status_code == 409
    assert Device.objects.exclude(label="unlocked").get().user == ana


def test_events_come_back_with_a_verdict_each_in_order(signed_in, phone, visit):
    phone.note(visit)
    phone.note(visit)
    response = phone.post(signed_in)
    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    said = response.json()
    assert said["v"] == 1 and said["repeats"] == []
    assert [v["event_id"] for v in said["verdicts"]] == [str(saved.id) for saved in phone.outbox]
    again = phone.post(signed_in)
    assert again.json()["repeats"] == [0, 1]
    assert again.content.split(b',"repeats"')[0] == response.content.split(b',"repeats"')[0]


def test_the_language_of_an_error_is_the_one_the_phone_shows(db, client):
    response = client.get("/sync/receipts", headers={"X-Language": "en"})
    assert response.json()["message"].startswith("You are not signed in.")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"7",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"v":1}',
        b'{"v":1,"events":{}}',
        b'{"v":2,"events":[]}',
    ],
)
def test_a_request_that_is_no_request_is_400_with_a_sentence(signed_in, phone, body):
    response = signed_in.post("/sync/events", body, content_type="application/json", headers=SAME_ORIGIN)
    assert response.status_code == 400 and response.json()["code"] == "request.json" and response.json()["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sync/session", b'{"username":"\\ud800","password":"x","code":"123456"}'),
        ("/sync/session", b'{"username":"ana","password":"x\\udfff","code":"123456"}'),
        ("/sync/devices", b'{"device_id":"01938f1a-5c00-7000-8000-000000000abc","public_key":"","label":"\\ud800"}'),
    ],
)
def test_half_a_character_is_a_bad_request_not_a_fault_of_ours(signed_in, path, body):
    response = signed_in.post(path, body, content_type="application/json", headers=SAME_ORIGIN)
    assert response.status_code == 400 and response.json()["code"] == "request.json"


def test_too_much_at_once_is_413_so_that_the_phone_halves_it(signed_in, phone, visit):
    for _ in range(51):
        phone.note(visit)
    assert phone.post(signed_in).status_code == 413
    assert phone.post(signed_in, phone.outbox[:50]).status_code == 200
    said = phone.request([]) | {"padding": "x" * 400_000}
    assert post(signed_in, "/sync/events", said).status_code == 413


def test_the_largest_event_a_phone_may_make_gets_through_alone(signed_in, phone, visit):
    saved = phone.append("agreement.proposed/1", {"agreement": {"text": "字" * 67_500}}, visit=visit)
    assert 198 * 1024 < len(saved.bytes) < 200 * 1024
    assert phone.post(signed_in).status_code == 200


def test_an_unregistered_phone_is_told_so(signed_in, ana, visit):
    phone = Phone(ana, register=False)
    phone.note(visit)
    response = phone.post(signed_in)
    assert (response.status_code, response.json()["code"]) == (403, "device.unknown")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Fieldvisit": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_request_from_elsewhere_changes_nothing(signed_in, phone, visit, headers):
    phone.note(visit)
    response = post(signed_in, "/sync/events", phone.request(), **headers)
    assert (response.status_code, response.json()["code"]) == (403, "request.origin")
    assert not Event.objects.exists()


def test_the_csrf_token_is_asked_for_and_hello_gives_a_fresh_one(ana, visit, sign_in):
    client = sign_in(ana, Client(enforce_csrf_checks=True))
    phone = Phone(ana)
    phone.note(visit)
    refused = phone.post(client, secure=True)
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert refused["X-Fieldvisit-API"] == "1"
    token = client.get("/sync/hello", secure=True).json()["csrf"]
    headers = {"X-CSRFToken": token, "Origin": "https://testserver"}
    response = client.post("/sync/events", json.dumps(phone.request()), content_type="application/json", secure=True,
                           headers=SAME_ORIGIN | headers)  # fmt: skip
    assert response.status_code == 200 and Note.objects.count() == 1


def test_receipts_are_given_by_the_phones_own_counter(signed_in, phone, visit, xu, sign_in):
    for _ in range(3):
        phone.note(visit)
    phone.deliver()
    mine = {"X-Device": str(phone.id)}
    said = signed_in.get("/sync/receipts?since=0", headers=mine).json()
    assert [r["counter"] for r in said["receipts"]] == [1, 2, 3] and said["next"] == 3
    verdict = said["receipts"][0]
    del verdict["counter"]
    sig = verdict.pop("sig")
    assert keys.verify(wire.canonical(verdict), sig, verdict["key_id"])
    said = signed_in.get("/sync/receipts?since=2", headers=mine).json()
    assert [r["counter"] for r in said["receipts"]] == [3]
    assert signed_in.get("/sync/receipts?since=3", headers=mine).json()["receipts"] == []
    assert signed_in.get("/sync/receipts?since=x", headers=mine).status_code == 404
    assert sign_in(xu, Client()).get("/sync/receipts?since=0", headers=mine).status_code == 404


def test_an_expired_session_keeps_the_items_and_their_author(client, sign_in, phone, visit, ana):
    phone.note(visit)
    assert phone.post(client).status_code == 401
    assert phone.post(sign_in(ana)).json()["verdicts"][0]["status"] == "applied"


def test_a_disabled_user_hands_in_nothing(signed_in, phone, visit, ana):
    ana.is_active = False
    ana.save()
    phone.note(visit)
    assert phone.post(signed_in).status_code == 401


def test_a_fault_of_ours_is_a_500_in_json_without_the_data_in_the_log(signed_in, phone, visit, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise RuntimeError(visit.case.parties.get().name)

    monkeypatch.setattr("fieldvisit.intake.ingest_batch", broken)
    phone.note(visit)
    response = phone.post(signed_in)
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert "RuntimeError" in caplog.text and "朵拉" not in caplog.text


def test_the_build_of_a_phone_and_its_last_sign_of_life_are_noted(signed_in, phone, visit):
    phone.note(visit)
    phone.post(signed_in)
    device = Device.objects.exclude(label="unlocked").get()
    assert device.build == "test" and device.last_seen_at > NOW - timedelta(days=1)
