"""The sound of a visit in a real browser: announced, recorded on every page and while locked, and heard at the desk."""

import hashlib

import pytest

from tests.browsers import DESK, PHONE

from .test_day import TAP, desk_sign_in, take_photo
from .test_shell import bar_says, open_visit, shows, sign_in, start_visit, stored, until
from .test_vault import lock_now, see

pytestmark = pytest.mark.browser
EARS = PHONE | {"permissions": [*PHONE["permissions"], "microphone"]}
LINE = "document.querySelector('#sound:not([hidden])')?.innerText ?? ''"
SHOTS = None  # a folder, to look at every page by eye
PIECES = """new Promise((done) => { const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => {
  const rows = asked.result.transaction('pieces').objectStore('pieces').getAll()
  rows.onsuccess = () => { asked.result.close(); done(rows.result.map(({ n, ms }) => ({ n, ms }))) } } })"""
SAID = """document.querySelector('audio') && new Promise((done) => { const sound = document.querySelector('audio')
  sound.onerror = () => done(`error ${sound.error.code}`); sound.onended = () => done(sound.currentTime)
  sound.muted = true; sound.playbackRate = 8; sound.play() })"""


def shot(page, name, **options):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", **options)


@pytest.fixture
def phone(live, new_page):
    page = new_page(live, **EARS)
    sign_in(page)
    open_visit(page, 0)
    start_visit(page)
    return page


def begin(page):
    page.check("[name=recording_announced]")
    page.click("[data-record]")
    until(page, f"({LINE}).includes('录音中')")


def consent(page):
    page.check("[name=identity_shown]")
    page.check("[name=present][value=debtor]")
    page.check("[name=entry][value=given]")
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")


def leave(page):
    page.fill("#note-statement", "月底发工资后还。")
    page.click("[data-step=talk] [data-next$=leave]")
    shows(page, "[data-step=leave]")
    page.check("[name=outcome][value=no_agreement]")
    page.check("[name=next_action][value=none]")
    page.click("[data-step=leave] [data-submit]:visible")
    shows(page, "[data-page=today]")


def events(live):
    said = live.manage(
        "shell", "-c",
        "from fieldvisit.models import Event; print([e.type for e in Event.objects.order_by('device_seq')])",
    )  # fmt: skip
    return str(getattr(said, "stdout", said))


def test_nothing_is_recorded_before_it_was_said(phone):
    shot(phone, "sound-before", full_page=True)
    phone.click("[data-record]")
    until(phone, "document.querySelector('[data-act] [data-wrong]').textContent.includes('先告知')")
    assert phone.evaluate(LINE) == "" and phone.evaluate(PIECES) == []


def test_a_visit_is_recorded_from_the_announcement_to_its_end_and_heard_at_the_desk(phone, live, new_page):
    begin(phone)
    shot(phone, "sound-arrive", full_page=True)
    bar_says(phone, "录音中", 3)
    assert phone.locator("[data-record]").is_hidden()
    consent(phone)
    shot(phone, "sound-talk")
    until(phone, f"{PIECES}.then((rows) => rows.some((row) => row.n >= 2))", 15)
    visit = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    for where in ("/m/today", f"{visit}/prepare", f"{visit}/talk"):
        phone.evaluate(TAP, where)
        until(phone, f"location.pathname === '{where}' && ({LINE}).includes('录音中')")
    until(phone, "document.querySelector('#sound button')?.getBoundingClientRect().height >= 48")

    lock_now(phone)
    see(phone, "document.querySelector('#lock [data-bar]').textContent.includes('录音中')")
    before = len(phone.evaluate(PIECES))
    see(phone, f"{PIECES}.then((rows) => rows.length > {before + 1})")  # it goes on without the PIN
    shot(phone, "sound-locked")
    shows(phone, "[data-page=me]")
    phone.evaluate(TAP, f"{visit}/talk")
    shows(phone, "[data-step=talk]")
    inside = "\n".join(stored(phone)["pieces"])
    # sealed, not sound; four bytes, because two stand in any sealed text by chance
    assert "\x1aE\xdf\xa3" not in inside and "OpusHead" not in inside
    leave(phone)
    assert phone.evaluate(LINE) == "" and phone.evaluate(PIECES) == []
    bar_says(phone, "全部已发送", 30)
    kinds = events(live)
    assert kinds.index("visit.announced/1") < kinds.index("visit.recording/1") < kinds.index("visit.ended/1")

    desk = new_page(live, **DESK)
    desk_sign_in(desk, "hejing")
    desk.goto(f"/office/visits/{visit.rsplit('/', 1)[1]}/")
    shows(desk, "audio")
    shot(desk, "sound-desk")
    assert "录音" in desk.inner_text("#review-sound ~ p, section:has(#review-sound)")
    length = until(desk, SAID, 60)
    assert isinstance(length, (int, float)) and length > 6, length
    assert desk.locator(".tag.good").count()  # complete


