"""docs/images: a visit is walked in Chromium on a copy of the demo, once in each language (`make screenshots`).

From 8 to 22 o'clock in China only: at night the rules of conduct hold the agreement, and there is no seal to show.
"""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import browsers, copies, live  # noqa: E402
from tests.browser.test_day import NAME, desk_sign_in, draw, settled, tick, told  # noqa: E402
from tests.browser.test_shell import open_visit, shows, until  # noqa: E402

IMAGES = ROOT / "docs" / "images"
MOST_BYTES = 150 * 1024
COLOURS = (128, 64, 32, 16)
SAID = {
    "": ("公司 4 月起每月只发一半工资，愿意还，每月六七百可以。", "出示了 4 至 9 月工资条。", "门牌"),
    "-en": ("Half wages since April. Wants to pay about 650 a month.", "Showed payslips, April to September.", "Door"),
}


def save(name, *pictures):
    """Screens of one height side by side, in as few colours as the size asks for."""
    screens = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    gap = 24 if len(screens) > 1 else 0
    width = sum(screen.width for screen in screens) + gap * (len(screens) - 1)
    sheet = Image.new("RGB", (width, screens[0].height), "white")
    left = 0
    for screen in screens:
        sheet.paste(screen, (left, 0))
        left += screen.width + gap
    target = IMAGES / name
    for colours in COLOURS:
        sheet.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= MOST_BYTES:
            break
    print(f"{target.relative_to(ROOT)}  {target.stat().st_size // 1024} KiB")


