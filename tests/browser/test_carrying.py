"""Two people, one phone: what the first left unsent goes with the second, sealed, and stays the first one's."""

import json
import random

import pytest

from tests.browsers import PHONE
from tests.faults.checks import server_database
from tests.faults.client import choose_photo, keep_photo, photo_file

from .test_shell import bar_says, open_visit, shows, sign_in, start_visit, stored, until

pytestmark = pytest.mark.browser
SECRET = "他说孩子刚上学"


@pytest.fixture
def phone(shared_live, new_page):
    return new_page(shared_live, **PHONE)


def leave_locked(page):
    """The third choice of signing out with unsent work."""
    page.click("#nav a[href='/m/me']")
    shows(page, "[data-page=me]")
    page.click("[data-page=me] .act button")
    until(page, "document.querySelector('#ask').open")
    choices = page.locator("#ask button").all_inner_texts()
    assert choices == ["现在发送", "不退出", "退出，内容锁在本机"], choices
    page.click("#ask button.stop")


def come_in(page, username):
    until(page, f"!!document.querySelector('#sign-in[open] [data-username={username}]')", 20)
    page.click(f"[data-username={username}]")
    until(page, "!!document.querySelector('[data-page=today]') && !document.querySelector('dialog[open]')", 20)


def test_the_second_carries_what_the_first_left_and_reads_nothing_of_it(shared_live, phone, django_db_blocker):
    sign_in(phone, "zhoumin")
    bar_says(phone, "全部已发送")
    phone.context.set_offline(True)
    open_visit(phone, 0)
    start_visit(phone)
    address = phone.evaluate("location.pathname").replace("arrive", "talk")
    phone.check("[name=present][value=debtor]")
    phone.check("[name=entry][value=given]")
    phone.click("[data-step=arrive] [data-submit]:visible")
    shows(phone, "[data-step=talk]")
    phone.fill("#note-statement", SECRET)
    phone.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(phone, "!document.querySelector('[data-step=talk]')")
    leave_locked(phone)
    until(phone, "document.querySelector('#bar').textContent.includes('未登录')")
    assert len(stored(phone)["outbox"]) == 3

    phone.route("**/sync/events", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.reload()
    come_in(phone, "linfang")
    bar_says(phone, "zhoumin 的 3 项还在本机")
    phone.goto("/m/outbox")
    shows(phone, "[data-page=outbox]")
    assert "zhoumin 的 3 项" in phone.inner_text("[data-others]") and "记录" not in phone.inner_text("ol.sent")
    phone.goto(address)
    shows(phone, "[data-page=missing]")
    everything = json.dumps(stored(phone), ensure_ascii=False) + phone.content()
    assert SECRET not in everything

    phone.unroute("**/sync/events")
    phone.evaluate("dispatchEvent(new Event('online'))")
    bar_says(phone, "全部已发送", 30)
    with server_database(shared_live, django_db_blocker):
        from fieldvisit.models import Event, Note

        rows = list(Event.objects.select_related("device__user", "actor"))
        assert {(row.device.user.username, row.actor.username) for row in rows} == {("zhoumin", "linfang")}
        assert all("carried" in row.marks for row in rows) and len(rows) == 3
        assert Note.objects.get().text == SECRET

    phone.click("#nav a[href='/m/me']")
    shows(phone, "[data-page=me]")
    phone.click("[data-page=me] .act button")
    until(phone, "document.querySelector('#ask').open")
    phone.click("#ask button.stop")
    come_in(phone, "zhoumin")
    phone.goto("/m/outbox")
    shows(phone, "[data-page=outbox]")
    until(phone, "document.querySelectorAll('ol.sent [data-state=sent]').length === 3", 20)  # her receipts are hers


def test_what_was_given_to_somebody_else_while_he_had_no_signal_leaves_the_phone(shared_live, phone, django_db_blocker):
    sign_in(phone, "zhoumin")
    open_visit(phone, 3)
    start_visit(phone)
    name, visit = phone.inner_text("h1"), phone.evaluate("location.pathname").split("/")[3]
    phone.check("[name=present][value=debtor]")
    phone.check("[name=entry][value=given]")
    phone.click("[data-step=arrive] [data-submit]:visible")
    shows(phone, "[data-step=talk]")
    bar_says(phone, "全部已发送")
    phone.context.set_offline(True)
    choose_photo(phone, photo_file(random.Random(1)))
    keep_photo(phone)
    phone.fill("#note-statement", SECRET)
    phone.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(phone, "!document.querySelector('[data-step=talk]')")
    with server_database(shared_live, django_db_blocker):
        from django.utils import timezone

        from fieldvisit import cases
        from fieldvisit.models import Event, User, Visit

        case = Visit.objects.get(pk=visit).case
        people = {user.username: user for user in User.objects.all()}
        cases.assign(cases=[case], collector=people["shenwei"], by=people["chenjing"], now=timezone.now())
    phone.goto("/m/today")
    shows(phone, "[data-page=today]")
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")
    bar_says(phone, "全部已发送", 30)
    with server_database(shared_live, django_db_blocker):
        late = {row.type for row in Event.objects.filter(visit_id=visit) if "after_reassignment" in row.marks}
        assert {"visit.note/1", "visit.photo/1"} <= late  # what he did is in
    until(phone, f"!document.querySelector('main').innerText.includes('{name}')", 20)
    for address in ("/m/outbox", "/m/cases", "/m/today"):
        phone.goto(address)
        shows(phone, "[data-page]")
        for secret in (name, SECRET):
            until(phone, f"!document.querySelector('main').innerText.includes('{secret}')")
    for step in ("prepare", "talk", "leave"):
        phone.goto(f"/m/visits/{visit}/{step}")
        shows(phone, "[data-page=missing]")
    phone.context.set_offline(True)
    phone.goto(f"/m/visits/{visit}/prepare")
    shows(phone, "[data-page=missing]")
    assert stored(phone)["photos"] == [] and stored(phone)["blobs"] == []
