"""`make bench`, the phone: the app in Chromium at a quarter of this machine's speed, against a real server.

Times are taken in the page, from the tap to the frame after the one that shows the answer. Figures are printed, never
asserted. RUNS=… (20) for the short ones; DRAINS=… (3) of EVENTS=… (500), PHOTOS=… (200) of them with PHOTO_BYTES=….
"""

import base64
import os
import subprocess
import time

from playwright.sync_api import sync_playwright

from tests.browser.test_shell import PIN, shows, until
from tests.browsers import FLAGS, PHONE, executable
from tests.copies import ROOT
from tests.faults import client

from . import stand
from .field_scripts import COUNTS, DIGEST, FORGET_PACK, LONGEST, PACK, TAP, TAP_TWICE, WATCH

RUNS = int(os.environ.get("RUNS", "20"))
DRAINS = int(os.environ.get("DRAINS", "3"))
SLOW = 4
SIZES = ("EVENTS", "500"), ("PHOTOS", "200"), ("PHOTO_BYTES", "300000")
EVENTS, PHOTOS, PHOTO_BYTES = (int(os.environ.get(name, most)) for name, most in SIZES)


def main():
    print(f"{stand.machine()}; Chromium, CPU ×{SLOW} slower where it says so", flush=True)
    with stand.server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        context = browser.new_context(base_url=server.url, **PHONE)
        page = context.new_page()
        client.enter(page)
        doors = client.visits(page)
        client.arrive(page, doors[0])
        client.deliver(page)
        bundle()
        notes(page, doors[0])
        visits(page, doors[1:])
        starts(page)
        pack(page, server)
        for shown in ("today", "outbox"):
            drain(page, doors[0], shown)
        browser.close()


def slow(page, times):
    """Of the main thread only: what the browser does in threads of its own (cryptography) keeps its speed."""
    if not hasattr(page, "cdp"):
        page.cdp = page.context.new_cdp_session(page)
    page.cdp.send("Emulation.setCPUThrottlingRate", {"rate": times})


def bundle():
    sizes = [path.stat().st_size / 1000 for path in (ROOT / "static/dist").glob("field-*.gz")]
    stand.line("JS + CSS of the field app, gzipped", [sum(sizes)], "kB", "≤ 60")


def notes(page, door):
    """He taps Save: the event is signed, sealed and on the disk, and the next page is painted."""
    taken = []
    for turn in range(RUNS):
        page.goto(f"{door}/talk")
        shows(page, "[data-step=talk]")
        page.fill("#note-observation", f"楼下遇见物业，说他上周还在。{turn}")
        page.wait_for_timeout(700)  # the draft is saved
        slow(page, SLOW)
        save = "[data-step=talk] [data-act] [data-submit]"
        taken.append(page.evaluate(TAP_TWICE, [save, "[data-page]:not([data-step=talk])"]))
        slow(page, 1)
        client.deliver(page)
    stand.line(f"a note saved → the next page painted, ×{SLOW}", [first for first, _ in taken], target="< 100")
    stand.line("  until the ways to pay on it are reckoned too", [whole for _, whole in taken])


def visits(page, doors):
    page.context.set_offline(True)
    taken = []
    for turn in range(RUNS):
        page.goto("/m/today")
        shows(page, "[data-page=today]")
        slow(page, SLOW)
        link = f"li[data-visit='{doors[turn % len(doors)].split('/')[-1]}'] a"
        taken.append(page.evaluate(TAP, [link, "[data-page]:not([data-page=today])"]))
        slow(page, 1)
    page.context.set_offline(False)
    stand.line(f"a visit opened offline → painted, ×{SLOW}", taken, target="< 300")


def starts(page):
    """Offline: from the reload to the PIN, and from the PIN to the page."""
    page.context.set_offline(True)
    asked, opened, digests = [], [], []
    for _ in range(RUNS):
        slow(page, SLOW)
        page.reload(wait_until="commit")
        asked.append(page.evaluate(TAP, [None, "#lock form[name=unlock]"]))
        opened.append(page.evaluate(TAP, [{"pin": PIN}, "#app:not([inert]) [data-page]"]))
        digests.append(page.evaluate(DIGEST))
        slow(page, 1)
    page.context.set_offline(False)
    stand.line(f"offline reload → PIN asked, painted, ×{SLOW}", asked)
    stand.line(f"PIN → content painted, ×{SLOW}", opened, target="≤ 400", note="with the 600,000 rounds below")
    stand.line("  of which PBKDF2 by itself", digests)
    page.reload()
    client.enter(page)


