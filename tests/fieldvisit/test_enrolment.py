"""A browser becomes a phone with a code of the office for one person, once; and whose phone it is, is written down."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldvisit import enrolment, unlock
from fieldvisit.models import Device, DeviceConsent, EnrolmentCode
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import SAME_ORIGIN, Phone

HOUR = timedelta(hours=1)


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def code(ana, chen):
    return enrolment.issue(user=ana, by=chen, now=NOW)[1]


def enrol(user, code, now=NOW, phone=None, **more):
    phone = phone or Phone(user, register=False)
    said = {"owner": "company", "keeps": "browser"} | more
    return enrolment.register(
        user=user, device_id=phone.id, public_key=phone.public_key, label="Pixel 7", code=code, now=now, **said
    )


def post(client, said, path="/sync/devices"):
    return client.post(path, json.dumps(said), content_type="application/json", headers=SAME_ORIGIN)


def refused(why, call, /, *arguments, **named):
    with pytest.raises(Refused) as raised:
        call(*arguments, **named)
    assert raised.value.code == why
    return raised.value


def test_a_code_makes_one_phone_and_says_who_issued_it_and_when_it_was_used(ana, chen, code):
    device = enrol(ana, code, NOW + HOUR)
    row = EnrolmentCode.objects.get()
    assert (row.issued_by, row.issued_at, row.used_at, row.device) == (chen, NOW, NOW + HOUR, device)
    assert (device.owner, device.keeps) == ("company", "browser")
    refused("enrol.none", enrol, ana, code)
    assert Device.objects.count() == 1


def test_the_code_is_nowhere_and_is_read_as_people_write_it(ana, code):
    row = EnrolmentCode.objects.get()
    plain = code.replace("-", "")
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", code) and not set("01ILO") & set(code)
    assert plain not in json.dumps({key: str(value) for key, value in vars(row).items()})
    assert enrol(ana, f" {plain[:3].lower()} {plain[3:].lower()} ").user == ana


def test_without_a_code_nobody_gets_a_phone(ana):
    refused("enrol.needed", enrol, ana, "")
    refused("enrol.none", enrol, ana, "ABCD-EFGH")
    assert not Device.objects.exists()


def test_another_persons_code_is_none(ana, bruno, code):
    refused("enrol.none", enrol, bruno, code)
    assert EnrolmentCode.objects.get().tries == 0  # his guesses close nobody else's code
    assert enrol(ana, code)


def test_five_wrong_tries_close_it_for_the_right_one_too(ana, code):
    for left in (4, 3, 2, 1):
        assert refused("enrol.wrong", enrol, ana, "ABCD-EFGH").params == {"left": left}
    refused("enrol.none", enrol, ana, "ABCD-EFGH")
    refused("enrol.none", enrol, ana, code)


def test_it_runs_out_after_a_day_and_can_be_revoked(ana, chen, xu, olga, code):
    refused("enrol.none", enrol, ana, code, NOW + 24 * HOUR)
    row = EnrolmentCode.objects.get()
    refused("forbidden", enrolment.revoke, code=row, by=olga, now=NOW)
    enrolment.revoke(code=row, by=chen, now=NOW)
    refused("enrol.none", enrol, ana, code)
    refused("enrol.closed", enrolment.revoke, code=row, by=chen, now=NOW)


def test_codes_are_for_collectors_of_ones_own_team(ana, xu, chen, olga, mia):
    refused("forbidden", enrolment.issue, user=ana, by=olga, now=NOW)
    refused("forbidden", enrolment.issue, user=ana, by=ana, now=NOW)
    refused("enrol.collector", enrolment.issue, user=xu, by=chen, now=NOW)
    refused("enrol.collector", enrolment.issue, user=olga, by=mia, now=NOW)
    assert enrolment.issue(user=xu, by=mia, now=NOW)


def test_two_open_codes_are_two_phones(ana, chen):
    one, two = (enrolment.issue(user=ana, by=chen, now=NOW)[1] for _ in range(2))
    assert enrol(ana, two) != enrol(ana, one)
    assert EnrolmentCode.objects.filter(tries=0, used_at=NOW).count() == 2


def test_the_answer_that_was_lost_is_asked_for_again_at_no_cost(ana, code):
    phone = Phone(ana, register=False)
    assert enrol(ana, code, phone=phone) == enrol(ana, code, phone=phone) == enrol(ana, "", phone=phone)


def test_a_phone_enrolled_before_there_were_codes_stays_one(ana):
    assert enrol(ana, "", phone=Phone(ana)).user == ana


def test_a_private_phone_needs_its_declaration_and_keeps_it_word_for_word(ana, code):
    refused("enrol.consent", enrol, ana, code, owner="private")
    refused("enrol.consent", enrol, ana, code, owner="private", consent="2020-01")
    refused("device.form", enrol, ana, code, owner="stolen")
    assert EnrolmentCode.objects.get().tries == 0
    text = enrolment.private_phone()
    device = enrol(ana, code, owner="private", consent=text["version"], language="en")
    said = DeviceConsent.objects.get()
    assert (said.device, said.rule, said.version, said.language) == (device, "CN-CALL-03", "2026-11", "en")
    assert said.text == text["text"]["en"] and "consented" in said.text


def test_what_was_declared_cannot_be_changed(ana, code):
    enrol(ana, code, owner="private", consent=enrolment.private_phone()["version"])
    for statement in ("UPDATE fieldvisit_deviceconsent SET text = ''", "DELETE FROM fieldvisit_deviceconsent"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_released_phone_is_enrolled_for_somebody_else(ana, bruno, chen, code):
    from fieldvisit import devices

    device = enrol(ana, code)
    devices.order(device=device, action="release", by=chen, now=NOW)
    refused("device.revoked", unlock.issue, device=Device.objects.get(), session=fresh(), now=NOW)
    assert enrol(bruno, enrolment.issue(user=bruno, by=chen, now=NOW)[1]).user == bruno


def fresh():
    return {unlock.SIGNED_IN_AT: NOW.timestamp()}


# --- as the phone asks


def test_the_server_refuses_a_phone_without_a_code_in_words(client, sign_in, ana, chen):
    sign_in(ana)
    phone = Phone(ana, register=False)
    said = {"device_id": str(phone.id), "public_key": phone.public_key, "label": "", "unlock": True}
    answer = post(client, said)
    assert (answer.status_code, answer.json()["code"]) == (403, "enrol.needed")
    assert "Ask your supervisor for a code." in answer.json()["message"]
    text = client.get("/sync/devices", headers=SAME_ORIGIN).json()["consent"]
    code = enrolment.issue(user=ana, by=chen, now=timezone.now())[1]
    said |= {"code": code, "owner": "private", "consent": text["version"], "keeps": "pin", "passkey": False}
    assert post(client, said | {"code": "ABCD-EFGH"}).json()["code"] == "enrol.wrong"
    assert post(client, said).json()["unlock"]
    assert post(client, said | {"passkey": True}).status_code == 200
    device = Device.objects.get(pk=phone.id)
    assert (device.owner, device.keeps, device.passkey) == ("private", "pin", True)
    assert device.consent.text == text["text"]["en"]


def test_only_the_demo_gives_codes_away(client, sign_in, ana, chen, settings):
    sign_in(ana)
    assert re.fullmatch(r"\w{4}-\w{4}", post(client, {}, "/sync/demo-enrolment").json()["code"])
    settings.DEMO = False
    assert post(client, {}, "/sync/demo-enrolment").status_code == 404


# --- the office's page


def test_the_office_issues_a_code_that_is_shown_once_with_what_to_do(client, sign_in, ana, chen):
    sign_in(chen)
    page = client.post(reverse("enrolment-codes"), {"collector": "ana"})
    code = re.search(r"data-code>([\w-]+)<", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    said = page.content.decode()
    assert "Code for Ana" in said and "http://testserver/m/" in said and "Add to Home Screen" in said
    assert code not in client.get(reverse("devices")).content.decode()
    assert enrol(ana, code, timezone.now())
    page = client.get(reverse("devices")).content.decode()
    assert "code by Chen" in page and "The company&#x27;s" in page


def test_open_codes_are_listed_and_revoked_on_the_page(client, sign_in, ana, chen, olga):
    sign_in(chen)
    row, _ = enrolment.issue(user=ana, by=chen, now=timezone.now())
    assert "Open code for" in client.get(reverse("devices")).content.decode()
    client.post(reverse("enrolment-code-revocation", args=[row.pk]))
    row.refresh_from_db()
    assert row.revoked_by == chen and "Open code for" not in client.get(reverse("devices")).content.decode()
    assert client.post(reverse("enrolment-codes"), {"collector": "olga"}).status_code == 422
    assert "Issue a code" not in sign_in(olga).get(reverse("devices")).content.decode()
