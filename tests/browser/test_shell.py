"""The field client in a real browser: first start, no signal, two tabs, a session that ends, an update, signing out."""

import contextlib
import hashlib
import json
import os
import re
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Error

from tests.browsers import PHONE

pytestmark = pytest.mark.browser


PIN = "258013"
# A busy machine is slow, and that is no fault; the full forms of the fault table are done beside other work.
PATIENCE = 10 if os.environ.get("SOAK") == "1" else 2
# Whenever the phone asks for its PIN, it gets the demo's: a first one, or the one it has.
UNLOCK = f"""() => {{
  const form = document.querySelector('#lock:not([hidden]) form')
  if (!form || form.dataset.answered) return
  form.dataset.answered = 'yes'
  for (const input of form.querySelectorAll('[type=password]')) input.value = '{PIN}'
  form.requestSubmit()
}}"""


def see(page, script, seconds=15):
    """Asks the page again and again: wait_for_function would need eval, which the policy forbids."""
    end = time.monotonic() + seconds * PATIENCE
    while True:
        with contextlib.suppress(Error):  # the page may be loading again at this very moment
            if found := page.evaluate(script):
                return found
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    raise AssertionError(f"{script}\n{page.url}\n{page.evaluate('document.body.innerText')[:1500]}")


def until(page, script, seconds=10):
    """The same, and wherever it asks for the PIN meanwhile, it gets it."""
    end = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(Error, AssertionError):
            page.evaluate(UNLOCK)
            return see(page, script, 0.1)
    return see(page, script, 0)


def shows(page, selector, seconds=10):
    """It stands there, and the page around it is painted to the end."""
    there = f"[...document.querySelectorAll({json.dumps(selector)})].some((it) => !it.closest('[aria-busy=true]'))"
    return until(page, there, seconds)


def bar_says(page, text, seconds=15):
    return until(page, f"document.querySelector('#bar').textContent.includes({json.dumps(text)})", seconds)


def sign_in(page, username="zhoumin"):
    page.goto("/m/")
    tap = f"[data-username={username}]"
    shows(page, tap)
    page.click(tap)
    shows(page, "[data-page=today]")
    until(page, "document.querySelector('[data-offline-ready]')?.textContent.includes('离线可用')")
    until(page, "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)")


def visits(page):
    """Addresses of Prepare for every visit on Today."""
    return page.evaluate(
        """[...document.querySelectorAll('[data-page=today] li[data-visit]')]
             .map((li) => `/m/visits/${li.dataset.visit}/prepare`)"""
    )


def open_visit(page, number):
    """Goes to Prepare of one visit by tapping it on Today."""
    page.click(f"[data-page=today] li[data-visit] >> nth={number} >> a >> nth=0")
    shows(page, "[data-step=prepare]")


def start_visit(page):
    """He is told once of what is not ticked; the next tap starts all the same."""
    told = "!!document.querySelector('[data-step=prepare] form[data-anyway]')"
    before = page.evaluate(told)
    page.click("[data-step=prepare] [data-submit]:visible")
    if not before and page.evaluate(told):
        page.click("[data-step=prepare] [data-submit]:visible")  # "Start without these"
    shows(page, "[data-step=arrive]")


def stored(page):
    """Everything in IndexedDB as text, with bytes as latin-1."""
    return page.evaluate(
        """async () => {
          const open = await new Promise((done, failed) => {
            const asked = indexedDB.open('fieldvisit')
            asked.onsuccess = () => done(asked.result)
            asked.onerror = failed })
          const text = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value)
            ? new TextDecoder().decode(value) : value && typeof value === 'object' && !(value instanceof CryptoKey)
              ? Object.entries(value).map(([key, each]) => key + '=' + text(each)).join(' ') : String(value)
          const all = {}
          for (const name of open.objectStoreNames) {
            const rows = await new Promise((done) => {
              const asked = open.transaction(name).objectStore(name).getAll()
              asked.onsuccess = () => done(asked.result) })
            all[name] = rows.map(text)
          }
          open.close()
          return all
        }"""
    )


