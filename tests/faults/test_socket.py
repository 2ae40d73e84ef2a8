"""A1: six calls, fifteen ways in which the line to the server can fail them, and everything arrives exactly once."""

import json
import os
from itertools import product

import pytest

from . import client
from .checks import phone_store, problems, server_database
from .proxy import CALLS, FAULTS, Proxy, wait

SEEDS = 3


def sample(rng, soak):
    """All 270 (FROM=… goes on there), or each fault at one call and each call at two or three."""
    if soak:
        every = [(call, fault, turn) for turn in range(SEEDS) for call, fault in product(CALLS, FAULTS)]
        return every[int(os.environ.get("FROM", "0")) :]
    calls = rng.sample(list(CALLS) * 3, 3 * len(CALLS))
    return [(calls[n], fault, n) for n, fault in enumerate(rng.sample(FAULTS, len(FAULTS)))]


@pytest.fixture
def line(shared_live):
    proxy = Proxy(shared_live.port)
    yield proxy
    proxy.close()


def test_whatever_breaks_at_whichever_call_everything_arrives_once(
    shared_live, browser, line, rng, soak, tally, django_db_blocker
):
    row = tally("A1", "faults at the socket, real server, real client")
    cookies, doors = client.begun(browser, line.url, "zhoumin")
    bad = []
    for call, fault, turn in sample(rng, soak):
        mark = f"A1-{call}-{fault}-{turn}"
        page = client.new_phone(browser, line.url, cookies)
        visit = rng.choice(doors)
        line.breaks(call, fault, only=struck_on_one() if (call, fault) == ("events", "422") else None)
        made = client.work(page, visit, mark, client.photo_file(rng))
        page.evaluate(client.ONLINE)
        wait(lambda: line.hits, 15, f"{mark}: never struck")
        if rng.random() < 0.5:  # once more into the same fault
            page.evaluate(client.ONLINE)
            page.wait_for_timeout(rng.randrange(100, 900))
        saved = [each["event_id"] for each in phone_store(page)["mine"]]
        line.heal()
        try:
            client.deliver(page)
        except AssertionError as stuck:
            bad.append(f"{mark}: {stuck}")
        store = phone_store(page)
        lost, doubled, said = problems(shared_live, django_db_blocker, [store], saved)
        here = arrived(shared_live, django_db_blocker, mark, saved)
        lost += max(0, made - here)
        doubled += max(0, here - made)
        row.run(lost=lost, doubled=doubled)
        bad += [f"{mark}: {each}" for each in [*said, *page.errors] if each]
        if here != made:
            bad.append(f"{mark}: {here} of {made} at the server")
        page.context.close()
    assert not bad, "\n".join(bad)
    assert (row.lost, row.doubled) == (0, 0)


def struck_on_one():
    known = []

    def struck(request):
        ids = [each["event_id"] for each in json.loads(request)["events"]]
        known[:] = known or ids[-1:]
        return bool(set(known) & set(ids))

    return struck


def arrived(server, blocker, mark, saved):
    """Notes with these words and photos of these events, counted by content: an id that is new would show here."""
    from fieldvisit.models import Note, Photo

    with server_database(server, blocker):
        return (
            Note.objects.filter(text__startswith=f"{mark} ").count() + Photo.objects.filter(event_id__in=saved).count()
        )
