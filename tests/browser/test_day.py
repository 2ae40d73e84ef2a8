"""The main job, end to end: a bank's file, a visit with no signal, photos, a signature, a sealed paper, a review."""

import json
import re
import subprocess
import time

import pytest

from tests.browsers import DESK, PHONE

from .test_shell import bar_says, open_visit, shows, sign_in, until

pytestmark = pytest.mark.browser
SHOTS = None  # a folder, to look at every page by eye


def shot(page, name, **options):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", **options)


def tick(page, name, *values):
    for value in values:
        page.check(f"[name={name}][value='{value}']")


def take_photo(page, kind, caption):
    page.click("[data-camera]")
    shows(page, "[data-shutter]")
    until(page, "document.querySelector('[data-view=video]').videoWidth > 0")
    page.click("[data-shutter]")
    shows(page, "[data-stage=keep]:not([hidden])")
    page.select_option("[name=kind]", kind)
    page.fill("[name=caption]", caption)
    page.click("[data-dialog=camera] [type=submit]")
    until(page, "!document.querySelector('[data-dialog=camera]').open")


def draw(page, *strokes):
    """Real touches on the glass; `strokes` are lists of (x, y) as shares of the pad."""
    page.evaluate("document.querySelector('canvas.glass').scrollIntoView({block: 'center'})")
    box = page.locator("canvas.glass").bounding_box()
    touch = page.context.new_cdp_session(page)
    for stroke in strokes:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for point in points[1:]:
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
            page.wait_for_timeout(12)
        page.wait_for_timeout(200)  # the first tap right after a stroke is swallowed otherwise
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


NAME = [
    [(0.2 + 0.02 * i, 0.2 + 0.03 * i) for i in range(14)],
    [(0.35 + 0.015 * i, 0.7 - 0.03 * i) for i in range(14)],
    [(0.6, 0.2 + 0.04 * i) for i in range(14)],
]


def told(page, **figures):
    """At Agree: income and spending first, then the plans that this household can carry."""
    page.click("[data-step=agree] [data-first] a[href$=statement]:visible")
    shows(page, "[data-page=statement] [data-left]")
    for item, yuan in (figures or {"wage": 9000, "food": 1800, "rent": 1500}).items():
        page.fill(f"#f-{item}", str(yuan))
    shot(page, "statement", full_page=True)
    page.click("[data-page=statement] [data-submit]:visible")
    shows(page, "[data-page=agree] .home")


def talk_it_through(page):
    """From Prepare to the end of Talk, as a collector taps it."""
    tick(page, "bring", "work-card", "mandate", "rights-card", "recorder")
    page.check("#start [name=second]")
    page.click("[data-step=prepare] [data-submit]:visible")
    shows(page, "[data-step=arrive]")
    page.check("[name=identity_shown]")
    page.check("[name=recording_announced]")
    page.check("#consent [name=second]")
    tick(page, "present", "debtor")
    tick(page, "entry", "given")
    shot(page, "arrive", full_page=True)
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")
    page.fill("#note-statement", "公司 4 月起每月只发一半工资，愿意还，每月六七百可以。")
    page.fill("#note-observation", "出示了 4 至 9 月工资条。")
    page.fill("#note-opinion", "收入已稳定，12 期较稳妥。")
    take_photo(page, "door", "门牌")
    take_photo(page, "document", "工资条")
    shot(page, "talk", full_page=True)
    page.click("[data-step=talk] [data-next$=agree]")
    told(page)


def sign_it(page):
    """Chooses the middle plan, hands the phone over, reads to the end and signs; → the check code shown before."""
    shot(page, "agree", full_page=True)
    page.click("[data-answers] button >> nth=1")
    shows(page, "[data-page=sign] [name=id_check]")
    shot(page, "hand-over")
    tick(page, "id_check", "seen:id-card")
    page.click("[data-page=sign] [type=submit]")
    shows(page, "canvas.glass")
    shot(page, "sign", full_page=True)
    before = page.inner_text(".check-code .code")
    assert page.locator("nav").is_hidden()
    page.click(".act button >> nth=1")  # too early: it says why
    assert "看到协议的最后" in page.inner_text(".pad .wrong") or "四句话" in page.inner_text(".pad .wrong")
    page.evaluate("document.querySelector('.deed').scrollIntoView({block: 'end'})")
    until(page, "document.querySelector('.pad .good')?.hidden === false")
    assert "一句话：这是双方认可的欠款总数。" in page.inner_text(".deed [data-key=c3]")
    assert page.locator(".deed .key").count() == page.locator(".deed .key .plain").count()
    page.locator(".deed [data-key=c9]").scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    for consent in page.locator("[name=consent]").all():
        consent.check()
    draw(page, *NAME)
    shot(page, "signed-pad")
    page.click(".act button >> nth=1")
    shows(page, "[data-page=sign] figure.copy img")
    shot(page, "signed", full_page=True)
    assert page.inner_text(".check-code .code") == before
    return before


def end_visit(page):
    page.click("[data-page=sign] .act a")
    shows(page, "[data-step=leave]")
    tick(page, "outcome", "agreement")
    tick(page, "next_action", "none")
    page.check("[name=copy_left]")
    shot(page, "leave", full_page=True)
    page.click("[data-step=leave] [data-submit]:visible")
    shows(page, "[data-page=today]")


def pdf_of(desk, folder):
    link = desk.locator("a[href$='/pdf']").first.get_attribute("href")
    paper = folder / "paper.pdf"
    paper.write_bytes(desk.context.request.get(link).body())
    return paper


