"""A new build, a broken one, and a window that dies: nothing is lost, and he goes on where he was."""

import re
import threading
from http.server import ThreadingHTTPServer

import pytest

from tests import copies
from tests.browsers import PHONE
from tests.faults import client
from tests.faults.checks import phone_store

from .test_day import TAP, sign_it, talk_it_through
from .test_shell import Newer, bar_says, open_visit, see, shows, sign_in, start_visit, until
from .test_vault import LOCKED, enter

pytestmark = pytest.mark.browser
OLD = rb"[0-9]+\.[0-9]+\.[0-9]+\+[0-9a-f]{12}"
NAMED = re.compile(rb"(field|part)-([A-Z0-9]{8})\.js")
DIST = copies.ROOT / "static/dist"
CACHES = "caches.keys().then((names) => names.join())"
WAITING = "navigator.serviceWorker.getRegistration('/m/').then((known) => !!known?.waiting)"
LOOK = "navigator.serviceWorker.getRegistration('/m/').then((known) => known.update()).then(() => true)"
OPEN_DATABASE = "new Promise((done) => { const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => { done(asked.result.version); asked.result.close() } })"  # noqa: E501


def other(at):
    """What is changed has another name, as after every build; the same again gives the first back."""
    return b"%s-%s.js" % (at[1], at[2][::-1])


class Release(Newer):
    """The server behind a release to come: another version, and where `schema` is set another form of the store."""

    schema = False
    least = ""

    def is_of_it(self):
        named = NAMED.search(self.path.encode())
        return self.changed and bool(named) and not (DIST / named[0].decode()).exists()

    def asked(self):
        return NAMED.sub(other, self.path.encode()).decode() if self.is_of_it() else self.path

    def released(self, body):
        if self.least and self.path == "/sync/hello":
            body = body.replace(b'"minimum_build": ""', b'"minimum_build": "%s"' % self.least.encode())
        if not (self.is_of_it() or (self.changed and self.path.startswith("/m/"))):
            return body
        body = re.sub(OLD, b"9.9.9+0123456789ab", NAMED.sub(other, body))
        if self.schema:
            body = re.sub(rb'"fieldvisit",(\d+),', lambda at: b'"fieldvisit",%d,' % (int(at[1]) + 1), body)
        return body


@pytest.fixture
def release(live):
    handler = type("Handler", (Release,), {"port": live.port})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url, server.next = f"http://127.0.0.1:{server.server_port}", handler
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(release, new_page):
    return new_page(release, **PHONE)


def comes(page, release, **what):
    """The release is out, and this phone has fetched it."""
    for name, value in {"changed": True, **what}.items():
        setattr(release.next, name, value)
    page.evaluate(LOOK)
    until(page, WAITING, 20)


def at_the_talk(page, number=0):
    open_visit(page, number)
    start_visit(page)
    for box in ("[name=present][value=debtor]", "[name=entry][value=given]"):
        page.check(box)
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")


def typed(page, field="#note-observation", text="写到一半"):
    page.click(field)
    page.keyboard.type(text)
    page.wait_for_timeout(1000)  # a draft is on the disk


def goes_on(page, field="note-observation", text="写到一半"):
    """After the PIN: the same step, the same words, the same field."""
    see(page, LOCKED)
    enter(page, "258013")
    see(page, f"document.querySelector('#{field}')?.value === '{text}'")
    see(page, f"document.activeElement.id === '{field}'")


def test_update_now_saves_locks_and_updates_and_he_is_back_in_the_field(release, phone):
    sign_in(phone)
    at_the_talk(phone)
    typed(phone)
    talk = phone.evaluate("location.pathname")
    comes(phone, release)
    assert phone.input_value("#note-observation") == "写到一半"  # until then the page goes on
    phone.click("#nav a[href='/m/me']")
    shows(phone, "[data-page=me]")
    phone.click("[data-update]")
    see(phone, LOCKED)
    see(phone, f"{CACHES}.then((names) => names.includes('9.9.9'))")
    enter(phone, "258013")
    see(phone, "!!document.querySelector('[data-page=me]')")
    assert "9.9.9" in phone.inner_text("main")
    phone.goto(talk)
    see(phone, LOCKED)
    enter(phone, "258013")
    see(phone, "document.querySelector('#note-observation')?.value === '写到一半'")


