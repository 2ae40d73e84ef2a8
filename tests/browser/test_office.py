"""A reviewer's desk in a real browser: by keys, without page loads, without script, and with nothing axe objects to."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browsers import DESK

pytestmark = pytest.mark.browser
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def played(server, count=3):
    server.manage("shell", "-c", f"from tests.fieldvisit.played import in_demo; in_demo({count})")


def sign_in(page, who="hejing"):
    page.goto("/sign-in/")
    page.click(f"button[value={who}]")
    page.wait_for_selector("#queue-figures")


def names(page):
    return page.locator("#queue b").all_inner_texts()


def settled(page, name):
    page.locator("#main h1", has_text=name).wait_for()
    page.wait_for_timeout(450)  # keys rest after a swap


def test_a_reviewer_works_the_queue_by_keys_without_a_page_load(live, desk):
    played(live)
    sign_in(desk)
    first, second, third = names(desk)
    desk.evaluate("document.body.dataset.same = 'yes'")

    desk.keyboard.press("j")
    settled(desk, second)
    assert desk.locator("#queue [aria-current] b").inner_text() == second
    assert second in desk.title()
    desk.keyboard.press("k")
    settled(desk, first)

    desk.click("a[data-photo]")
    desk.locator("#lightbox[open] img").wait_for()
    desk.keyboard.press("a")  # no decision behind an open picture
    desk.keyboard.press("Escape")
    assert names(desk) == [first, second, third]

    desk.keyboard.press("r")
    desk.click("button[value=returned]")
    desk.locator("textarea[aria-invalid=true]:focus").wait_for()
    desk.keyboard.type("请补拍门牌。")
    desk.click("button[value=returned]")
    settled(desk, second)
    assert first in desk.inner_text("#said")
    desk.keyboard.press("a")
    settled(desk, third)
    assert names(desk) == [third]
    desk.keyboard.press("?")
    desk.uncheck("#keys-on")
    desk.keyboard.press("Escape")
    desk.keyboard.press("a")
    desk.wait_for_timeout(300)
    assert names(desk) == [third]
    desk.click("button[value=approved]")
    desk.locator("#main .empty").wait_for()
    assert "3" in desk.inner_text("#queue-figures")
    assert desk.evaluate("document.body.dataset.same") == "yes"

    desk.go_back()
    desk.locator("#main h1", has_text=third).wait_for()


def test_the_same_work_is_done_without_script(live, new_page):
    played(live, 2)
    page = new_page(live, **DESK, java_script_enabled=False)
    sign_in(page)
    first, second = names(page)
    page.click("[rel=next]")
    assert page.inner_text("h1") == second
    page.click(".decide summary")
    page.fill("textarea", "请说明原因。")
    page.click("button[value=returned]")
    assert page.inner_text("h1") == first
    page.click("button[value=approved]")
    assert names(page) == []


@pytest.fixture(scope="module")
def stocked(shared_live):
    """One visit waits; nobody decides it."""
    played(shared_live, 1)
    return shared_live


DOORS = [f"/office/{door}/" for door in (
    "days", "held", "door", "playbook", "training", "rules", "creditors", "devices", "payments", "clauses",
    "checkpoints", "figures", "concerns",
)]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_in_either_language(stocked, new_page, scheme):
    page = new_page(stocked, **DESK | {"color_scheme": scheme, "bypass_csp": True})
    page.goto("/sign-in/")
    found, pages = {}, DOORS if scheme == "light" else ()

    def look(name):
        answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
        wrong = [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in answer.response["violations"]]
        found.update({f"{name} {language}": wrong} if wrong else {})

    language = "zh-hans"
    look("sign-in")
    sign_in(page)
    for language in ("zh-hans", "en"):
        page.goto("/office/")
        switch = page.locator(f"button[value={language}]")
        if switch.count():
            switch.click()
        page.locator(f"html[lang={language}]").wait_for()
        look("review")
        page.keyboard.press("r")
        page.click("button[value=returned]")
        page.locator("textarea[aria-invalid=true]").wait_for()
        look("refused")
        page.keyboard.press("Escape")
        page.click("a[data-photo]")
        look("light box")
        page.keyboard.press("Escape")
        for path in ("/office/cases/", "/office/cases/?q=none", "/none/", stocked_case(page), *pages):
            page.goto(path)
            look(path)
    assert not found, found


def stocked_case(page):
    return page.get_attribute(".head p a", "href")


def test_no_page_is_wider_than_the_desk_down_to_a_phone(stocked, new_page):
    page = new_page(stocked, **DESK)
    sign_in(page)
    paths = ["/office/", "/office/cases/", stocked_case(page), "/none/"]
    for width in (1280, 1024, 640, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (width, path)
