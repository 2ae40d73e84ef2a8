"""A browser becomes a phone: the office's code, whose it is, PIN and passkey; and the browsers in which it cannot."""

import json

import pytest

from tests.browsers import DESK, PHONE

from .test_day import desk_sign_in
from .test_shell import bar_says, open_visit, shows, sign_in, start_visit, stored
from .test_vault import LOCKED, enter, lock_now, see, wrong

pytestmark = pytest.mark.browser
PIN = "794613"
ENROL = "!!document.querySelector('#lock:not([hidden]) form[name=enrol]')"
TODAY = "!!document.querySelector('[data-page=today]') && document.querySelector('#lock').hidden"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.2 Mobile/15E148 Safari/604.1"
)
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.50"
)
# As WebKit under Lockdown Mode: a key is no thing that can be stored.
NO_KEYS = """(() => {
  const put = IDBObjectStore.prototype.put
  const holds = (value) => value instanceof CryptoKey || (value && typeof value === 'object'
    && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer) && Object.values(value).some(holds))
  IDBObjectStore.prototype.put = function (value, ...rest) {
    if (holds(value)) throw new DOMException('CryptoKey object could not be cloned', 'DataCloneError')
    return put.call(this, value, ...rest)
  }
})()"""
NO_STORE = """indexedDB.constructor.prototype.open = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError') }"""
# He taps the browser's own Cancel, once.
SAYS_NO = """() => { const real = navigator.credentials.get.bind(navigator.credentials)
  navigator.credentials.get = () => {
    navigator.credentials.get = real
    return Promise.reject(new DOMException('not allowed', 'NotAllowedError')) } }"""
KEYS = """() => new Promise((done) => { const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => {
  const got = asked.result.transaction('meta').objectStore('meta').get('keys:zhoumin')
  got.onsuccess = () => { asked.result.close(); const row = got.result ?? {}
    done({device: !!row.device, binder: !!row.binder, sealed: !!row.sealed, passkey: !!row.box?.passkey,
      id: row.device_id}) } } })"""


@pytest.fixture
def phone(shared_live, new_page):
    return new_page(shared_live, **PHONE)


def to_enrolment(page, username="zhoumin"):
    page.goto("/m/")
    shows(page, f"[data-username={username}]")
    page.click(f"[data-username={username}]")
    see(page, ENROL, 30)


def choose_pin(page, pin=PIN):
    page.fill("#lock [name=pin]", pin)
    page.fill("#lock [name=again]", pin)


def enrol(page):
    page.click("#lock .button.main")


def shell(server, code):
    said = server.manage("shell", "-v", "0", "-c", "from fieldvisit.models import *; import json; " + code).stdout
    return json.loads(said.strip().splitlines()[-1])


def the_device(server, device_id, *fields):
    names = ", ".join(f"device.{field}" for field in fields)
    return shell(server, f"device = Device.objects.get(pk='{device_id}'); print(json.dumps([{names}]))")


def test_the_office_issues_a_code_and_a_private_phone_is_enrolled_with_its_declaration(phone, shared_live, new_page):
    desk = new_page(shared_live, **DESK)
    desk_sign_in(desk, "chenjing")
    desk.goto("/office/devices/")
    desk.select_option("#collector", "zhoumin")
    desk.click("text=发登记码")
    code = desk.inner_text("[data-code]")
    assert "添加到主屏幕" in desk.inner_text("#issued")
    to_enrolment(phone)
    assert "只用一次" in phone.inner_text("#lock") and "建议" in phone.inner_text("#lock")
    phone.fill("#lock-code", "")
    enrol(phone)
    assert "请填写登记码" in wrong(phone)
    phone.fill("#lock-code", "AAAA-2222")
    choose_pin(phone)
    enrol(phone)
    see(phone, "document.querySelector('#lock [role=alert]').textContent.includes('还可以试')")
    phone.check("[name=owner][value=private]")
    assert "事先同意" in phone.inner_text("#lock")
    phone.fill("#lock-code", code.lower().replace("-", " "))
    enrol(phone)
    assert "勾选" in wrong(phone)
    phone.check("[name=consent]")
    enrol(phone)
    see(phone, TODAY)
    device = phone.evaluate(KEYS)["id"]
    got = the_device(shared_live, device, "owner", "keeps", "passkey", "consent.rule", "consent.version")
    assert got == ["private", "browser", False, "CN-CALL-03", "2026-11"]
    assert the_device(shared_live, device, "enrolment.issued_by.username") == ["chenjing"]
    desk.goto("/office/devices/")
    assert code not in desk.content() and "私人" in desk.inner_text("main")
    # it is asked for once: a forgotten PIN needs both factors and no code
    lock_now(phone)
    phone.click("text=忘记 PIN")
    phone.click("#lock .button.main")
    shows(phone, "#sign-in[open] [data-username=zhoumin]")
    phone.click("[data-username=zhoumin]")
    see(phone, "!!document.querySelector('#lock:not([hidden]) form[name=choose]')", 30)
    assert phone.evaluate(KEYS)["id"] == device


