"""Wrong passwords are counted for an account at an address; a lock says until when, and an administrator lifts it."""

import json

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from fieldvisit import accounts, lockouts, people
from fieldvisit.problems import Refused
from tests.cast import NOW, PASSWORD
from tests.fieldvisit.test_people_pages import code_of
from tests.phone import SAME_ORIGIN

ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def three(settings):
    settings.AXES_FAILURE_LIMIT = 3


def enter(user, code=None, *, at="10.0.0.1", password=PASSWORD):
    typed = {"username": getattr(user, "username", user), "password": password, "code": code or code_of(user)}
    return Client(headers=ENGLISH, REMOTE_ADDR=at).post("/sign-in/", typed)


def wrong(user, times, **more):
    for _ in range(times):
        page = enter(user, "000000", password="wrong", **more)
    return page.content.decode()


def test_after_three_wrong_ones_the_right_one_waits_but_not_at_another_address(olga, settings):
    assert "do not fit together" in wrong(olga, 2)
    page = wrong(olga, 1)
    until = timezone.localtime(lockouts.standing(olga, timezone.now())[0]["until"])
    assert f"after {until:%H:%M}" in page and "do not fit" not in page
    assert "Too many wrong attempts" in enter(olga).content.decode()
    assert enter(olga, at="10.0.0.2").status_code == 302
    assert [entry.action for entry in olga.account_entries.order_by("pk")] == ["added", "locked"]


def test_a_wrong_code_counts_like_a_wrong_password_and_a_right_one_begins_anew(olga):
    def wrong_code():
        olga.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None, last_t=-1)
        return enter(olga, "000000")

    wrong_code(), wrong_code()
    olga.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert enter(olga).status_code == 302
    wrong_code(), wrong_code()
    assert lockouts.standing(olga, timezone.now()) == []
    assert "Too many wrong attempts" in wrong_code().content.decode()


def test_a_name_that_nobody_has_is_locked_in_the_same_words(db):
    assert "Too many wrong attempts" in wrong("nobody", 3)


def test_the_phone_says_the_same(ana):
    said = {"username": "ana", "password": "wrong", "code": "000000"}
    for _ in range(3):
        answer = Client(headers=ENGLISH).post(
            "/sync/session", json.dumps(said), content_type="application/json", headers=SAME_ORIGIN
        )
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in.locked")


def test_the_lock_ends_by_itself_and_an_administrator_ends_it_at_once(olga, mia, settings):
    wrong(olga, 3)
    accounts.unlock(user=olga, by=mia, now=NOW)
    assert enter(olga).status_code == 302
    assert olga.account_entries.last().action == "unlocked"
    with pytest.raises(Refused):
        accounts.unlock(user=olga, by=mia, now=NOW)
    wrong(mia, 3)
    settings.AXES_COOLOFF_TIME *= 0
    assert enter(mia).status_code == 302


def test_one_tap_of_the_demo_is_never_locked(olga, settings):
    settings.DEMO = True
    wrong(olga, 3)
    code = people.demo_code(olga)
    assert enter(olga, code).status_code == 302


@pytest.mark.parametrize("proxies, address", [(0, "10.0.0.9"), (1, "192.0.2.7"), (2, "198.51.100.3")])
def test_only_what_our_own_proxies_wrote_down_is_believed(settings, proxies, address):
    settings.PROXIES = proxies
    forged = {"x-forwarded-for": "203.0.113.5, 198.51.100.3, 192.0.2.7"}
    assert lockouts.address(RequestFactory(REMOTE_ADDR="10.0.0.9").get("/", headers=forged)) == address