def said_by(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout


def desk_sign_in(page, username):
    page.goto("/sign-in/")
    page.click(f"[value={username}]")
    until(page, "location.pathname.startsWith('/office/')")


def test_a_day_from_the_banks_file_to_the_reviewed_paper(live, new_page, tmp_path):
    refused = tmp_path / "refused.csv"
    said = live.manage("import_cases", "fieldvisit/demo/bank-b.csv", "--profile", "bank-b", "--refused", str(refused))
    assert len(refused.read_text("utf-8-sig").splitlines()) == 6, said

    phone = new_page(live, **PHONE)
    sign_in(phone)
    shot(phone, "today")
    phone.context.set_offline(True)
    open_visit(phone, 0)
    debtor = phone.inner_text("h1").strip()
    address = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    shot(phone, "prepare", full_page=True)
    talk_it_through(phone)
    code = sign_it(phone)

    # a reload with no signal returns to the same place and shows what was done
    phone.reload()
    shows(phone, "[data-page=sign] figure.copy img")
    assert phone.inner_text(".check-code .code") == code
    way = ("[data-step=agree]", "[data-page=statement] [data-left]", "[data-step=agree]", "[data-step=talk]")
    for before in way:
        phone.evaluate("history.back()")
        shows(phone, before)
    until(phone, "document.querySelector('[data-step=talk]')?.innerText.includes('工资条')")
    for after in (*way[2::-1], "[data-page=sign] figure.copy img"):
        phone.evaluate("history.forward()")
        shows(phone, after)
    for again in ("[data-step=agree]", "[data-page=statement] [data-left]"):  # each of them also after a reload
        phone.evaluate("history.back()")
        shows(phone, again)
        phone.reload()
        shows(phone, again)
    for after in ("[data-step=agree]", "[data-page=sign] figure.copy img"):
        phone.evaluate("history.forward()")
        shows(phone, after)
    end_visit(phone)
    bar_says(phone, "未发送")
    phone.click("#bar")
    shows(phone, "[data-page=outbox]")
    shot(phone, "outbox", full_page=True)

    phone.context.set_offline(False)
    bar_says(phone, "全部已发送", 30)
    shot(phone, "outbox-sent", full_page=True)

    desk = new_page(live, **DESK)
    desk_sign_in(desk, "hejing")
    until(desk, f"document.body.innerText.includes({json.dumps(debtor)})")
    settled(desk, address)
    shot(desk, "review")
    text = desk.inner_text("main")
    assert code in text
    assert "印章验证通过" in text
    judge_paper(pdf_of(desk, tmp_path), debtor, code)

    # nothing came twice, and the chain stands
    count = live.manage("shell", "-c", "from fieldvisit.models import Event; print('events', Event.objects.count())")
    assert "events 11" in str(getattr(count, "stdout", count))
    live.manage("verify_record")

    desk.keyboard.press("r")
    desk.fill("[name=sentence]", "请补拍楼道照片。")
    shot(desk, "return")
    desk.click("[value=returned]:visible")
    until(desk, "document.body.innerText.includes('已退回')")
    # nothing is told to a phone while the decision can be taken back
    live.manage("shell", "-c", """
from datetime import timedelta
from fieldvisit.models import ReviewDecision
for row in ReviewDecision.objects.all():
    ReviewDecision.objects.filter(pk=row.pk).update(at=row.at - timedelta(minutes=1))
""")
    phone.goto("/m/today")
    until(phone, "document.body.innerText.includes('请补拍楼道照片')", 20)
    shot(phone, "returned")


def judge_paper(paper, debtor, code):
    """By tools that are not ours: the seal, the fonts, the name, the code and every instalment."""
    signature = said_by("pdfsig", paper)
    assert "Signature is Valid" in signature and "Total document signed" in signature
    fonts = said_by("pdffonts", paper).splitlines()[2:]
    assert fonts and all(re.search(r"\byes\s+(yes|no)\s+yes\b", line) for line in fonts), fonts
    words = said_by("pdftotext", "-layout", paper, "-")
    assert debtor in words and code in words
    assert len(re.findall(r"^\s*\d+\s+20\d\d-\d\d-\d\d\s", words, re.M)) == 12, words


def test_the_signal_may_go_in_the_middle_of_a_visit(live, new_page):
    """What was sent while there was a signal counts on every page that was fetched before it."""
    phone = new_page(live, **PHONE)
    sign_in(phone)
    open_visit(phone, 0)
    visit = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    talk_it_through(phone)
    bar_says(phone, "全部已发送", 30)
    phone.context.set_offline(True)
    for step in ("arrive", "talk", "agree", "leave", "prepare"):
        phone.evaluate(TAP, f"{visit}/{step}")
        shows(phone, f"[data-step={step}]")
        phone.wait_for_timeout(300)
        blocked = phone.locator("[data-blocked]:visible")
        assert blocked.count() == 0, f"{step}: {blocked.first.inner_text()}"
    assert phone.locator("#start").is_hidden()


TAP = """(url) => { const link = document.createElement('a'); link.setAttribute('href', url)
  document.querySelector('main').append(link); link.click() }"""


def settled(desk, address, seconds=40):
    """The worker seals or holds in its own time; the page is asked again until it says which."""
    visit = address.rsplit("/", 1)[1]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        desk.goto(f"/office/visits/{visit}/")
        if desk.locator("a[href$='/pdf'], .tag.warn").count():
            return
        desk.wait_for_timeout(500)
    raise AssertionError(desk.inner_text("main"))
