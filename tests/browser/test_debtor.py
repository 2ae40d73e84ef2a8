"""The debtor's page on a phone of 390 × 844, in both languages: opened, read, used; axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_office import STANDARDS
from tests.browsers import PHONE

pytestmark = pytest.mark.browser


def clean(page, name, folder):
    found = Axe().run(page, options={"runOnly": STANDARDS})
    assert not found.response["violations"], f"{name}: {found.generate_report()}"
    page.screenshot(path=folder / f"{name}.png", full_page=True)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} is {wide} px wide at {width}"


@pytest.fixture
def link(live):
    said = live.manage("shell", "-c", "from tests.agreements.played import debtor; debtor()").stdout.split()
    return "/d/" + said[-2].rsplit("/", 1)[1], said[-1]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_he_reads_complains_and_takes_it_back_without_any_script(live, new_page, link, language, tmp_path):
    page = new_page(live, **PHONE | {"java_script_enabled": True})
    path, last_four = link
    page.goto(path)
    if page.locator("html").get_attribute("lang") != language:
        page.click(f"button[value={language}]")
        page.wait_for_selector(f"html[lang={language}]")
    clean(page, f"closed-{language}", tmp_path)
    page.fill("#identity", "0000")
    page.click("form:has(#identity) button")
    page.wait_for_selector("#identity-error")
    clean(page, f"wrong-{language}", tmp_path)
    page.fill("#identity", last_four)
    page.click("form:has(#identity) button")
    page.wait_for_selector(".terms")
    page.click("summary")
    clean(page, f"own-{language}", tmp_path)
    page.click("header a")
    page.wait_for_selector("html.bigger")
    clean(page, f"bigger-{language}", tmp_path)
    for kind in ("new-plan", "complaint"):
        page.click(f"a[href*='concerns/{kind}']")
        page.wait_for_selector("#text")
        clean(page, f"{kind}-{language}", tmp_path)
        page.fill("#text", "我上个月病了，工资少了。")
        page.click("main form button")
        page.wait_for_selector("#answers")
    page.click("a[href*='withdrawal']")
    page.wait_for_selector("#reason")
    clean(page, f"withdrawal-{language}", tmp_path)
    page.check("[name=sure]")
    page.click("main form button")
    page.wait_for_selector("#answers")
    assert page.locator(".terms").count() == 0
    clean(page, f"void-{language}", tmp_path)


def test_the_desk_answers(live, desk, link, tmp_path):
    live.manage(
        "shell", "-c",
        "from agreements.models import *; from agreements import concerns; from django.utils import timezone; "
        "a = Agreement.objects.get(state='sealed'); "
        "said = dict(offer=a.offer, agreement=a, text='我已还过一期。', month_fen=50000, language='zh-hans'); "
        "[concerns.receive(kind=k, now=timezone.now(), **said) for k in ('complaint', 'dispute', 'new-plan')]",
    )  # fmt: skip
    desk.goto("/sign-in/")
    desk.click("button[value=chenjing]")
    desk.wait_for_selector("#main")
    for language in ("zh-hans", "en"):
        for name, path in (("concerns", "/office/concerns/"), ("payments", "/office/payments/")):
            desk.goto(path)
            if desk.locator("html").get_attribute("lang") != language:
                desk.click(f"button[value={language}]")
                desk.wait_for_selector(f"html[lang={language}]")
            found = Axe().run(desk, options={"runOnly": STANDARDS})
            assert not found.response["violations"], found.generate_report()
            desk.screenshot(path=tmp_path / f"{name}-{language}.png", full_page=True)
        desk.goto("/office/concerns/")
        desk.click(".held a")
        desk.wait_for_selector("#case-payments")
        found = Axe().run(desk, options={"runOnly": STANDARDS})
        assert not found.response["violations"], found.generate_report()
        desk.screenshot(path=tmp_path / f"case-{language}.png", full_page=True)