@pytest.fixture
def phone(shared_live, new_page):
    """A new phone on the file's one server."""
    return new_page(shared_live, **PHONE)


def test_the_shell_is_the_same_for_two_users_and_asks_for_no_cookie(shared_live, new_page):
    bodies = set()
    for username in ("zhoumin", "linfang"):
        page = new_page(shared_live, **PHONE)
        page.goto("/m/")
        shows(page, f"[data-username={username}]")
        page.click(f"[data-username={username}]")
        shows(page, "[data-page=today]")
        bodies.add(page.evaluate("fetch('/m/today', {cache: 'no-store'}).then((answer) => answer.text())"))
    with urlopen(Request(f"{shared_live.url}/m/visits/unknown/talk", headers={"Accept-Language": "en"})) as answer:
        assert "Set-Cookie" not in answer.headers
        assert "form-action 'none'" in answer.headers["Content-Security-Policy"]
        bodies.add(answer.read().decode())
    assert len(bodies) == 1


def test_the_first_start_signs_in_and_is_ready_without_a_signal(phone):
    sign_in(phone)
    bar_says(phone, "全部已发送")
    urls = visits(phone)
    assert len(urls) >= 6
    phone.context.set_offline(True)
    phone.reload()
    shows(phone, "[data-page=today]")
    for url in urls:
        for step in ("prepare", "arrive", "talk", "leave"):
            address = url.replace("prepare", step)
            phone.goto(address)
            shows(phone, f"[data-step={step}]")
            assert phone.url.endswith(address)
    for address, name in {"/m/cases": "cases", "/m/outbox": "outbox", "/m/me": "me", "/m/": "today"}.items():
        phone.goto(address)
        shows(phone, f"[data-page={name}]")


def test_back_and_forward_work_without_a_signal_and_return_to_the_place(phone):
    sign_in(phone)
    phone.context.set_offline(True)
    phone.evaluate("scrollTo(0, 300)")
    y = phone.evaluate("scrollY")
    assert y > 100
    link = phone.locator("[data-page=today] li[data-visit] a").nth(4)
    link.click()
    shows(phone, "[data-step=prepare]")
    assert phone.evaluate("scrollY") == 0
    assert phone.evaluate("document.activeElement.tagName") == "H1"
    phone.click("#nav a[href='/m/me']")
    shows(phone, "[data-page=me]")
    phone.go_back()
    shows(phone, "[data-step=prepare]")
    phone.go_back()
    shows(phone, "[data-page=today]")
    phone.wait_for_timeout(100)
    assert phone.evaluate("scrollY") > 100
    phone.go_forward()
    shows(phone, "[data-step=prepare]")


def test_what_he_does_without_a_signal_is_there_after_a_reload_and_arrives_once(phone, shared_live):
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 0)
    start_visit(phone)
    phone.goto(phone.url.replace("arrive", "talk"))
    shows(phone, "#note-statement")
    phone.fill("#note-statement", "月底发工资，先还五百")
    phone.wait_for_timeout(1000)
    phone.reload()  # the draft is back
    until(phone, "document.querySelector('#note-statement')?.value === '月底发工资，先还五百'")
    bar_says(phone, "1 项未发送")
    phone.click("#bar")
    shows(phone, "[data-page=outbox] li[data-event]")
    assert "已存在本机" in phone.inner_text("[data-page=outbox]")
    phone.reload()
    shows(phone, "[data-page=outbox] li[data-event]")
    phone.context.set_offline(False)
    bar_says(phone, "全部已发送")
    until(phone, "document.querySelector('[data-page=outbox]').textContent.includes('已发送 ✓ 编号')")
    said = shared_live.manage("shell", "-c", "from fieldvisit.models import Event; print(Event.objects.count())").stdout
    assert int(said.split()[-1]) == 1