def test_pausing_goes_on_in_a_new_file_and_an_objection_is_logged(phone, live):
    begin(phone)
    consent(phone)
    phone.wait_for_timeout(3500)
    phone.click("[data-sound-do=pause]")
    until(phone, f"({LINE}).includes('已暂停')")
    shot(phone, "sound-paused")
    assert phone.evaluate(PIECES) == []
    phone.click("[data-sound-do=again]")
    until(phone, f"({LINE}).includes('录音中')")
    phone.wait_for_timeout(1500)
    phone.click("[data-sound-do=stop]")
    shows(phone, "[data-ended=objected]")
    shot(phone, "sound-stop")
    phone.click("[data-ended=objected]")
    until(phone, f"({LINE}) === ''")
    leave(phone)
    bar_says(phone, "全部已发送", 30)
    kinds = events(live)
    assert kinds.count("visit.recording/1") == 2 and kinds.count("visit.announced/1") == 1
    assert kinds.count("visit.objected/1") == 1


def test_what_a_reload_cut_off_is_said_and_kept(phone, live):
    begin(phone)
    consent(phone)
    until(phone, f"{PIECES}.then((rows) => rows.some((row) => row.n >= 2))", 15)
    phone.reload()
    shows(phone, "[data-step=talk]")
    until(phone, f"({LINE}).includes('中断')", 15)
    shot(phone, "sound-cut")
    assert phone.evaluate(PIECES) == []
    phone.click("[data-sound-do=again]")
    until(phone, f"({LINE}).includes('录音中')")
    leave(phone)
    bar_says(phone, "全部已发送", 30)
    assert events(live).count("visit.recording/1") == 2


def test_a_refused_microphone_is_said_and_the_visit_goes_on(live, new_page):
    page = new_page(live, **PHONE)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    sign_in(page)
    open_visit(page, 0)
    start_visit(page)
    page.check("[name=recording_announced]")
    page.click("[data-record]")
    until(page, "document.querySelector('[data-act] [data-wrong]').textContent.includes('麦克风')")
    consent(page)


def test_a_recorder_is_named_at_the_door_and_its_hash_comes_later(phone, live, tmp_path):
    phone.click("details summary:has-text('录音')")
    phone.fill("#recorder-reference", "LY-0042")
    phone.fill("#recorder-file", "A0017")
    shot(phone, "recorder", full_page=True)
    phone.check("[name=recording_announced]")
    consent(phone)
    visit = phone.evaluate("location.pathname").rsplit("/", 1)[0]
    phone.evaluate(TAP, f"{visit}/arrive")
    shows(phone, "[data-step=arrive]")
    until(phone, "document.querySelector('[data-list=\"visit.recorder/1\"]').textContent.includes('LY-0042')")
    if not phone.evaluate("document.querySelector('[data-list=\"visit.recorder/1\"]').closest('details').open"):
        phone.click("details summary:has-text('录音')")
    phone.set_input_files(
        "[data-list='visit.recorder/1'] input", {"name": "A0017.wav", "mimeType": "audio/wav", "buffer": b"RIFF1"}
    )
    until(phone, "document.querySelector('[data-list=\"visit.recorder/1\"]').textContent.includes('A0017.wav')")
    shot(phone, "recorder-kept", full_page=True)
    bar_says(phone, "全部已发送", 30)
    said = live.manage(
        "shell", "-c", "from fieldvisit.models import RecorderFile; print(RecorderFile.objects.get().sha256)"
    )
    assert hashlib.sha256(b"RIFF1").hexdigest() in str(getattr(said, "stdout", said))


def test_photos_are_put_in_order_and_the_order_is_sent(phone, live):
    phone.check("[name=recording_announced]")
    consent(phone)
    for caption in ("一", "二", "三"):
        take_photo(phone, "door", caption)
    names = "[...document.querySelectorAll('.strip figure [data-slot=caption]')].map((it) => it.textContent).join('')"
    assert until(phone, f"({names}).length === 3 && {names}") == "一二三"
    shot(phone, "photo-order", full_page=True)
    phone.click(".strip figure >> nth=2 >> [data-move='-1']")
    until(phone, f"{names} === '一三二'")
    box = phone.locator("[data-move='-1']").nth(1).bounding_box()
    assert box["height"] >= 48 and box["width"] >= 48
    phone.wait_for_timeout(500)
    phone.reload()
    shows(phone, "[data-step=talk]")
    until(phone, f"{names} === '一三二'")
    leave(phone)
    bar_says(phone, "全部已发送", 30)
    said = live.manage(
        "shell", "-c",
        "from fieldvisit import course; from fieldvisit.models import Visit; "
        "print('order', ''.join(p.caption for p in course.photos(Visit.objects.exclude(ended_at=None).get())))",
    )  # fmt: skip
    assert "order 一三二" in str(getattr(said, "stdout", said))
