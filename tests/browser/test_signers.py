"""Two sign with no signal, each in his own turn behind the lock; what is sealed afterwards shows both.

Where there is one for a moment, the debtor confirms with a code to his number.
"""

import re
import time
from pathlib import Path

import pytest

from tests.browsers import DESK, PHONE

from .test_day import (
    NAME,
    desk_sign_in,
    draw,
    end_visit,
    pdf_of,
    said_by,
    settled,
    shot,
    sign_in,
    talk_it_through,
    tick,
)
from .test_shell import bar_says, open_visit, shows, until

pytestmark = pytest.mark.browser


def read_and_sign(page, name, move=0):
    """From the hand-over to his own copy."""
    shows(page, "[data-page=sign] [name=id_check]")
    assert name in page.inner_text("[data-page=sign] h1")
    shot(page, f"hand-over-{move}")
    tick(page, "id_check", "seen:id-card")
    page.click("[data-page=sign] [type=submit]")
    shows(page, "canvas.glass")
    shot(page, f"sign-{move}", full_page=True)
    page.evaluate("document.querySelector('.deed').scrollIntoView({block: 'end'})")
    until(page, "document.querySelector('.pad .good')?.hidden === false")
    for consent in page.locator("[name=consent]").all():
        consent.check()
    draw(page, *[[(x + move, y) for x, y in stroke] for stroke in NAME])
    page.click(".act button >> nth=1")
    shows(page, "[data-page=sign] figure.copy img")


def read_cards(page, number):
    """At night the demo's hours are a change of rules: the cards that name it are read first."""
    if page.locator("[data-cards]").is_hidden():
        return
    page.click("[data-cards] a")
    shows(page, "[data-page=cards] form")
    while page.locator("[data-card]:not([data-read])").count():
        card = page.locator("[data-card]:not([data-read])").first.get_attribute("data-card")
        page.click(f"[data-card='{card}'] form button")
        shows(page, f"[data-card='{card}'][data-read]")
    page.click("#nav a[href='/m/today']")
    shows(page, "[data-page=today]")
    open_visit(page, number)
    until(page, "document.querySelector('[data-cards]').hidden")


def confirm(page, live):
    """With no signal it says so; with one the code of the message, entered on the glass, is the debtor's own word."""
    page.click("[data-confirm] button:visible")
    until(page, "document.querySelector('[data-confirm] .wrong').innerText.includes('没有信号')")
    page.context.set_offline(False)
    page.click("[data-confirm] button:visible")
    shows(page, "#confirm-code")
    messages, end = Path(live.environment["FIELDVISIT_DATA"]) / "messages.txt", time.monotonic() + 20
    while not (messages.exists() and (found := re.findall(r"验证码 (\d{6})", messages.read_text("utf-8")))):
        assert time.monotonic() < end
        time.sleep(0.1)
    page.fill("#confirm-code", found[-1])
    shot(page, "confirm", full_page=True)
    page.click("[data-confirm] [type=submit]")
    shows(page, "[data-confirmed]")
    page.context.set_offline(True)


def test_debtor_and_guarantor_sign_without_a_signal_and_the_paper_shows_both(live, new_page, tmp_path):
    phone = new_page(live, **PHONE)
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 2)
    read_cards(phone, 2)
    debtor = phone.inner_text("h1").strip()
    address = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    talk_it_through(phone)
    phone.locator("summary", has_text="还有别人签名").click()
    phone.check("[name=with][value=guarantor]")
    phone.click("[data-answers] button >> nth=1")
    until(phone, "document.querySelector('[data-step=agree] [data-wrong]').innerText.includes('保证人')")
    for field, value in {"name": "许立", "id": "330106198306152338", "relation": "朋友", "months": "6"}.items():
        phone.fill(f"#o-guarantor-{field}", value)
    shot(phone, "others", full_page=True)
    phone.click("[data-answers] button >> nth=1")
    read_and_sign(phone, debtor)
    confirm(phone, live)
    assert phone.locator("canvas").count() == 0  # nothing of his hand is left for the next one
    phone.click("[data-next-signer]")  # the lock comes between them; new_page knows the PIN
    read_and_sign(phone, "许立", move=0.05)
    assert "330106********2338" not in phone.inner_text("main")
    end_visit(phone)
    phone.context.set_offline(False)
    bar_says(phone, "全部已发送", 30)

    desk = new_page(live, **DESK)
    desk_sign_in(desk, "hejing")
    settled(desk, address)
    shot(desk, "review-signers", full_page=True)
    assert "印章验证通过" in desk.inner_text("main")
    paper = pdf_of(desk, tmp_path)
    assert "Signature is Valid" in said_by("pdfsig", paper)
    words = said_by("pdftotext", "-layout", paper, "-")
    for said in ("保证人", "许立", "330106********2338", "连带责任保证", "自愿保证", "债务人确认", "共输入 1 次"):
        assert said in words, said
