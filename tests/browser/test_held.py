"""Held work and phones at a supervisor's desk: decided and ordered in a real browser, with nothing axe objects to."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_office import STANDARDS

from .test_shell import until

pytestmark = pytest.mark.browser


def sign_in(page, who="chenjing"):
    page.goto("/sign-in/")
    page.click(f"button[value={who}]")
    page.wait_for_selector("#main")


def played(server):
    server.manage("shell", "-c", "from tests.fieldvisit.played import held_in_demo; held_in_demo()")


def test_a_supervisor_decides_held_work_and_locks_a_phone(live, desk, tmp_path):
    played(live)
    sign_in(desk)
    assert desk.locator(".alarms li").count() >= 3
    for path in ("/office/held/", "/office/devices/"):
        for language in ("zh-hans", "en"):
            desk.goto(path)
            if desk.locator("html").get_attribute("lang") != language:
                desk.click(f"button[value={language}]")
                desk.wait_for_selector(f"html[lang={language}]")
            found = Axe().run(desk, options={"runOnly": STANDARDS})
            assert not found.response["violations"], found.generate_report()
            for width in (1280, 768, 320):
                desk.set_viewport_size({"width": width, "height": 800})
                wide = desk.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{path} is {wide} px wide at {width}"
                desk.screenshot(path=tmp_path / f"{path.split('/')[2]}-{language}-{width}.png", full_page=width != 1280)
            desk.set_viewport_size({"width": 1280, "height": 800})

    desk.goto("/office/held/")
    before = desk.locator(".held > li").count()
    item = desk.locator(".held > li", has=desk.locator("textarea")).first
    item.locator("button[value=accept]").click()
    assert desk.locator("textarea[aria-invalid=true]").count() == 1
    desk.keyboard.type("Checked with the collector.")
    desk.locator("textarea[aria-invalid=true]").locator("xpath=ancestor::form").locator("button[value=accept]").click()
    until(desk, f"document.querySelectorAll('.held > li').length === {before - 1}")
    assert "Checked with the collector." in desk.inner_text("#main")

    desk.goto("/office/devices/")
    row = desk.locator("tr", has_text="周敏")
    row.locator("summary").click()
    desk.screenshot(path=tmp_path / "orders.png")
    row.locator("button[value=lock]").click()
    desk.wait_for_load_state()
    assert "lock ordered" in desk.locator("tr", has_text="周敏").inner_text()
