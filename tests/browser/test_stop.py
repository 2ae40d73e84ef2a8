"""Behind the door: a bystander is covered before a photo is kept, words are read once, one tap stops the visit."""

import io
import json

import pytest
from PIL import Image

from tests.browsers import DESK, PHONE
from tests.faults.client import choose_photo

from .test_day import desk_sign_in
from .test_photos import jpeg
from .test_shell import bar_says, open_visit, shows, sign_in, start_visit, until

pytestmark = pytest.mark.browser
FILLED = [38, 33, 28]


def test_a_covered_photo_a_word_and_a_stop_with_no_signal_reach_the_desk(live, new_page):
    phone = new_page(live, **PHONE)
    sign_in(phone)
    phone.context.set_offline(True)
    open_visit(phone, 0)
    start_visit(phone)
    for box in ("[name=identity_shown]", "[name=present][value=debtor]", "[name=entry][value=given]"):
        phone.check(box)
    phone.click("[data-step=arrive] [data-submit]:visible")
    shows(phone, "[data-step=talk]")

    choose_photo(phone, {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg((1200, 800))})
    phone.click("[data-cover]")
    shows(phone, "[data-cover-tools]:not([hidden])")
    box = phone.locator("[data-view=cover]").bounding_box()
    phone.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] * 0.1)
    phone.mouse.down()
    phone.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.9, steps=3)
    phone.mouse.up()
    for button in ("[data-middle]", "[data-undo]", "[data-middle]", "[data-step=right]"):
        phone.click(button)
    phone.click("[data-dialog=camera] [type=submit]")
    until(phone, "!document.querySelector('[data-dialog=camera]').open")

    phone.fill("#note-statement", "他说自己不是老赖")  # his words are his
    phone.fill("#note-opinion", "此人是老赖")
    phone.click("[data-step=talk] .act [data-submit]:visible")
    until(phone, "document.querySelector('.act [data-wrong]').textContent.includes('“老赖”（威胁、羞辱或施压）')")

    phone.click("[data-opens=stop]")
    phone.check("[name=reason][value=distress]")
    phone.click("[data-dialog=stop] [type=submit]")
    shows(phone, "[data-page=today]")
    phone.context.set_offline(False)
    bar_says(phone, "全部已发送", 30)

    said = live.manage(
        "shell", "-v", "0", "-c",
        "import json; from fieldvisit import store; from fieldvisit.models import Hold, Photo; "
        "row = Photo.objects.get(); "
        "print(json.dumps([row.covered, store.read(row.sha256).hex(), Hold.objects.get().reason]))",
    )  # fmt: skip
    covered, data, reason = json.loads(said.stdout)
    image = Image.open(io.BytesIO(bytes.fromhex(data)))
    assert (covered, reason, image.size) == (2, "distress", (1200, 800))
    near = lambda at: max(abs(a - b) for a, b in zip(image.getpixel(at), FILLED, strict=True)) < 8  # noqa: E731
    assert [near(at) for at in ((200, 400), (620, 400), (20, 20), (1100, 400))] == [True, True, False, False]

    desk = new_page(live, **DESK)
    desk_sign_in(desk, "chenjing")
    desk.goto("/office/door/")
    assert desk.locator(".alarms").count() == 1
    assert desk.locator("main a[href*='/office/cases/']").count() >= 1