def test_both_languages_are_on_the_phone(phone):
    sign_in(phone)
    phone.context.set_offline(True)
    phone.click("#nav a[href='/m/me']")
    phone.check("input[name=language][value=en]")
    until(phone, "document.querySelector('h1').textContent === 'Me' && document.documentElement.lang === 'en'")
    assert phone.inner_text("#nav").split() == ["Today", "Case", "Outbox", "Me"]
    bar_says(phone, "Everything sent")
    phone.click("#nav a[href='/m/today']")
    shows(phone, "[data-page=today]")
    assert "November" in phone.inner_text("h1")
    phone.reload()
    until(phone, "document.querySelector('h1')?.textContent.includes('November')")
    phone.click("#nav a[href='/m/me']")
    phone.check("input[name=theme][value=field]")
    assert phone.evaluate("document.documentElement.dataset.theme") == "field"
    phone.reload()
    shows(phone, "[data-page=me]")
    assert phone.evaluate("document.documentElement.dataset.theme") == "field"


def test_a_session_that_ends_is_renewed_in_place_and_the_work_goes_on(phone):
    sign_in(phone, "shenwei")
    phone.click("#nav a[href='/m/outbox']")
    shows(phone, "[data-page=outbox]")
    phone.context.clear_cookies()
    phone.evaluate("dispatchEvent(new Event('online'))")
    shows(phone, "#sign-in[open] [data-username=shenwei]")
    assert "已保存的内容都在本机" in phone.inner_text("#sign-in")
    phone.click("[data-username=shenwei]")
    until(phone, "!document.querySelector('#sign-in').open")
    assert phone.url.endswith("/m/outbox")
    bar_says(phone, "全部已发送")


def test_signing_out_with_unsent_work_asks_and_keeps_it(phone):
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 1)
    start_visit(phone)
    phone.click("#nav a[href='/m/me']")
    shows(phone, "[data-page=me]")
    phone.click("[data-page=me] .act button")
    shows(phone, "#ask[open]")
    assert "还有 1 项没有发送" in phone.inner_text("#ask")
    phone.click("text=不退出")
    until(phone, "!document.querySelector('#ask').open")
    phone.click("[data-page=me] .act button")
    phone.click("#ask button.stop")
    shows(phone, "#sign-in[open]")
    assert "未登录" in phone.inner_text("#bar")
    assert len(stored(phone)["outbox"]) == 1
    phone.context.set_offline(False)
    phone.reload()
    shows(phone, "#sign-in[open] [data-username]")
    phone.click("[data-username=zhoumin]")
    bar_says(phone, "全部已发送")
    assert stored(phone)["outbox"] == []


def test_two_tabs_number_and_send_as_one(phone):
    sign_in(phone)
    second = phone.context.new_page()
    second.goto("/m/today")
    shows(second, "[data-page=today]")
    phone.context.set_offline(True)
    open_visit(phone, 2)
    open_visit(second, 3)
    start_visit(phone)
    start_visit(second)
    for page in (phone, second):
        bar_says(page, "2 项未发送")
    phone.context.set_offline(False)
    for page in (phone, second):
        bar_says(page, "全部已发送")
    tips = phone.evaluate(
        """() => new Promise((done) => { const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => {
          const keys = asked.result.transaction('meta').objectStore('meta').getAll(IDBKeyRange.bound('tip:', 'tip;'))
          keys.onsuccess = () => done(keys.result.map(({ device_seq }) => device_seq)) } })"""
    )
    assert tips == [2]


def test_nothing_readable_lies_on_the_phone(phone):
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 4)
    name = phone.inner_text("h1")
    start_visit(phone)
    phone.goto(phone.url.replace("arrive", "talk"))
    shows(phone, "#note-statement")
    phone.fill("#note-statement", "他说工资迟发")
    phone.wait_for_timeout(1000)
    everything = stored(phone)
    assert everything["outbox"] and everything["mine"] and everything["pack"] and everything["drafts"]
    text = json.dumps(everything, ensure_ascii=False)
    assert "/m/visits/" not in text  # names of pack entries and drafts tell no address
    text += phone.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)")
    text += phone.evaluate(
        """async () => {
          let all = ''
          for (const name of await caches.keys()) {
            const cache = await caches.open(name)
            for (const request of await cache.keys()) {
              all += request.url
              if (!/png|svg/.test(request.url)) all += await (await cache.match(request)).text()
            }
          }
          return all
        }"""
    )
    for secret in (name, "工资迟发", "济南街"):
        assert secret not in text


