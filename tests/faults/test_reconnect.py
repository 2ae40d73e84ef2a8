"""C2: the signal comes back for a whole town: every phone delivers its days of work at once, and nothing is lost."""

import io
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image

from .checks import problems, server_database

pytestmark = pytest.mark.django_db  # on PostgreSQL, too, only what is marked so is run

EVENTS = 40
LINES = 16  # connections at a time, as many as the proxy in front lets through; the other phones stand in its queue


@pytest.fixture
def fleet(shared_live, settings, django_db_blocker):
    from fieldvisit.models import User

    from .fleet import Fleet

    settings.FIELDVISIT_DATA = Path(shared_live.environment["FIELDVISIT_DATA"])  # its keys
    with server_database(shared_live, django_db_blocker):
        people = list(User.objects.filter(role="collector", is_active=True).order_by("pk")[:3])
        return Fleet(shared_live, people, timezone.now())


def small(rng):
    """A picture that was never there before."""
    held = io.BytesIO()
    Image.frombytes("RGB", (64, 48), rng.randbytes(64 * 48 * 3)).save(held, "JPEG")
    return held.getvalue()


def works(fleet, rng, number, photos):
    """[(phone, [saved, …], what it will send)], each at visits of its own."""
    from fieldvisit.models import Assignment, Visit

    made = []
    for n in range(number):
        phone = fleet.phone(n)
        rows = Assignment.objects.filter(collector=phone.user, until_at=None).select_related("case").order_by("pk")
        case = rows[n % len(rows)].case
        visit = Visit.objects.create(case=case, collector=phone.user, planned_on=timezone.localdate(), place=500 + n)
        saved = [phone.photo(visit, small(rng), at=fleet.now) for _ in range(photos)]
        saved += [phone.note(visit, f"C2-{n} {turn}", at=fleet.now) for turn in range(EVENTS - photos - 1)]
        saved.append(phone.ended(visit, at=fleet.now))
        made.append((phone, saved))
    return made


def test_a_town_that_gets_its_signal_back_delivers_everything_once(
    shared_live, fleet, rng, soak, tally, django_db_blocker
):
    from fieldvisit.models import Event, Note, Photo, Visit

    from .fleet import drain, packed

    number, photos = (500, 30) if soak else (24, 3)
    row = tally("C2", f"reconnect storm, {EVENTS} events a phone, {connection.vendor}")
    with server_database(shared_live, django_db_blocker):
        made = works(fleet, rng, number, photos)
    ready = [(phone, saved, packed(phone, saved)) for phone, saved in made]
    seconds, queue, verdicts = [], threading.Lock(), {}

    def deliver(one):
        phone, _, sent = one
        said, took = drain(phone, *sent)
        with queue:
            seconds.extend(took)
            verdicts.update(said)

    began = time.monotonic()
    with ThreadPoolExecutor(LINES) as pool:
        list(pool.map(deliver, ready))
    whole = time.monotonic() - began
    ids = [saved.id for _, events in made for saved in events]
    with server_database(shared_live, django_db_blocker):
        shared_live.manage("sweep_uploads")  # the chore that takes up pictures that nobody had time for
        here = Event.objects.filter(pk__in=ids).count()
        notes = Note.objects.filter(text__startswith="C2-").count()
        pictures = Photo.objects.filter(event_id__in=ids).exclude(taken_in_at=None).count()
        unfinished = Visit.objects.filter(place__gte=500, complete_at=None, last_seq__isnull=False).count()
    missing = len(ids) - here + number * photos - pictures + number * (EVENTS - photos - 1) - notes
    receipts = [{"event_id": id, "sha256": each["sha256"]} for id, each in verdicts.items()]
    stores = [{"receipts": receipts, "outbox": [], "blobs": []}]
    lost, doubled, said = problems(shared_live, django_db_blocker, stores, [str(id) for id in ids])
    row.run(runs=number, lost=max(lost, missing, 0), doubled=max(doubled, -missing, 0))
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[18]
    row.notes = f"batch p95 {p95:.2f} s, median {statistics.median(seconds):.2f} s, {len(ids) / whole:.0f} events/s"
    assert (row.lost, row.doubled, said, unfinished) == (0, 0, [], 0)
    assert len(seconds) == number  # one batch a phone, and nobody was sent away
