"""Each person sees where he is signed in and ends it; the desk's end by themselves; some acts ask for the code."""

import pytest
from django.test import Client
from django.utils import timezone

from fieldvisit import people, sessions, step_up, unlock
from fieldvisit.models import DeviceOrder, SignIn
from tests.cast import PASSWORD, unlocked_phone
from tests.fieldvisit.test_people_pages import code_of

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36"


def enter(user, **headers):
    browser = Client(headers={"accept-language": "en"} | headers)
    user.totpdevice_set.update(last_t=-1)
    typed = {"username": user.username, "password": PASSWORD, "code": code_of(user)}
    assert browser.post("/sign-in/", typed).url == "/"
    return browser


def later(browser, **ago):
    """As if these moments of the session lay so many seconds back."""
    session = browser.session
    for name, seconds in ago.items():
        session[name] = int(timezone.now().timestamp()) - seconds
    session.save()


def test_he_sees_his_own_and_ends_the_other(olga, mia):
    here, there, hers = enter(olga), enter(olga, **{"user-agent": CHROME}), enter(mia)
    page = here.get("/sessions/").content.decode()
    assert "Chrome · Android" in page and "this one" in page
    for_there = SignIn.objects.get(session_key=there.session.session_key)
    for_hers = SignIn.objects.get(session_key=hers.session.session_key)
    here.post("/sessions/", {"pk": for_hers.pk})
    here.post("/sessions/", {"pk": for_there.pk})
    assert there.get("/office/").url.startswith("/sign-in/")
    assert hers.get("/office/").status_code == 200
    assert [row.session_key for row in sessions.standing(olga, timezone.now())] == [here.session.session_key]


def test_a_collector_has_the_page_and_none_of_the_desk(ana):
    page = enter(ana).get("/sessions/").content.decode()
    assert "Where you are signed in" in page and 'href="/office/' not in page


def test_signing_out_ends_the_row(olga):
    browser = enter(olga)
    browser.post("/sign-out/")
    assert sessions.standing(olga, timezone.now()) == []
    assert SignIn.objects.get(user=olga).ended_at


def test_an_administrator_signs_somebody_out_everywhere(client, sign_in, mia, olga):
    browser, desk = enter(olga), sign_in(mia)
    desk.post(f"/office/people/{olga.pk}/orders/", {"action": "end_sessions"})
    assert browser.get("/office/").status_code == 302
    assert olga.account_entries.last().action == "sessions"


@pytest.mark.parametrize("what, lasts", [("idle", "DESK_IDLE"), ("since", "DESK_LASTS")])
def test_a_session_at_the_desk_ends_when_idle_and_when_old(olga, settings, what, lasts):
    browser, past = enter(olga), getattr(settings, lasts) + 5
    later(browser, **({"seen_at": past, "signed_in_at": past} if what == "idle" else {"signed_in_at": past}))
    assert browser.get("/office/").url.startswith("/sign-in/")
    browser = enter(olga)
    later(browser, seen_at=settings.DESK_IDLE - 60, signed_in_at=settings.DESK_LASTS - 60)
    assert browser.get("/office/").status_code == 200
    assert timezone.now().timestamp() - browser.session["seen_at"] < 60


def test_the_session_of_a_phone_lives_on_so_that_its_work_drains(ana, settings):
    browser = enter(ana)
    later(browser, seen_at=settings.DESK_IDLE + 5, signed_in_at=settings.DESK_LASTS + 5)
    before = browser.session.get_expiry_date()
    assert browser.get("/sync/hello").json()["user"]["username"] == "ana"
    assert "__Host-fieldvisit" not in browser.get("/sync/hello").cookies
    assert abs((browser.session.get_expiry_date() - before).total_seconds()) < 60


def test_wiping_a_phone_asks_for_the_code_and_carries_the_order_through(client, sign_in, chen, ana, settings):
    unlocked_phone(ana)
    desk, orders = sign_in(chen), f"/office/devices/{ana.devices.get().pk}/orders/"
    later(desk, signed_in_at=settings.STEP_UP + 5)
    assert desk.post(orders, {"action": "lock"}).status_code == 302
    asked = desk.post(orders, {"action": "wipe"})
    assert asked.status_code == 403 and 'name="action" value="wipe"' in asked.content.decode()
    assert desk.post(orders, {"action": "wipe", "step_up_code": "000000"}).status_code == 422
    assert not DeviceOrder.objects.filter(action="wipe").exists()
    chen.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert desk.post(orders, {"action": "wipe", "step_up_code": code_of(chen)}).status_code == 302
    assert DeviceOrder.objects.filter(action="wipe", by=chen).exists()
    assert desk.post(orders, {"action": "release"}).status_code == 302


def test_a_file_of_figures_asks_first_and_then_leads_on(client, sign_in, olga, settings):
    desk = sign_in(olga)
    later(desk, signed_in_at=settings.STEP_UP + 5)
    wanted = "/office/figures/?by=team&format=csv"
    asked = desk.get(wanted)
    assert asked.status_code == 403 and "/office/figures/?by=team&amp;format=csv" in asked.content.decode()
    assert desk.post("/confirm/", {"next": wanted, "step_up_code": code_of(olga)}).url == wanted
    assert desk.get(wanted)["Content-Type"].startswith("text/csv")


def test_many_wrong_codes_end_the_session(client, sign_in, olga, settings):
    settings.AXES_FAILURE_LIMIT = 3
    desk = sign_in(olga)
    later(desk, signed_in_at=settings.STEP_UP + 5)
    for _ in range(3):
        answer = desk.post("/confirm/", {"next": "/office/", "step_up_code": "000000"})
    assert answer.url == "/sign-in/"
    assert unlock.SIGNED_IN_AT not in desk.session


def test_outside_the_demo_one_tap_is_no_code(client, sign_in, olga, settings):
    desk = sign_in(olga)
    later(desk, signed_in_at=settings.STEP_UP + 5)
    settings.DEMO = False
    assert desk.post("/confirm/", {"step_up_code": step_up.DEMO}).status_code == 422
    settings.DEMO = True
    olga.totpdevice_set.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert people.demo_people() and desk.post("/confirm/", {"step_up_code": step_up.DEMO}).url == "/"