def test_in_the_demo_it_is_one_tap(phone):
    to_enrolment(phone)
    enrol(phone)
    see(phone, TODAY)


def test_an_iphone_enrols_from_the_home_screen_only(shared_live, new_page):
    tab = new_page(shared_live, **PHONE | {"user_agent": IPHONE})
    tab.goto("/m/")
    see(tab, "document.querySelector('main').textContent.includes('添加到主屏幕')")
    assert tab.locator("#sign-in[open]").count() == 0 and tab.locator("ol.steps li").count() == 3
    installed = new_page(shared_live, **PHONE | {"user_agent": IPHONE})
    installed.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
    to_enrolment(installed, "shenwei")
    assert "建议" not in installed.inner_text("#lock")
    enrol(installed)
    see(installed, TODAY)


@pytest.mark.parametrize("window", ["wechat", "no worker"])
def test_a_window_inside_another_app_says_where_to_open_it(window, shared_live, new_page):
    page = new_page(shared_live, **PHONE | ({"user_agent": WECHAT} if window == "wechat" else {}))
    if window == "no worker":
        page.add_init_script("delete Navigator.prototype.serviceWorker")
    page.goto("/m/")
    see(page, "document.querySelector('main').textContent.includes('Chrome 或 Safari')")
    assert shared_live.url in page.inner_text("main") and page.locator("#sign-in[open]").count() == 0


def authenticator(page, **options):
    said = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    said |= {"isUserVerified": True, "automaticPresenceSimulation": True, "hasPrf": True} | options
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": said})


def at_localhost(server):
    """A passkey belongs to a name; numbers have none."""
    return server.url.replace("127.0.0.1", "localhost")


def test_a_passkey_and_the_pin_open_together(shared_live, new_page):
    phone = new_page(shared_live, **PHONE)
    authenticator(phone)
    phone.goto(f"{at_localhost(shared_live)}/m/")
    shows(phone, "[data-username=zhoumin]")
    phone.click("[data-username=zhoumin]")
    see(phone, ENROL, 30)
    choose_pin(phone)
    enrol(phone)
    see(phone, "document.querySelector('#lock h1').textContent.includes('再加一把锁')")
    phone.click("#lock [name=use]")
    see(phone, TODAY)
    found = phone.evaluate(KEYS)
    assert found["passkey"] and the_device(shared_live, found["id"], "passkey") == [True]
    lock_now(phone)
    enter(phone, PIN)
    see(phone, "!!document.querySelector('[data-page=me]') && document.querySelector('#lock').hidden")
    lock_now(phone)
    # the PIN alone is not enough, and a refused passkey is no wrong PIN
    phone.evaluate(SAYS_NO)
    enter(phone, PIN)
    see(phone, "document.querySelector('#lock [role=alert]').textContent.includes('没有算作一次')")
    enter(phone, "258014")
    see(phone, "document.querySelector('#lock [role=alert]').textContent.includes('9')")
    enter(phone, PIN)
    see(phone, "!!document.querySelector('[data-page=me]') && document.querySelector('#lock').hidden")


def test_without_a_passkey_it_goes_on_too(shared_live, new_page):
    phone = new_page(shared_live, **PHONE)
    authenticator(phone, hasPrf=False)
    phone.goto(f"{at_localhost(shared_live)}/m/")
    shows(phone, "[data-username=shenwei]")
    phone.click("[data-username=shenwei]")
    see(phone, ENROL, 30)
    choose_pin(phone)
    enrol(phone)
    see(phone, "document.querySelector('#lock h1').textContent.includes('再加一把锁')")
    phone.click("#lock [name=use]")
    see(phone, "document.querySelector('#lock [role=alert]').textContent.includes('不能用来加密')")
    phone.click("#lock button >> text=不用通行密钥")
    see(phone, TODAY)