def test_a_load_brings_the_waiting_build_and_the_same_field_of_the_same_step(release, phone):
    sign_in(phone)
    at_the_talk(phone, 1)
    typed(phone)
    comes(phone, release)
    phone.reload()  # a load is such a moment too
    goes_on(phone)
    assert "9.9.9" in phone.evaluate(CACHES)


def test_a_dialog_that_was_open_when_the_phone_locked_is_open_again(phone):
    sign_in(phone)
    at_the_talk(phone, 5)
    phone.click("[data-opens=promise]")
    typed(phone, "#promise-amount", "650")
    phone.reload()
    goes_on(phone, "promise-amount", "650")
    assert phone.evaluate("document.querySelector('[data-dialog=promise]').open")


def test_a_new_window_after_a_killed_one_goes_on_where_he_typed(phone):
    sign_in(phone)
    at_the_talk(phone, 2)
    typed(phone)
    context = phone.context
    phone.close()  # its history is gone, as after a reboot
    again = context.new_page()
    again.goto("/m/today")
    goes_on(again)
    assert again.url.endswith("/talk")


def test_a_build_that_waits_does_not_disturb_a_signature(release, phone):
    sign_in(phone)
    open_visit(phone, 0)
    talk_it_through(phone)
    comes(phone, release)
    sign_it(phone)
    assert phone.evaluate(WAITING) and "9.9.9" in phone.evaluate(CACHES)
    phone.click("[data-page=sign] .act a")
    see(phone, LOCKED)  # the debtor gives the phone back: here it may take over
    see(phone, f"{WAITING}.then((waits) => !waits)")
    enter(phone, "258013")
    until(phone, "document.querySelector('#bar').textContent.includes('全部已发送')", 30)
    assert phone_store(phone)["outbox"] == []


def test_below_the_least_build_begun_work_goes_on_and_new_work_asks_for_the_update(release, phone):
    sign_in(phone)
    at_the_talk(phone, 0)
    release.next.least = "5.0"
    phone.evaluate("dispatchEvent(new Event('online'))")
    phone.fill("#note-statement", "还在门口")
    phone.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(phone, "!document.querySelector('[data-step=talk]')")
    until(phone, "document.querySelector('#bar').textContent.includes('请先更新')", 20)
    client.deliver(phone)  # what it has goes on being sent
    phone.click("#nav a[href='/m/today']")
    shows(phone, "[data-page=today]")
    open_visit(phone, 4)
    phone.click("[data-step=prepare] [data-submit]:visible")
    phone.wait_for_timeout(300)
    if not phone.evaluate("document.querySelector('#ask').open"):
        phone.click("[data-step=prepare] [data-submit]:visible")
    until(phone, "document.querySelector('#ask').open && document.querySelector('#ask').innerText.includes('请先更新')")
    assert phone.locator("#ask button").count() == 1
    phone.click("#ask [data-update]")
    until(phone, "document.querySelector('#ask').innerText.includes('取不到新版')", 20)  # there is none yet
    release.next.changed = True
    phone.click("#ask [data-update]")
    see(phone, LOCKED, 30)
    see(phone, f"{CACHES}.then((names) => names.includes('9.9.9') && !names.includes(','))", 20)
    enter(phone, "258013")
    see(phone, "!!document.querySelector('[data-step=prepare]')")
    release.next.least = "9.0"
    start_visit(phone)


