"""Visits as a phone tells them, for tests of what the office sees."""

from datetime import timedelta

from fieldvisit import cases as case_verbs
from fieldvisit import photos
from fieldvisit.models import Companion, CompanionWay, Photo, User, Visit
from tests.cast import NOW, TODAY
from tests.phone import HOME, Phone

RECEIVED = NOW + timedelta(hours=1)


def play(visit, phone, *, second="bruno", notes=2, pictures=(), outcome="no_agreement", place=HOME, now=RECEIVED):
    """Start, recorder, notes, photos, end; delivered, the second confirmed → (visit, events of the photos)."""
    refused = None if place else "denied"
    start = {"position": place, "position_refused": refused, "bring": ["work-card"], "second": second}
    consent = {"identity_shown": True, "recording_announced": True, "present": ["debtor"], "second": second}
    first = len(phone.outbox)
    phone.append("visit.started/1", start, visit=visit)
    asked = phone.append("visit.consent/1", consent | {"entry": "given"}, visit=visit)
    phone.recorder(visit)
    for number in range(notes):
        phone.note(visit, f"He said {number}.", kind="statement" if number % 2 == 0 else "observation")
    taken = [phone.photo(visit, picture, caption=f"Picture {n}") for n, picture in enumerate(pictures)]
    phone.ended(visit, outcome=outcome)
    verdicts = phone.deliver(phone.outbox[first:], now=now)
    assert {verdict["status"] for verdict in verdicts} == {"applied"}, verdicts
    for user in User.objects.filter(username=second):  # as if his own phone had said so
        Companion.objects.create(visit=visit, event_id=asked.id, at=now, user=user, way=CompanionWay.PHONE)
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


def at_any_hour() -> None:
    """The journeys run by day and by night: two of the demo's people have loosened the hours, as the office may.

    Who goes out has read the cards again that name this rule.
    """
    from django.utils import timezone

    from fieldvisit import rule_changes, training
    from fieldvisit.models import Role, User

    now = timezone.now()
    administrator = User.objects.filter(role=Role.ADMINISTRATOR).first()
    made = rule_changes.propose(
        pack="cn", rule="CN-TIME-01", values={"from": "00:00", "until": "24:00"}, reason="A journey at night.",
        valid_from=timezone.localdate(now) - timedelta(days=2), valid_to=None, by=administrator, now=now,
    )  # fmt: skip
    rule_changes.approve(change=made, by=User.objects.filter(role=Role.SUPERVISOR).first(), now=now)
    people = {user.pk: user for user in User.objects.filter(role__in=training.GO_OUT)}
    for pk, cards in training.state(people.values(), now).items():
        for each in cards:
            if each["at"] is None and each["before"]:
                training.note(user=people[pk], card=each["card"]["id"], version=each["version"], at=now)


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


def held_in_demo() -> None:
    """Held work of every kind and phones in every state; for `manage.py shell` beside a live server."""
    from django.utils import timezone
    from uuid6 import uuid7

    from fieldvisit.models import Device, DeviceOrder, User

    now = timezone.now()
    zhoumin, shenwei, linfang, chenjing = (
        User.objects.get(username=name) for name in ("zhoumin", "shenwei", "linfang", "chenjing")
    )
    first, second, third, *_rest = Visit.objects.filter(collector=zhoumin, started_at=None).order_by("place")
    phone, late, foreign = (Phone(user, now=now - timedelta(days=6)) for user in (zhoumin, shenwei, linfang))
    # a parent that never came, six days ago and just now
    phone.note(first, "他说下月十号发工资后先还五百。", depends_on=[uuid7()])
    phone.deliver(now=now - timedelta(days=6))
    phone.note(second, "门口有快递，邻居说昨晚有人。", kind="observation", depends_on=[uuid7()])
    phone.device_seq += 2
    phone.deliver(phone.outbox[1:], now=now)
    # the same number with other words
    told = phone.note(third, "他愿意分十二期。")
    other = phone.seal(told.event | {"body": {"kind": "statement", "text": "他一期也不愿意。"}})
    phone.deliver([told], now=now)
    phone.deliver([other], now=now - timedelta(hours=30))
    # a whole visit by somebody of another team, for nobody had sent him
    for tell in (foreign.started, foreign.consent, foreign.note, foreign.ended):
        tell(third)
    foreign.deliver(foreign.outbox, now=now - timedelta(hours=26))
    days = {phone.id: 0, late.id: 3, foreign.id: 0}
    for pk, ago in days.items():
        Device.objects.filter(pk=pk).update(
            last_seen_at=now - timedelta(days=ago), unsent=ago, unsent_since=now - timedelta(days=ago) if ago else None,
            pack_as_of=now - timedelta(days=ago, hours=2), build="9f3c2ab41d77", missing_since=now - timedelta(days=3),
        )  # fmt: skip
    DeviceOrder.objects.create(device_id=late.id, action="lock", by=chenjing, at=now)