def door(path):
    """What the camera sees: a door and its number, drawn. One JPEG is a film of one picture."""
    picture = Image.new("RGB", (640, 480), "#cfc6b8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((190, 40, 450, 480), fill="#6b4a35", outline="#3f2c20", width=8)
    for top in (80, 280):
        pen.rectangle((230, top, 410, top + 160), outline="#523726", width=6)
    pen.ellipse((412, 250, 436, 274), fill="#d9b36c")
    pen.rectangle((262, 96, 378, 150), fill="#1d5f8a", outline="white", width=3)
    pen.text((284, 102), "1402", fill="white", font_size=34)
    picture.save(path, "JPEG", quality=90)


def at_the_door(server):
    """The place of the first visit of the day, for the phone's position."""
    code = (
        "from fieldvisit.models import Visit; "
        "a = Visit.objects.filter(collector__username='zhoumin').order_by('planned_on', 'place')[0].address; "
        "print(a.lat_e7 / 1e7, a.lon_e7 / 1e7)"
    )
    latitude, longitude = map(float, server.manage("shell", "-v", "0", "-c", code).stdout.split())
    return {"latitude": latitude, "longitude": longitude, "accuracy": 12}


def visit(page, ending):
    """From Today to a signed agreement and the end of the visit, without a signal; → the visit's id."""
    statement, observation, caption = SAID[ending]
    page.goto("/m/")
    shows(page, "[data-username=zhoumin]")
    page.click("[data-username=zhoumin]")
    shows(page, "[data-page=today]")
    until(page, "/\\d/.test(document.querySelector('[data-offline-ready]')?.textContent)")
    until(page, "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)")
    save(f"phone{ending}.png", page.screenshot())
    page.context.set_offline(True)
    open_visit(page, 0)
    name = page.evaluate("location.pathname.split('/')[3]")
    tick(page, "bring", "work-card", "mandate", "rights-card", "recorder")
    page.check("#start [name=second]")
    page.evaluate("scrollTo(0, 0)")
    screens = [page.screenshot()]
    page.click("[data-step=prepare] [data-submit]:visible")
    shows(page, "[data-step=arrive]")
    page.check("[name=identity_shown]")
    page.check("[name=recording_announced]")
    page.check("#consent [name=second]")
    tick(page, "present", "debtor")
    tick(page, "entry", "given")
    page.evaluate("document.querySelector('#announce').scrollIntoView({block: 'center'})")
    screens.append(page.screenshot())
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")
    page.fill("#note-statement", statement)
    page.fill("#note-observation", observation)
    page.click("[data-camera]")
    until(page, "document.querySelector('[data-view=video]')?.videoWidth > 0")
    page.click("[data-shutter]")
    shows(page, "[data-stage=keep]:not([hidden])")
    page.fill("[name=caption]", caption)
    page.click("[data-dialog=camera] [type=submit]")
    until(page, "!document.querySelector('[data-dialog=camera]').open")
    until(page, "!!document.querySelector('[data-list=\"visit.photo/1\"] img:not([hidden])')?.naturalWidth")
    page.evaluate("document.querySelector('#note-statement').scrollIntoView({block: 'center'})")
    screens.append(page.screenshot())
    save(f"visit{ending}.png", *screens)
    page.click("[data-step=talk] [data-submit][data-next$=agree]")
    told(page)
    shows(page, "[data-step=agree] .plans")
    save(f"agree{ending}.png", *sign(page))
    page.click("[data-page=sign] .act a")
    shows(page, "[data-step=leave]")
    tick(page, "outcome", "agreement")
    tick(page, "next_action", "none")
    page.check("[name=copy_left]")
    page.click("[data-step=leave] [data-submit]:visible")
    shows(page, "[data-page=today]")
    page.context.set_offline(False)
    return name


def sign(page):
    """Plans, the signed pad, the copy: three screens."""
    until(page, "!!document.querySelector('[data-answers] button')")
    page.evaluate("document.querySelector('.plans').scrollIntoView({block: 'center'})")
    screens = [page.screenshot()]
    page.click("[data-answers] button >> nth=1")
    shows(page, "[data-page=sign] [name=id_check]")
    tick(page, "id_check", "seen:id-card")
    page.click("[data-page=sign] [type=submit]")
    shows(page, "canvas.glass")
    page.evaluate("document.querySelector('.deed').scrollIntoView({block: 'end'})")
    until(page, "document.querySelector('.pad .good')?.hidden === false")
    for consent in page.locator("[name=consent]").all():
        consent.check()
    draw(page, *NAME)
    screens.append(page.screenshot())
    page.click(".act button >> nth=1")
    shows(page, "[data-page=sign] figure.copy img")
    page.evaluate("scrollTo(0, 230)")
    screens.append(page.screenshot())
    return screens


def walk(browser, template, folder, *, language, ending):
    with live.running(template, folder) as server:
        speak = f"from fieldvisit.models import User; User.objects.update(language='{language}')"
        server.manage("shell", "-v", "0", "-c", speak)
        spoken = {"locale": "en-GB" if language == "en" else "zh-CN"}
        with contextlib.closing(
            browser.new_context(base_url=server.url, **browsers.PHONE | spoken | {"geolocation": at_the_door(server)})
        ) as phone:
            page = phone.new_page()
            name = visit(page, ending)
            until(page, "!/\\d/.test(document.querySelector('#bar').textContent)", 30)  # nothing left to send
            with contextlib.closing(browser.new_context(base_url=server.url, **browsers.DESK | spoken)) as office:
                desk = office.new_page()
                desk_sign_in(desk, "hejing")
                settled(desk, f"/m/visits/{name}")
                save(f"office{ending}.png", desk.screenshot())


def main():
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = Path(folder)
        film = folder / "door.mjpeg"
        door(film)
        (folder / "template").mkdir()
        template = copies.Template(folder / "template", demo=True)
        browser = playwright.chromium.launch(
            executable_path=browsers.executable(),
            args=[*browsers.FLAGS, f"--use-file-for-fake-video-capture={film}"],
        )
        for language, ending in (("zh-hans", ""), ("en", "-en")):
            (folder / language).mkdir()
            walk(browser, template, folder / language, language=language, ending=ending)
        browser.close()


if __name__ == "__main__":
    main()
