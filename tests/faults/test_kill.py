"""B2: the browser is killed at a named point, as a phone does that needs its memory; what was saved arrives once."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import pytest

from tests.browser.test_shell import shows, until
from tests.browsers import FLAGS, HANGZHOU, executable

from . import client
from .checks import phone_store, problems
from .proxy import Proxy, wait
from .test_socket import arrived

# where the work stands when the process goes: (what he does, at which call of the drain, before or after the server)
POINTS = {
    "while typing": ("type", None, ""),
    "as he taps Save": ("tap", None, ""),
    "just saved": ("save", None, ""),
    "photo chosen, not kept": ("shoot", None, ""),
    "before hello": ("save", "hello", "before"),
    "before the events": ("save", "events", "before"),
    "events taken in, no answer": ("save", "events", "after"),
    "before the photo": ("save", "create", "before"),
    "in the middle of a photo": ("save", "patch", "before"),
    "photo taken in, no answer": ("save", "patch", "after"),
    "before the receipts": ("save", "receipts", "before"),
    "while the pack comes": ("save", "pack", "after"),
}


class Chromium:
    """A browser of our own with a profile that stays; `kill` takes the whole process group."""

    def __init__(self, playwright, profile, url):
        self.playwright, self.profile, self.url = playwright, profile, url
        self.cookies = []
        self.start()

    def start(self):
        port = self.profile / "DevToolsActivePort"
        port.unlink(missing_ok=True)
        command = [executable() or self.playwright.chromium.executable_path, "--headless=new", *FLAGS]
        command += [
            f"--user-data-dir={self.profile}",
            "--remote-debugging-port=0",
            "--window-size=390,844",
            "about:blank",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, start_new_session=True, **quiet)
        wait(lambda: port.exists() and port.read_text().count("\n"), 20, "Chromium did not start")
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port.read_text().split()[0]}")
        self.context = self.browser.contexts[0]
        self.context.grant_permissions(["geolocation", "camera"], origin=self.url)
        self.context.set_geolocation(HANGZHOU)
        # Chromium writes cookies to the disk half a minute late; a session is older than that in the field.
        self.context.add_cookies(self.cookies)
        self.page = self.context.pages[0]
        later = self.page.locator("#sign-in[open] .button.quiet")
        self.page.add_locator_handler(later, lambda button: button.click())

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        with contextlib.suppress(Exception):
            self.browser.close()


@pytest.fixture
def chromium(playwright, shared_live, tmp_path):
    line = Proxy(shared_live.port)
    found = Chromium(playwright, tmp_path / "profile", line.url)
    found.line = line
    yield found
    found.kill()
    line.close()
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)


def test_a_killed_browser_loses_nothing_that_was_saved(shared_live, chromium, rng, soak, tally, django_db_blocker):
    row = tally("B2", "browser killed at 12 points")
    line, url = chromium.line, chromium.line.url
    chromium.page.goto(f"{url}/m/")
    client.enter(chromium.page, base=url)
    door = url + client.visits(chromium.page)[0]
    client.arrive(chromium.page, door)
    client.deliver(chromium.page)
    chromium.cookies = chromium.context.cookies()
    turns = [(point, turn) for turn in range(25 if soak else 1) for point in POINTS]
    for point, turn in turns:
        mark, (does, call, phase) = f"B2-{point}-{turn}", POINTS[point]
        page, before = chromium.page, set(client.saved(chromium.page))
        page.goto(f"{door}/talk")
        shows(page, "[data-step=talk]")
        if call:
            line.holds(call, phase)
            page.evaluate(client.ONLINE)
        if does in ("save", "shoot"):
            client.choose_photo(page, client.photo_file(rng))
        if does == "save":
            client.keep_photo(page)
        if does != "shoot":
            client.write_notes(page, mark, ["statement"])
        if does == "type":
            page.wait_for_timeout(500)  # a draft is on the disk within half a second
        elif does == "tap":
            page.wait_for_timeout(500)
            page.evaluate("document.querySelector('[data-step=talk] [data-act] [data-submit]').click()")
            time.sleep(rng.random() / 10)
        elif does == "save":
            client.keep_notes(page)
        if call:
            wait(line.arrived.is_set, 20, f"{mark}: {call} never came")
        said = set(client.saved(page)) - before if does == "save" else set()
        chromium.kill()
        line.heal()

        chromium.start()
        page = chromium.page
        page.goto(f"{door}/talk")
        client.enter_again(page)
        shows(page, "[data-step=talk]")
        page.wait_for_timeout(200)
        text = page.evaluate("document.querySelector('#note-statement').value")
        here = set(client.saved(page)) - before
        lost = len(said - here)
        if does == "type" or (does == "tap" and not here):
            lost += text != f"{mark} statement"  # the draft is back, or the event is there: one of the two
        client.deliver(page)
        wrong, doubled, complaints = problems(shared_live, django_db_blocker, [phone_store(page)], here)
        row.run(lost=lost + wrong, doubled=doubled + max(0, arrived(shared_live, django_db_blocker, mark, []) - 1))
        assert (point, lost, complaints) == (point, 0, [])
        assert arrived(shared_live, django_db_blocker, mark, here) == len(here), point
        if text:
            until(page, "!!document.querySelector('#note-statement')")
            page.fill("#note-statement", "")
            page.wait_for_timeout(300)
    assert row.lost == row.doubled == 0