def pack(page, server):
    """All of it again: asked for, rendered, fetched, each page hashed and encrypted, in the phone's store."""
    number, pages, size = plan_forty(server)
    for times in (1, SLOW):
        whole, fetched = [], []
        for _ in range(max(3, RUNS // 4)):
            page.evaluate(FORGET_PACK, "pack:zhoumin")
            slow(page, times)
            both = page.evaluate(PACK)
            slow(page, 1)
            whole.append(both[0])
            fetched.append(both[1])
        what = f"a pack of {number} visits → stored, " + (f"×{times}" if times > 1 else "full speed")
        stand.line(what, whole, target="< 3,000", note=f"{pages} pages, {size}")
        stand.line("  of which until its last byte", fetched)


def plan_forty(server):
    """Zhou Min's day with 40 visits. → (visits, pages, size)"""
    from django.utils import timezone

    from fieldvisit import cases, packs
    from fieldvisit.models import Case, User

    user, now = User.objects.get(username="zhoumin"), timezone.now()
    today, chosen = timezone.localdate(now), []
    left = 40 - packs.due(user, today).count()
    for case in Case.objects.filter(closed_at=None).exclude(visits__collector=user).order_by("pk"):
        if len(chosen) < left:
            chosen.append(case)
    cases.assign(cases=chosen, collector=user, by=None, now=now)
    more = left - (packs.due(user, today).count() - 40 + left)
    cases.plan_visits(cases=chosen[:more], collector=user, second=None, on=today, by=None, now=now)
    made = packs.build(user, now=now)
    size = sum(len(each["html"].encode()) for each in made["fragments"]) / 1e6
    return packs.due(user, today).count(), len(made["fragments"]), f"{size:.1f} MB"


def drain(page, door, shown):
    """The signal is back with a week's work on the phone; he looks at a page meanwhile."""
    esbuild = ["node_modules/.bin/esbuild", "--bundle", "--format=iife", '--define:__BUILD__="bench"', "bench/fill.js"]
    script = subprocess.run(esbuild, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    picture = base64.b64encode(stand.picture(PHOTO_BYTES) + bytes(32)).decode()
    visit_id, seconds, longest, gaps = door.split("/")[-1], [], [], []
    for _ in range(DRAINS):
        page.goto(f"{door}/talk")
        shows(page, "[data-step=talk]")
        case_ref = page.evaluate("document.querySelector('[data-page]').dataset.case")
        page.goto(f"/m/{shown}")
        shows(page, f"[data-page={shown}]")
        page.context.set_offline(True)
        page.evaluate(script)
        told = {"pin": PIN, "visit_id": visit_id, "case_ref": case_ref, "events": EVENTS, "photos": PHOTOS}
        page.evaluate("(told) => fill(told)", told | {"picture": picture})
        assert page.evaluate(COUNTS) == [EVENTS, PHOTOS]
        page.goto(f"/m/{shown}")  # as he finds it
        until(page, f"!!document.querySelector('[data-page={shown}]')")
        page.wait_for_timeout(3000)
        slow(page, SLOW)
        page.evaluate(WATCH)
        began = time.monotonic()
        page.context.set_offline(False)
        while page.evaluate(COUNTS) != [0, 0] and time.monotonic() - began < 600:
            page.wait_for_timeout(1000)
        seconds.append(time.monotonic() - began)
        task, gap = page.evaluate(LONGEST)
        longest.append(task)
        gaps.append(gap)
        slow(page, 1)
    stand.line(f"{EVENTS} events + {PHOTOS} photos drained, page {shown}, ×{SLOW}", seconds, "s")
    stand.line("  longest task of the main thread", longest, target="≤ 200")
    stand.line("  longest wait for a frame", gaps)


if __name__ == "__main__":
    main()
