"""A collector's phone in Chromium, driven through the page as he taps it; what the tests of the fault table share."""

import io
import json
import random
import time

from PIL import Image

from tests.browser.test_shell import shows, sign_in, until
from tests.browsers import PHONE

from .checks import phone_store

NOTES = ("statement", "observation", "opinion")
ONLINE = "dispatchEvent(new Event('online'))"


def cookies_of(browser, url, username):
    """One sign-in serves many phones: a one-time code is good once."""
    context = browser.new_context(base_url=url, **PHONE)
    page = context.new_page()
    sign_in(page, username)
    found = context.cookies()
    context.close()
    return found


def new_phone(browser, url, cookies, username="zhoumin", first=None, **options):
    """A phone that was never here before, with that session, ready for a day offline. `first`(page) goes before."""
    context = browser.new_context(base_url=url, **(PHONE | options))
    context.add_cookies(cookies)
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    if first:
        first(page)
    enter(page, username)
    cookies[:] = context.cookies()  # a phone is enrolled soon after both factors were given: they may have been anew
    # A session that seems to have ended puts its dialog over the page; he says "later" and works on.
    page.add_locator_handler(page.locator("#sign-in[open] .button.quiet"), lambda later: later.click())
    return page


def enter(page, username="zhoumin", base=""):
    """To Today, whatever the phone asks for first."""
    page.goto(f"{base}/m/")
    script = f"""!!document.querySelector('[data-page=today]') && !document.querySelector('dialog[open]') ? 'in'
      : document.querySelector('#sign-in[open] [data-username={username}]') ? 'sign in' : ''"""
    if until(page, script) == "sign in":
        page.click(f"[data-username={username}]")
    until(page, "!!document.querySelector('[data-page=today]') && !document.querySelector('dialog[open]')")
    shows(page, "[data-offline-ready].good")
    until(page, "navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)")


def enter_again(page):
    """After a start of the browser: what this phone asks for before it shows what it knows."""
    until(page, "!!document.querySelector('[data-page]')")


def visits(page):
    """The addresses of today's visits."""
    script = "[...document.querySelectorAll('li[data-visit]')].map((li) => `/m/visits/${li.dataset.visit}`)"
    return page.evaluate(script)


def arrive(page, visit):
    """From Prepare to Talk."""
    page.goto(f"{visit}/prepare")
    shows(page, "[data-step=prepare]")
    for box in page.locator("#start input").all():
        box.check()
    page.click("[data-step=prepare] [data-submit]:visible")
    shows(page, "[data-step=arrive]")
    for box in (
        "[name=identity_shown]",
        "[name=recording_announced]",
        "[name=present][value=debtor]",
        "[name=entry][value=given]",
    ):
        page.check(box)
    page.click("[data-step=arrive] [data-submit]:visible")
    shows(page, "[data-step=talk]")


def begun(browser, url, username, count=2):
    """(cookies, visits): a session, and `count` visits of today at which that user stands in the door."""
    cookies = cookies_of(browser, url, username)
    page = new_phone(browser, url, cookies, username)
    doors = visits(page)[:count]
    for visit in doors:
        arrive(page, visit)
    deliver(page)
    page.context.close()
    return cookies, doors


def photo_file(rng: random.Random, side=900):
    """A JPEG of noise that was never there before: after the page has drawn it anew, about 500 KB and two pieces."""
    noise = Image.frombytes("RGB", (side, side), rng.randbytes(side * side * 3))
    held = io.BytesIO()
    noise.save(held, "JPEG", quality=80)
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": held.getvalue()}


def choose_photo(page, picture):
    for _ in range(3):  # a page that is painted anew under the finger takes no tap: he taps again
        page.click("[data-camera]")
        page.wait_for_timeout(100)
        if page.evaluate("document.querySelector('[data-dialog=camera]')?.open"):
            break
    page.set_input_files("[data-dialog=camera] [type=file]", picture)
    until(page, "!!document.querySelector('[data-view=shot]')?.getAttribute('src')")


def keep_photo(page):
    page.click("[data-dialog=camera] [type=submit]")
    until(page, "!document.querySelector('[data-dialog=camera]').open")


def write_notes(page, mark, kinds=NOTES):
    for kind in kinds:
        page.fill(f"#note-{kind}", f"{mark} {kind}")


def keep_notes(page):
    """All notes of the page become events; the phone goes on to the next step."""
    page.click("[data-step=talk] [data-act] [data-submit]:visible")
    until(page, "!document.querySelector('[data-step=talk]')")


def work(page, visit, mark, picture=None, kinds=NOTES):
    """One photo and the notes, at the door of `visit`. → how many events that makes"""
    page.goto(f"{visit}/talk")
    shows(page, "[data-step=talk]")
    if picture:
        choose_photo(page, picture)
        keep_photo(page)
    write_notes(page, mark, kinds)
    keep_notes(page)
    return len(kinds) + bool(picture)


def saved(page):
    """The ids of all that this phone has called saved."""
    return [each["event_id"] for each in phone_store(page)["mine"]]


def drained(page):
    store = phone_store(page)
    return not store["outbox"] and not store["blobs"]


def deliver(page, seconds=45, nudge=2.0):
    """The signal is back: asks the phone to send until nothing waits. → seconds it took"""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        page.evaluate(ONLINE)
        until_next = time.monotonic() + nudge
        while time.monotonic() < until_next:
            if drained(page):
                return time.monotonic() - began
            time.sleep(0.05)
    raise AssertionError(f"not sent: {json.dumps(phone_store(page), indent=1)}")
