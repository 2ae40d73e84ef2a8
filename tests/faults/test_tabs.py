"""B3 and B6: several tabs that send at the same time, and how soon work is at the server once the network is back."""

import statistics
import time

import pytest

from tests.browser.test_shell import shows

from . import client
from .checks import phone_store, problems
from .test_socket import arrived


@pytest.fixture(scope="module")
def scene(browser, shared_live):
    """(cookies, doors) of Zhou Min."""
    return client.begun(browser, shared_live.url, "zhoumin")


def test_tabs_that_send_together_double_nothing(shared_live, browser, scene, rng, soak, tally, django_db_blocker):
    """Each tab has its own notes; all hear that the network is back at the same moment."""
    row = tally("B3", "2–5 tabs sending together")
    cookies, doors = scene
    for turn in range(60 if soak else 4):
        number, mark = 2 + turn % 4, f"B3-{turn}"
        first = client.new_phone(browser, shared_live.url, cookies)
        tabs = [first, *(first.context.new_page() for _ in range(number - 1))]
        for n, tab in enumerate(tabs):
            tab.goto(f"{doors[n % len(doors)]}/talk")
            shows(tab, "[data-step=talk]")
        first.context.set_offline(True)
        for n, tab in enumerate(tabs):
            client.write_notes(tab, f"{mark} {n}", rng.sample(client.NOTES, 2) if n else client.NOTES)
        for n in rng.sample(range(number), number):
            tabs[n].bring_to_front()
            client.keep_notes(tabs[n])
        made, saved = 3 + 2 * (number - 1), client.saved(first)
        first.context.set_offline(False)
        for tab in tabs:
            tab.evaluate(client.ONLINE)
        client.deliver(first)
        lost, doubled, said = problems(shared_live, django_db_blocker, [phone_store(first)], saved)
        here = arrived(shared_live, django_db_blocker, mark, saved)
        row.run(lost=lost + max(0, made - here), doubled=doubled + max(0, here - made))
        assert (len(saved), here, said) == (made, made, [])
        first.context.close()


def test_soon_after_the_network_is_back_all_is_sent(shared_live, browser, scene, rng, soak, tally, django_db_blocker):
    row = tally("B6", "network back → sent")
    cookies, doors = scene
    page, seconds = client.new_phone(browser, shared_live.url, cookies), []
    for turn in range(60 if soak else 12):
        page.context.set_offline(True)
        made = client.work(page, doors[turn % len(doors)], f"B6-{turn}", client.photo_file(rng))
        page.wait_for_timeout(rng.randrange(0, 3000))  # the sender has tried in vain and waits
        began = time.monotonic()
        page.context.set_offline(False)
        while not client.drained(page) and time.monotonic() - began < 60:
            page.wait_for_timeout(50)
        seconds.append(time.monotonic() - began)
        row.run(lost=max(0, made - arrived(shared_live, django_db_blocker, f"B6-{turn}", client.saved(page)[-made:])))
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[18]
    row.notes = f"p95 {p95:.1f} s, median {statistics.median(seconds):.1f} s"
    assert p95 < 10, seconds