def test_where_the_browser_keeps_no_keys_the_pin_wraps_the_phones_key(phone, shared_live):
    phone.add_init_script(NO_KEYS)
    to_enrolment(phone)
    assert "锁定模式" in phone.inner_text("[data-keeps=pin]")
    choose_pin(phone)
    enrol(phone)
    see(phone, TODAY)
    found = phone.evaluate(KEYS)
    assert (found["device"], found["binder"], found["sealed"]) == (False, False, True)
    assert the_device(shared_live, found["id"], "keeps") == ["pin"]
    bar_says(phone, "全部已发送")
    phone.context.set_offline(True)
    open_visit(phone, 5)
    start_visit(phone)  # signed
    lock_now(phone)
    assert len(stored(phone)["outbox"]) == 1
    phone.context.set_offline(False)
    phone.evaluate("dispatchEvent(new Event('online'))")  # what is sealed already is sent while locked
    see(phone, "document.querySelector('#lock [data-bar]').textContent.includes('全部已发送')", 30)
    phone.reload()
    see(phone, LOCKED)
    enter(phone, PIN)
    see(phone, "!!document.querySelector('[data-page=me]') && document.querySelector('#lock').hidden")
    phone.goto("/m/today")
    see(phone, LOCKED)
    enter(phone, PIN)
    see(phone, TODAY)
    open_visit(phone, 4)
    start_visit(phone)
    see(phone, "document.querySelector('#bar').textContent.includes('全部已发送')", 30)
    count = f"print(Event.objects.filter(device='{found['id']}').count())"
    assert shell(shared_live, count) == 2
    # ten wrong PINs take this key with them: another phone, and another code
    lock_now(phone)
    phone.click("text=忘记 PIN")
    phone.click("#lock .button.main")
    shows(phone, "#sign-in[open] [data-username=zhoumin]")
    phone.click("[data-username=zhoumin]")
    see(phone, ENROL, 30)
    choose_pin(phone)
    enrol(phone)
    see(phone, "!!document.querySelector('[data-page=me]') && document.querySelector('#lock').hidden")
    assert phone.evaluate(KEYS)["id"] != found["id"]


def test_where_nothing_can_be_kept_pages_are_read_online_and_nothing_is_recorded(phone, shared_live):
    phone.add_init_script(NO_STORE)
    to_enrolment(phone)
    assert "什么都不保存" in phone.inner_text("[data-keeps=memory]")
    choose_pin(phone)
    enrol(phone)
    see(phone, TODAY)
    see(phone, "document.querySelector('[data-offline-ready]').textContent.includes('只能在线看')")
    open_visit(phone, 3)
    name = phone.inner_text("h1")
    assert name
    for box in phone.locator("#start input[type=checkbox]").all():
        box.check()
    phone.click("[data-step=prepare] [data-submit]:visible")
    see(phone, "document.querySelector('main').textContent.includes('所以没有记下')")
    assert phone.evaluate("!!document.querySelector('[data-step=prepare]')")
    phone.reload()
    see(phone, "!!document.querySelector('#sign-in[open]') || " + ENROL, 30)
    assert name not in phone.inner_text("body")


# --- locking by itself


def test_left_alone_for_fifteen_minutes_it_locks(phone):
    phone.clock.install()
    sign_in(phone)
    phone.clock.fast_forward("14:00")
    assert not phone.evaluate(LOCKED)
    phone.mouse.click(200, 300)  # he is here
    phone.clock.fast_forward("14:00")
    phone.wait_for_timeout(200)
    assert not phone.evaluate(LOCKED)
    phone.clock.fast_forward("01:15")
    see(phone, LOCKED)
    assert phone.evaluate("document.querySelector('main').textContent") == ""


HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})
  Object.defineProperty(document, 'visibilityState', {value: hidden ? 'hidden' : 'visible', configurable: true})
  document.dispatchEvent(new Event('visibilitychange')) }"""


def test_out_of_sight_for_five_minutes_it_locks_while_still_out_of_sight(phone):
    phone.clock.install()
    sign_in(phone)
    phone.evaluate(HIDE, True)
    phone.clock.fast_forward("04:40")
    phone.wait_for_timeout(200)
    assert not phone.evaluate(LOCKED)
    phone.clock.fast_forward("00:35")
    see(phone, LOCKED)
    assert phone.evaluate("document.querySelector('main').textContent") == ""


def test_locked_in_one_tab_it_is_locked_in_the_other(phone):
    sign_in(phone)
    other = phone.context.new_page()
    other.goto("/m/today")
    shows(other, "[data-page=today]")
    assert not phone.evaluate(LOCKED)
    lock_now(other)
    see(phone, LOCKED)
    assert phone.evaluate("document.querySelector('main').textContent") == ""
    enter(phone, "258013")
    see(phone, TODAY)
    assert other.evaluate(LOCKED)  # each tab asks for itself


def test_a_page_loaded_again_before_the_code_is_used_fills_it_in_again(phone):
    """It knows no token yet: what it posts first is not refused for that."""
    to_enrolment(phone)
    first = phone.input_value("#lock-code")
    phone.reload()
    see(phone, ENROL, 30)
    assert len(first) == len(phone.input_value("#lock-code")) == 9
