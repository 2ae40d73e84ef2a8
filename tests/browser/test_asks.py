"""What goes beside a visit's notes: a promise, new contact data, a request, a call. Offline, then once in the case."""

import time

import pytest

from tests.browsers import DESK, PHONE
from tests.faults.checks import phone_store, server_database

from .test_day import desk_sign_in
from .test_shell import open_visit, shows, sign_in, start_visit, until

pytestmark = pytest.mark.browser
ASKS = "[...document.querySelectorAll('[data-list=asks] li')].map((item) => item.innerText).join('|')"


@pytest.fixture
def phone(shared_live, new_page):
    return new_page(shared_live, **PHONE)


def at_the_talk(page, number=0):
    """Consent is asked for; he is on Talk, with no signal. → the address of the visit"""
    sign_in(page)
    open_visit(page, number)
    start_visit(page)
    for box in ("[name=identity_shown]", "[name=present][value=debtor]", "[name=entry][value=given]"):
        page.check(box)
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")
    return page.evaluate("location.pathname").replace("/talk", "")


def promise(page, amount="500.50"):
    page.click("[data-opens=promise]")
    page.fill("#promise-amount", amount)
    page.evaluate("document.querySelector('#promise-on').value = document.querySelector('#promise-on').min")
    page.click("dialog[open] [type=submit]")


def sent(page):
    until(page, "document.querySelector('#bar').textContent.includes('全部已发送')", 20)


def test_a_promise_and_a_new_number_at_the_door_without_a_signal(shared_live, phone, django_db_blocker):
    visit = at_the_talk(phone)
    sent(phone)
    phone.context.set_offline(True)
    promise(phone, "einhundert")
    assert "500.50" in phone.inner_text("dialog[open] [data-wrong=amount]")
    phone.fill("#promise-amount", "1,500.5")
    phone.click("dialog[open] [type=submit]")
    until(phone, f"{ASKS}.includes('1,500.50')")
    phone.click("[data-opens=change]")
    phone.check("dialog[open] [name=property][value=mobile]")
    before = phone.inner_text("dialog[open] [data-present]")
    phone.fill("#change-after", "19912345678")
    phone.click("dialog[open] [type=submit]")
    until(phone, f"{ASKS}.includes('19912345678')")
    phone.reload()
    until(phone, f"{ASKS}.includes('1,500.50') && {ASKS}.includes('已存在本机')")
    assert phone.input_value("#promise-amount") == ""  # its draft went with it
    phone.context.set_offline(False)
    sent(phone)
    with server_database(shared_live, django_db_blocker):
        from fieldvisit.models import ContactChange, Promise

        made, change = Promise.objects.get(), ContactChange.objects.get()
        assert (made.amount_fen, str(made.visit_id)) == (150_050, visit.split("/")[-1])
        assert (change.before, change.after, change.party.mobile) == (before, "19912345678", "19912345678")


def test_what_is_asked_for_waits_at_the_office_in_words(shared_live, phone, new_page):
    sign_in(phone)
    open_visit(phone, 1)
    start_visit(phone)
    for box in ("[name=present][value=debtor]", "[name=entry][value=outside]"):
        phone.check(box)
    phone.click("[data-step=arrive] [data-submit]:visible")
    shows(phone, "[data-step=talk]")
    phone.click("[data-opens=status]")
    phone.click("dialog[open] [type=submit]")
    assert phone.evaluate("[...document.querySelectorAll('dialog[open] [data-wrong]:not([hidden])')].length") == 3
    phone.check("dialog[open] [name=status][value=paused]")
    phone.check("dialog[open] [name=reason][value=illness]")
    phone.fill("#status-text", "住院")
    phone.click("dialog[open] [type=submit]")
    until(phone, f"{ASKS}.includes('待复核')", 20)
    desk = new_page(shared_live, **DESK)
    desk_sign_in(desk, "chenjing")
    desk.goto("/office/held/")
    assert "住院" in desk.inner_text("main")


def test_a_call_is_written_down_on_the_page_of_the_case_beside_any_visit(shared_live, phone, django_db_blocker):
    sign_in(phone)
    phone.click("#nav a[href='/m/cases']")
    shows(phone, "[data-page=cases]")
    phone.click(".links a >> nth=2")
    shows(phone, "[data-page=case]")
    phone.context.set_offline(True)
    phone.click("[data-opens=call]")
    phone.check("dialog[open] [name=outcome][value=no_answer]")
    phone.fill("#call-text", "下午再打")
    phone.click("dialog[open] [type=submit]")
    until(phone, f"{ASKS}.includes('下午再打')")
    assert phone.locator("[data-unsent]:visible").count() == 1
    phone.reload()
    until(phone, f"{ASKS}.includes('下午再打')")
    phone.route("**/sync/pack**", lambda route: route.abort())  # the page itself asks what has become of it
    phone.context.set_offline(False)
    sent(phone)
    assert phone_store(phone)["outbox"] == []
    until(phone, f"document.querySelector('.timeline')?.innerText.includes('下午再打') && !{ASKS}", 20)
    with server_database(shared_live, django_db_blocker):
        from fieldvisit.models import Contact

        assert (Contact.objects.get().visit, Contact.objects.get().text) == (None, "下午再打")


def test_the_card_that_was_shown_is_an_entry(shared_live, phone, django_db_blocker):
    sign_in(phone)
    open_visit(phone, 2)
    start_visit(phone)
    phone.click("[data-opens=card]")
    phone.wait_for_timeout(1200)
    phone.click("dialog[open] [data-closes]")
    sent(phone)
    with server_database(shared_live, django_db_blocker):
        from fieldvisit.models import Event

        end = time.monotonic() + 15  # the bar said "sent" before the entry was written down, too
        shown = Event.objects.filter(type="notice.shown/1", status="applied")
        while time.monotonic() < end and not shown.exists():
            phone.wait_for_timeout(200)
        assert shown.count() == 1
