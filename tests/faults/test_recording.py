"""B2 for sound: the browser is killed while it records; all but the last seconds are at the desk afterwards, once."""

import base64
import time
from pathlib import Path

import pytest

from tests.browser.test_shell import shows, until
from tests.browsers import HANGZHOU

from . import client
from .checks import server_database
from .proxy import Proxy
from .test_kill import Chromium

MOST_LOST_S = 10
RECORDS = "document.documentElement.dataset.recording !== undefined"
CUT = "!!document.querySelector('#sound:not([hidden]) [data-sound-do=again]')"
LENGTH = """async (text) => { const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  return (await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes.buffer)).duration }"""


class Listening(Chromium):
    def start(self):
        super().start()
        self.context.grant_permissions(["geolocation", "camera", "microphone"], origin=self.url)
        self.context.set_geolocation(HANGZHOU)


@pytest.fixture
def chromium(playwright, shared_live, tmp_path):
    line = Proxy(shared_live.port)
    found = Listening(playwright, tmp_path / "profile", line.url)
    found.line = line
    yield found
    found.kill()
    line.close()


def recordings(server, blocker):
    from fieldvisit.models import Recording

    data = Path(server.environment["FIELDVISIT_DATA"])  # the server's own, not this process's

    with server_database(server, blocker):
        return [
            (row.duration_ms / 1000, row.lost_ms / 1000, row.ended, (data / row.sound.name).read_bytes())
            for row in Recording.objects.order_by("pk")
        ]


def test_a_killed_browser_loses_at_most_ten_seconds_of_sound(
    shared_live, chromium, rng, soak, tally, django_db_blocker
):
    row = tally("B2", "browser killed while it records sound")
    url = chromium.line.url
    chromium.page.goto(f"{url}/m/")
    client.enter(chromium.page, base=url)
    door = url + client.visits(chromium.page)[0]
    client.arrive(chromium.page, door)
    client.deliver(chromium.page)
    chromium.cookies = chromium.context.cookies()
    most = 0.0
    for turn in range(1, (25 if soak else 3) + 1):
        page = chromium.page
        page.goto(f"{door}/arrive")
        shows(page, "[data-step=arrive]")
        page.click("[data-record]")
        until(page, RECORDS)
        began = time.monotonic()
        page.wait_for_timeout(int(5000 + rng.random() * 8000))
        recorded = time.monotonic() - began
        chromium.kill()
        chromium.start()
        page = chromium.page
        page.goto(f"{door}/talk")
        client.enter_again(page)
        shows(page, "[data-step=talk]")
        until(page, CUT, 15)
        client.deliver(page)
        sounds = recordings(shared_live, django_db_blocker)
        said, lost, ended, sound = sounds[-1]
        heard = page.evaluate(LENGTH, base64.b64encode(sound).decode())
        most = max(most, recorded - heard)
        row.run(lost=recorded - heard > MOST_LOST_S, doubled=len(sounds) - turn)
        assert ended == "cut" and lost <= MOST_LOST_S
        assert recorded - heard <= MOST_LOST_S, (recorded, heard)
        assert abs(said - heard) < 1.5, (said, heard)  # what the entry says is what can be heard
        assert len(sounds) == turn
    row.notes = f"most lost {most:.1f} s"