class Newer(BaseHTTPRequestHandler):
    """The server with a newer worker, once `changed` is set."""

    changed = False
    port = 0

    def forward(self):
        length = int(self.headers.get("Content-Length") or 0)
        there = HTTPConnection("127.0.0.1", self.port)
        headers = dict(self.headers) | {"Accept-Encoding": "identity"}  # what is changed here must be readable
        there.request(self.command, self.asked(), self.rfile.read(length), headers)
        answer = there.getresponse()
        body = self.released(answer.read())
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = forward

    def asked(self):
        return self.path

    def released(self, body):
        if self.path == "/m/sw.js" and self.changed:
            body = re.sub(rb"fieldvisit-[0-9.]+\+[0-9a-f]{12}", b"fieldvisit-9.9.9+0123456789ab", body)
        return body

    def log_message(self, *_):
        pass


@pytest.fixture
def newer(shared_live):
    handler = type("Handler", (Newer,), {"port": shared_live.port})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url, server.newer = f"http://127.0.0.1:{server.server_port}", handler
    yield server
    server.shutdown()
    server.server_close()


def test_a_new_build_waits_until_he_says_so(newer, new_page):
    phone = new_page(newer, **PHONE)
    sign_in(phone)
    newer.newer.changed = True
    phone.evaluate("navigator.serviceWorker.getRegistration('/m/').then((known) => known.update()).then(() => true)")
    until(phone, "navigator.serviceWorker.getRegistration('/m/').then((known) => !!known.waiting)")
    phone.click("#nav a[href='/m/me']")
    shows(phone, "[data-page=me]")
    phone.click("text=更新到新版本")
    until(phone, "caches.keys().then((names) => names.join() === 'fieldvisit-9.9.9+0123456789ab')")
    shows(phone, "[data-page=me]")


def test_a_new_build_takes_over_at_load_before_anything_is_shown(newer, new_page):
    phone = new_page(newer, **PHONE)
    sign_in(phone)
    newer.newer.changed = True
    phone.evaluate("navigator.serviceWorker.getRegistration('/m/').then((known) => known.update()).then(() => true)")
    until(phone, "navigator.serviceWorker.getRegistration('/m/').then((known) => !!known.waiting)")
    with contextlib.suppress(Error):  # the page loads itself once more while it is loading
        phone.reload()
    until(phone, "caches.keys().then((names) => names.join() === 'fieldvisit-9.9.9+0123456789ab')")
    shows(phone, "[data-page=today]")


def test_the_worker_touches_nothing_but_the_shell_and_its_assets(phone):
    sign_in(phone)
    seen = []
    phone.context.on("request", lambda request: seen.append(request))
    phone.reload()
    shows(phone, "[data-page=today]")
    phone.wait_for_timeout(500)
    for request in seen:
        if not request.service_worker and ("/sync/" in request.url or request.headers.get("hx-request")):
            assert not request.response().from_service_worker, request.url


def test_a_fragment_that_is_not_what_it_says_is_not_taken(phone):
    sign_in(phone)
    phone.context.route(
        "**/m/cases",
        lambda route: (
            route.fulfill(
                status=200,
                body="<h1>Hotel</h1>",
                headers={"ETag": '"x"', "X-Fieldvisit-API": "1", "Content-Type": "text/html"},
            )
            if route.request.headers.get("hx-request")
            else route.continue_()
        ),
    )
    phone.click("#nav a[href='/m/cases']")
    shows(phone, "[data-page=cases]")
    phone.wait_for_timeout(300)
    assert "Hotel" not in phone.inner_text("main")
    assert hashlib.sha256(b"<h1>Hotel</h1>").hexdigest() not in json.dumps(stored(phone))
