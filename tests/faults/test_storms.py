"""A2, A3, A4: sent again and again, sent with other words, sent beside rubbish. Through intake, as the view does it."""

import json
from uuid import uuid4

import pytest

from fieldvisit import cases as case_verbs
from fieldvisit import intake, record
from fieldvisit.models import Event, Note, Quarantine, Receipt
from tests.cast import NOW
from tests.phone import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def visits(visit, dora, ana, bruno, chen):
    plan = {"cases": [dora] * 3, "collector": ana, "second": bruno, "on": NOW.date(), "by": chen, "now": NOW}
    return [visit, *case_verbs.plan_visits(**plan)]


def test_a_storm_of_retries_leaves_one_row_for_each_event(phone, visits, dora, rng, soak, tally):
    row = tally("A2", "each event sent 1–7 times, any order")
    number = 2000 if soak else 400
    for n in range(number):
        phone.note(rng.choice(visits), f"{n // 2}")  # every text stands in two notes: two they stay
    queue = [saved for saved in phone.outbox for _ in range(rng.randint(1, 7))]
    rng.shuffle(queue)
    first, other = {}, 0
    while queue:
        size = rng.randint(1, 50)
        batch, queue = queue[:size], queue[size:]
        for saved, verdict in zip(batch, phone.deliver(batch), strict=True):
            other += verdict["status"] != "applied" or first.setdefault(saved.id, verdict) != verdict
    rows = [model.objects.count() for model in (Event, Note, Receipt)]
    row.run(runs=number, lost=max(0, number - min(rows)), doubled=max(0, max(rows) - number))
    assert rows == [number] * 3 and other == 0
    assert Note.objects.values("text").distinct().count() == number // 2
    assert len(set(Event.objects.values_list("server_seq", flat=True))) == number
    assert record.verify(dora) == []


def test_the_same_id_with_other_words_is_kept_apart(phone, visit, rng, tally):
    """Each altered in another place: text, kind, time, number, chain, build; after the first or beside it."""
    row = tally("A3", "same id, other body")
    for turn in range(40):
        first = phone.note(visit, f"先说的 {turn}")
        event = json.loads(first.bytes)
        changes = [
            {"body": {"kind": "statement", "text": f"后来改的 {turn}"}},
            {"body": event["body"] | {"kind": "opinion"}},
            {"captured_at": event["captured_at"].replace(".", ".1")[:23] + "+08:00"},
            {"seq": event["seq"] + 1000},
            {"prev_sha256": "ab" * 32},
            {"clock": event["clock"] | {"mono_ms": 1}},
            {"device_seq": event["device_seq"] + 1},
            {"app": {"build": "other", "schema": "2026-11"}},
        ]
        other = phone.seal(event | changes[turn % len(changes)])
        together = turn % 3 == 0
        answers = phone.deliver([first, other]) if together else phone.deliver([first]) + phone.deliver([other])
        again = phone.deliver([other]) + phone.deliver([first])
        stored = Event.objects.get(pk=first.id)
        kept = Quarantine.objects.filter(event_id=first.id, sha256=other.sha256).count()
        row.run(lost=(bytes(stored.bytes) != first.bytes) + (kept == 0), doubled=max(0, kept - 1))
        assert [each["status"] for each in answers] == ["applied", "held"] and again == answers[::-1]
    assert row.lost == row.doubled == 0
    assert Note.objects.count() == 40 and Quarantine.objects.count() == 40


def rubbish(phone, saved, rng):
    kind = rng.randrange(7)
    if kind == 0:
        return saved.item | {"envelope": saved.item["envelope"][:-4] + "AAAA"}
    if kind == 1:
        return phone.seal(saved.event | {"body": {"kind": "gossip", "text": "x"}}).item
    if kind == 2:
        return phone.seal(saved.event | {"type": "visit.dance/1"}).item
    if kind == 3:
        return rng.choice([7, None, [], "x", {"event_id": "\ud800"}, {}])
    if kind == 4:
        return saved.item | {"event_id": str(uuid4())}
    if kind == 5:
        return phone.seal(saved.event | {"device_id": str(uuid4())}).item
    return saved.item | {"envelope": saved.item["envelope"][: rng.randrange(200)]}


def test_poison_in_a_batch_spoils_nothing_else(phone, visit, rng, soak, tally):
    """k bad of 50 for every k, and one bad at every place."""
    row = tally("A4", "k bad of 50 events, every place for one")
    batches = [sorted(rng.sample(range(50), k)) for k in range(51)] + [[place] for place in range(50)]
    if not soak:
        batches = [[], list(range(50)), [0], [49], *rng.sample(batches, 14)]
    for bad in batches:
        before = Note.objects.count()
        events = [phone.note(visit) for _ in range(50)]
        items = [rubbish(phone, each, rng) if n in bad else each.item for n, each in enumerate(events)]
        answer = intake.ingest_batch(items, actor=phone.user, device=phone.device, now=NOW)
        verdicts = [json.loads(each)["status"] for each in answer.verdicts]
        wanted = ["invalid" if n in bad else "applied" for n in range(50)]
        made = Note.objects.count() - before
        row.run(lost=max(0, 50 - len(bad) - made), doubled=max(0, made - 50 + len(bad)))
        assert verdicts == wanted
    assert row.lost == row.doubled == 0
