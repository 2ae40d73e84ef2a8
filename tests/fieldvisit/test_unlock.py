"""The cookie alone reads nothing; the token is given once, after both factors, and revoked for good."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fieldvisit import devices, unlock
from fieldvisit.models import Device
from tests.phone import SAME_ORIGIN, Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def signed_in(sign_in, ana):
    client = sign_in(ana, Client())
    del client.defaults["HTTP_X_UNLOCK"]
    return client


def enrol(client, phone, **more):
    said = {"device_id": str(phone.id), "public_key": phone.public_key, "label": "", "unlock": True}
    return client.post("/sync/devices", json.dumps(said | more), content_type="application/json", headers=SAME_ORIGIN)


def reads(client, visit, token=None):
    headers = {"HX-Request": "true"} | ({"X-Unlock": token} if token else {})
    addresses = ("/sync/pack", "/m/today", "/m/cases", f"/m/cases/{visit.case.ref}", f"/m/visits/{visit.pk}/prepare")
    answers = [client.get(url, headers=headers) for url in addresses]
    assert all("朵拉" not in answer.content.decode() for answer in answers if answer.status_code != 200)
    return {(answer.status_code, answer.json()["code"] if answer.status_code == 401 else "") for answer in answers}


def test_the_cookie_alone_reads_nothing_and_carries_everything(signed_in, phone, visit):
    phone.note(visit, "…")
    assert reads(signed_in, visit) == {(401, "locked")}
    assert reads(signed_in, visit, "guessed") == {(401, "locked")}
    assert signed_in.get("/sync/hello").json()["user"]["username"] == "ana"
    assert phone.post(signed_in).json()["verdicts"][0]["status"] == "applied"


def test_the_token_opens_what_is_hers_and_is_stored_as_a_hash(signed_in, phone, visit):
    token = enrol(signed_in, phone).json()["unlock"]
    assert reads(signed_in, visit, token) == {(200, "")}
    device = Device.objects.get(pk=phone.id)
    assert token not in str(vars(device))
    again = enrol(signed_in, phone).json()["unlock"]
    assert reads(signed_in, visit, token) == {(401, "locked")}
    assert reads(signed_in, visit, again) == {(200, "")}


def test_another_persons_token_opens_nothing(signed_in, sign_in, xu, phone, visit):
    token = enrol(signed_in, phone).json()["unlock"]
    stranger = sign_in(xu, Client())
    assert stranger.get("/sync/pack", headers={"X-Unlock": token}).status_code == 401


def test_registering_again_gives_no_token_away(signed_in, phone):
    assert "unlock" not in enrol(signed_in, phone, unlock=False).json()


def test_without_a_fresh_sign_in_there_is_no_token(signed_in, phone, settings):
    session = signed_in.session
    session[unlock.SIGNED_IN_AT] -= settings.FRESH_SIGN_IN + 1
    session.save()
    answer = enrol(signed_in, phone)
    assert (answer.status_code, answer.json()["code"]) == (401, "unlock.fresh")


def test_ten_wrong_pins_revoke_it(signed_in, sign_in, xu, phone, visit):
    token = enrol(signed_in, phone).json()["unlock"]
    headers = SAME_ORIGIN | {"X-Device": str(phone.id)}
    assert sign_in(xu, Client()).delete("/sync/devices", headers=headers).status_code == 404
    assert reads(signed_in, visit, token) == {(200, "")}
    assert signed_in.delete("/sync/devices", headers=headers).status_code == 200
    assert reads(signed_in, visit, token) == {(401, "locked")}


@pytest.mark.parametrize("action", ["lock", "wipe", "release"])
def test_an_order_of_the_office_holds_at_once(signed_in, phone, visit, chen, action):
    token = enrol(signed_in, phone).json()["unlock"]
    now = timezone.now()
    devices.order(device=phone.device, action=action, by=chen, now=now)
    assert reads(signed_in, visit, token) == {(401, "locked")}
    assert enrol(signed_in, phone).status_code == 403
    if action == "lock":
        devices.order(device=phone.device, action="unlock", by=chen, now=now + timedelta(seconds=1))
        assert reads(signed_in, visit, token) == {(200, "")}


def test_signing_in_makes_the_session_fresh(ana, client, settings):
    from fieldvisit import people

    settings.DEMO = True
    from tests.cast import PASSWORD

    said = {"username": "ana", "password": PASSWORD, "code": people.demo_code(ana)}
    answer = client.post("/sync/session", json.dumps(said), content_type="application/json", headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert "unlock" in enrol(client, Phone(ana)).json()
