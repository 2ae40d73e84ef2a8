"""Visits as a phone tells them, for tests of what the office sees."""

from datetime import timedelta

from fieldvisit import cases as case_verbs
from fieldvisit import photos
from fieldvisit.models import Photo, Visit
from tests.cast import NOW, TODAY
from tests.phone import HOME, Phone

RECEIVED = NOW + timedelta(hours=1)


def play(visit, phone, *, second="bruno", notes=2, pictures=(), outcome="no_agreement", place=HOME, now=RECEIVED):
    """Start, consent, notes, photos, end; delivered. Returns the visit as it stands, and the photos' events."""
    refused = None if place else "denied"
    start = {"position": place, "position_refused": refused, "bring": ["work-card"], "second": second}
    consent = {"identity_shown": True, "recording_announced": True, "present": ["debtor"], "second": second}
    first = len(phone.outbox)
    phone.append("visit.started/1", start, visit=visit)
    phone.append("visit.consent/1", consent | {"entry": "given"}, visit=visit)
    for number in range(notes):
        phone.note(visit, f"He said {number}.", kind="statement" if number % 2 == 0 else "observation")
    taken = [phone.photo(visit, picture, caption=f"Picture {n}") for n, picture in enumerate(pictures)]
    phone.ended(visit, outcome=outcome)
    verdicts = phone.deliver(phone.outbox[first:], now=now)
    assert {verdict["status"] for verdict in verdicts} == {"applied"}, verdicts
    visit.refresh_from_db()
    return visit, taken


def bring(saved, data=None):
    """The bytes of a photo's event arrive."""
    for photo in Photo.objects.filter(event_id=saved.id):
        photos.take(photo, saved.blobs[0].plain if data is None else data)
        from fieldvisit import visits

        visits.refresh_complete(photo.visit)


def many(count, *, make_case, ana, bruno, chen, start=0) -> list[Visit]:
    """So many cases, each with one whole visit by Ana's one phone."""
    phone, visits = Phone(ana), []
    for number in range(start, start + count):
        case = make_case(f"Debtor {number:03d}", contract=f"MANY{number:04d}")
        case_verbs.assign(cases=[case], collector=ana, by=chen, now=NOW - timedelta(hours=1))
        case.refresh_from_db()
        (visit,) = case_verbs.plan_visits(cases=[case], collector=ana, second=bruno, on=TODAY, by=chen, now=NOW)
        visits.append(play(visit, phone, notes=1)[0])
    return visits


def in_demo(count: int = 3) -> None:
    """Plays the first visits of the demo's collector, one photo in each; for `manage.py shell` beside a live server."""
    from io import BytesIO

    from django.utils import timezone
    from PIL import Image

    from fieldvisit.models import User

    collector, now = User.objects.get(username="zhoumin"), timezone.now()
    phone = Phone(collector, now=now)
    for visit in Visit.objects.filter(collector=collector, started_at=None).order_by("planned_on", "place")[:count]:
        file = BytesIO()
        Image.new("RGB", (320, 240), (visit.place * 30, 90, 90)).save(file, "JPEG")
        _, (saved,) = play(visit, phone, second="shenwei", pictures=[file.getvalue()], now=now)
        bring(saved)
