"""People come by a link, change at once, and go without taking their work along; one administrator always remains."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django_otp.oath import totp

from fieldvisit import accounts, devices
from fieldvisit.models import AccountEntry, Role, User
from fieldvisit.problems import Refused
from tests.cast import NOW, PASSWORD, unlocked_phone

NEW = "a-quite-new-password"


def values_of(user, **changes):
    return {name: getattr(user, name) for name in accounts.FIELDS} | changes


def code_of(user):
    return str(totp(user.totpdevice_set.get().bin_key)).zfill(6)


def begin(browser, link, user, **changes):
    typed = {"password": NEW, "again": NEW, "code": code_of(user)} | changes
    return browser.post(link, typed)


@pytest.fixture
def desk(client, sign_in, mia):
    return sign_in(mia)


def link_of(page):
    return page.context["address"].removeprefix("http://testserver")


def test_a_new_person_begins_by_a_link_that_is_good_once(desk, team):
    page = desk.post("/office/people/new/", {"username": "lin", "name": "林", "role": "collector", "team": team.pk})
    lin, link, browser = User.objects.get(username="lin"), link_of(page), Client()
    assert begin(browser, link, lin, again="another").status_code == 422
    assert begin(browser, link, lin, password="123", again="123").status_code == 422
    assert begin(browser, link, lin, code="000000").status_code == 422
    lin.totpdevice_set.update(throttling_failure_count=0)
    assert begin(browser, link, lin).url == "/sign-in/"
    assert browser.get(link).status_code == 410
    lin.totpdevice_set.update(last_t=-1)
    assert browser.post("/sign-in/", {"username": "lin", "password": NEW, "code": code_of(lin)}).url == "/"
    assert [entry.action for entry in lin.account_entries.order_by("pk")] == ["added", "invited", "set-up"]


def test_a_new_link_makes_the_one_before_and_the_old_password_void(desk, olga):
    first = link_of(desk.post(f"/office/people/{olga.pk}/orders/", {"action": "invite"}))
    second = link_of(desk.post(f"/office/people/{olga.pk}/orders/", {"action": "invite"}))
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    olga.refresh_from_db()
    assert not olga.check_password(PASSWORD) and not olga.totpdevice_set.filter(confirmed=True).exists()


def test_another_role_holds_from_the_next_request(desk, sign_in, mia, olga):
    reader = sign_in(olga, Client())
    assert reader.get("/office/people/").status_code == 403
    accounts.change(user=olga, values=values_of(olga, role=Role.ADMINISTRATOR), by=mia, now=NOW)
    assert reader.get("/office/people/").status_code == 200
    entry = olga.account_entries.last()
    assert (entry.before, entry.after, entry.by) == ({"role": "reviewer"}, {"role": "administrator"}, mia)


def test_the_last_administrator_can_neither_go_nor_become_something_else(mia, olga, team):
    accounts.add(username="new", values=values_of(olga, role=Role.ADMINISTRATOR), by=mia, now=NOW)  # cannot sign in yet
    for verb, more in ((accounts.deactivate, {}), (accounts.invite, {}),
                       (accounts.change, {"values": values_of(mia, role=Role.REVIEWER)})):  # fmt: skip
        with pytest.raises(Refused) as refused:
            verb(user=mia, by=mia, now=NOW, **more)
        assert refused.value.code == "account.last"
    accounts.change(user=olga, values=values_of(olga, role=Role.ADMINISTRATOR), by=mia, now=NOW)
    accounts.change(user=mia, values=values_of(mia, role=Role.REVIEWER), by=mia, now=NOW)
    mia.refresh_from_db()
    assert not mia.is_superuser


def test_who_is_deactivated_is_out_his_phone_locks_and_his_work_is_listed(desk, sign_in, mia, ana, visit):
    unlocked_phone(ana)
    his = sign_in(ana, Client())
    assert his.get("/m/today", headers={"HX-Request": "true"}).status_code == 200
    desk.post(f"/office/people/{ana.pk}/orders/", {"action": "deactivate"})
    assert his.get("/m/today", headers={"HX-Request": "true"}).status_code == 401
    (phone,) = ana.devices.all()
    assert devices.flags(phone, phone.orders.order_by("pk"))["lock"]
    met = Client().get("/sync/hello", headers={"X-Device": str(phone.pk)}).json()
    assert (met["user"], met["device"], met["flags"]["lock"]) == (None, {"id": str(phone.pk)}, True)
    assert phone.orders.get().heard_at
    page = desk.get(f"/office/people/{ana.pk}/").content.decode()
    assert visit.case.contract_number in page and f"cases={visit.case.ref}" in page
    with pytest.raises(Refused):
        accounts.invite(user=User.objects.get(pk=ana.pk), by=mia, now=NOW)


def test_whose_account_is_open_is_told_of_no_phone_before_he_signs_in(ana):
    unlocked_phone(ana)
    met = Client().get("/sync/hello", headers={"X-Device": str(ana.devices.get().pk)}).json()
    assert (met["device"], met["flags"]["lock"]) == (None, False)


def test_only_an_administrator_and_never_without_a_team(chen, mia, ana):
    with pytest.raises(Refused) as refused:
        accounts.change(user=ana, values=values_of(ana, role=Role.SUPERVISOR), by=chen, now=NOW)
    assert refused.value.code == "forbidden"
    with pytest.raises(Refused) as refused:
        accounts.change(user=ana, values=values_of(ana, team=None), by=mia, now=NOW)
    assert refused.value.code == "account.team"


def test_what_became_of_accounts_is_never_changed(mia):
    for verb in (lambda: AccountEntry.objects.update(action="changed"), lambda: AccountEntry.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            verb()


def test_teams_and_agencies_are_added_and_renamed(desk, team):
    desk.post("/office/people/groups/team/", {"pk": team.pk, "name": "杭州二组"})
    desk.post("/office/people/groups/agency/", {"name": "正和", "phone": "0571-1"})
    team.refresh_from_db()
    assert team.name == "杭州二组"
    assert [entry.action for entry in AccountEntry.objects.filter(user=None).order_by("pk")] == ["team", "agency"]
    assert "杭州二组" in desk.get("/office/people/").content.decode()