def test_another_form_of_the_store_closes_the_old_tab_and_loses_nothing(release, phone):
    sign_in(phone)
    at_the_talk(phone, 2)
    phone.context.set_offline(True)
    phone.fill("#note-statement", "存在本机")
    phone.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(phone, "!document.querySelector('[data-step=talk]')")
    phone.go_back()
    shows(phone, "[data-step=talk]")
    typed(phone)
    before, form = phone_store(phone), phone.evaluate(OPEN_DATABASE)
    assert len(before["outbox"]) >= 1
    phone.route("**/sync/events", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.evaluate("document.documentElement.dataset.handover = ''")  # somebody is signing in the old tab
    comes(phone, release, schema=True)
    newer = phone.context.new_page()
    newer.route("**/sync/events", lambda route: route.abort())
    newer.goto("/m/today")
    see(newer, "document.querySelector('#main').innerText.includes('另一个标签页')", 20)
    assert phone.input_value("#note-observation") == "写到一半"
    phone.evaluate("delete document.documentElement.dataset.handover")  # done: now it may close
    see(newer, LOCKED, 20)
    goes_on(phone)
    assert phone.evaluate(OPEN_DATABASE) == form + 1
    after = phone_store(phone)
    assert {row["event_id"] for row in after["outbox"]} == {row["event_id"] for row in before["outbox"]}
    phone.unroute("**/sync/events")
    newer.close()
    client.deliver(phone)


def test_a_broken_worker_is_taken_from_the_phone_and_the_outbox_stays(live, release, phone):
    sign_in(phone)
    at_the_talk(phone, 4)
    bar_says(phone, "全部已发送", 30)  # nothing is on its way whose receipt could still come
    phone.context.set_offline(True)
    phone.fill("#note-statement", "存在本机")
    phone.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(phone, "!document.querySelector('[data-step=talk]')")
    saved, visit = len(phone_store(phone)["outbox"]), phone.evaluate("location.pathname").rsplit("/", 1)[0]
    assert saved >= 1 and "fieldvisit-" in phone.evaluate(CACHES)
    live.manage("worker", "--stop")
    try:
        phone.route("**/sync/events", lambda route: route.abort())
        phone.context.set_offline(False)
        phone.reload()  # once with the old worker, which learns of it
        gone = f"navigator.serviceWorker.getRegistration('/m/').then(async (known) => !known && !await {CACHES})"
        until(phone, gone, 30)
        assert len(phone_store(phone)["outbox"]) == saved
        until(phone, "!!document.querySelector('[data-page]')", 20)
        phone.context.set_offline(True)  # it lives on what it has loaded, the part for agreements too
        for step in ("prepare", "agree"):
            phone.evaluate(TAP, f"{visit}/{step}")
            shows(phone, f"[data-step={step}]")
        phone.context.set_offline(False)
        phone.reload()
        until(phone, "!!document.querySelector('[data-page]')", 20)
        assert phone.evaluate("!navigator.serviceWorker.controller")
        phone.unroute("**/sync/events")
        client.deliver(phone)
        phone.goto("/m/today")
        shows(phone, "[data-page=today]")  # with a signal it works as before
        open_visit(phone, 5)
    finally:
        live.manage("worker", "--start")
    phone.goto("/m/today")
    shows(phone, "[data-page=today]")
    until(phone, "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)", 20)
    assert "fieldvisit-" in phone.evaluate(CACHES)


def test_a_deaf_page_of_a_broken_worker_is_loaded_anew(live, release, phone):
    """The worker hands out a page whose script never runs: the kill switch must not wait for it."""
    sign_in(phone)
    phone.evaluate(
        """async () => {
          for (const name of await caches.keys()) {
            const cache = await caches.open(name)
            const headers = {'Content-Type': 'text/html'}
            await cache.put('/m/', new Response('<!doctype html><title>broken</title>', {headers}))
          }
        }"""
    )
    phone.reload()
    assert phone.title() == "broken"
    live.manage("worker", "--stop")
    try:
        phone.reload()
        see(phone, f"document.title !== 'broken' && {LOCKED}", 30)
    finally:
        live.manage("worker", "--start")
