"""Signing in: both factors or neither; the demo's codes are unused ones."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django_otp import DEVICE_ID_SESSION_KEY

from fieldvisit import people
from fieldvisit.problems import Refused
from tests.cast import PASSWORD


@pytest.fixture
def request_(client, db):
    request = RequestFactory().post("/sign-in/")
    request.session, request.user = client.session, AnonymousUser()
    return request


def test_password_and_code_together(request_, ana, settings):
    settings.DEMO = True
    assert people.sign_in(request_, username="ana", password=PASSWORD, code=people.demo_code(ana)) == ana
    assert DEVICE_ID_SESSION_KEY in request_.session


@pytest.mark.parametrize(
    "username, password, code",
    [
        ("ana", PASSWORD, "000000"),
        ("ana", "wrong", None),
        ("nobody", PASSWORD, None),
        ("ana", PASSWORD, ""),
        ("ana", PASSWORD, "abc"),
    ],
)
def test_any_wrong_part_gives_the_same_refusal(request_, ana, settings, username, password, code):
    settings.DEMO = True
    code = people.demo_code(ana) if code is None else code
    with pytest.raises(Refused) as refused:
        people.sign_in(request_, username=username, password=password, code=code)
    assert refused.value.code == "sign_in.refused"


def test_a_code_works_once(request_, ana, settings):
    settings.DEMO = True
    code = people.demo_code(ana)
    people.sign_in(request_, username="ana", password=PASSWORD, code=code)
    with pytest.raises(Refused):
        people.sign_in(request_, username="ana", password=PASSWORD, code=code)


def test_the_demo_offers_an_unused_code_five_times_in_a_row(request_, ana, settings):
    settings.DEMO = True
    for _ in range(5):
        people.sign_in(request_, username="ana", password=PASSWORD, code=people.demo_code(ana))


def test_outside_the_demo_there_are_no_codes(ana, settings):
    settings.DEMO = False
    assert people.demo_people() == []
    with pytest.raises(Refused):
        people.demo_code(ana)


def test_a_disabled_user_stays_outside(request_, ana, settings):
    settings.DEMO = True
    ana.is_active = False
    ana.save()
    with pytest.raises(Refused):
        people.sign_in(request_, username="ana", password=PASSWORD, code=people.demo_code(ana))


def test_a_throttled_code_tells_nothing_about_the_password(request_, ana, settings):
    settings.DEMO = True
    refusals = []
    for password in (PASSWORD, PASSWORD, "wrong"):
        with pytest.raises(Refused) as refused:
            people.sign_in(request_, username="ana", password=password, code="000000")
        refusals.append(refused.value.code)
    assert not ana.totpdevice_set.get().verify_is_allowed()[0]
    assert set(refusals) == {"sign_in.refused"}
