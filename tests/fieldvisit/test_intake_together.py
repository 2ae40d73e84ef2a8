"""Many at once, with real commits: the same event from many clients, two tabs, two phones that wait for each other."""

import json
import threading

import pytest
from django.db import connections

from fieldvisit import cases as case_verbs
from fieldvisit import intake, record
from fieldvisit.models import Device, Event, Note, Receipt, Visit
from tests import cast
from tests.cast import NOW
from tests.phone import Phone

CLIENTS, ROUNDS = 12, 4


def plain(fixture):
    return fixture._get_wrapped_function()


@pytest.fixture
def scene(committed):
    """Ana's visit to Dora, in a database of its own. The cast's fixtures ask for `db`, which would wrap all in one
    transaction; here they are called as plain functions."""
    team = plain(cast.team)(None)
    ana, bruno, chen = (plain(person)(team) for person in (cast.ana, cast.bruno, cast.chen))
    case = plain(cast.make_case)(plain(cast.creditor)(None))()
    return plain(cast.visit)(case, ana, bruno, chen), ana, bruno, chen


def together(jobs):
    """Runs all jobs at the same moment, each in a thread with a connection of its own; their results in order."""
    start, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        try:
            start.wait(20)
            results[place] = job()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def deliver(phone, events=None):
    def job():
        device = Device.objects.select_related("user").get(pk=phone.id)
        return intake.ingest_batch(phone.items(events), actor=phone.user, device=device, now=NOW).verdicts

    return job


def test_the_same_event_from_many_clients_at_once_is_one_row_and_one_receipt(scene):
    visit, ana, *_ = scene
    phone = Phone(ana)
    for _ in range(ROUNDS):
        saved = phone.note(visit)
        answers = {bytes(answer[0]) for answer in together([deliver(phone, [saved])] * CLIENTS)}
        assert len(answers) == 1 and json.loads(answers.pop())["status"] == "applied"
    assert Event.objects.count() == Note.objects.count() == Receipt.objects.count() == ROUNDS
    assert record.verify(visit.case) == []


def test_the_same_id_with_other_bytes_at_once_leaves_one_event_and_the_rest_apart(scene):
    visit, ana, *_ = scene
    phone = Phone(ana)
    first = phone.note(visit)
    others = [phone.seal(first.event | {"body": {"kind": "statement", "text": str(n)}}) for n in range(CLIENTS - 1)]
    answers = together([deliver(phone, [each]) for each in (first, *others)])
    found = sorted(json.loads(answer[0])["status"] for answer in answers)
    assert found == ["applied"] + ["held"] * (CLIENTS - 1)
    assert Event.objects.count() == Note.objects.count() == 1
    assert Receipt.objects.count() == CLIENTS


def test_two_tabs_and_a_companion_that_drain_together_double_nothing(scene):
    """Ana's phone in two tabs, in other orders; Bruno's notes depend on hers and come at the same time."""
    visit, ana, bruno, _ = scene
    hers, his = Phone(ana), Phone(bruno)
    for n in range(10):
        saved = hers.note(visit, str(n))
        his.note(visit, f"to {n}", depends_on=[saved])
    jobs = [deliver(hers), deliver(hers, hers.outbox[::-1]), deliver(his)]
    jobs += [deliver(hers, [saved]) for saved in hers.outbox[:3]]
    for answer in together(jobs):
        assert {json.loads(body)["status"] for body in answer} <= {"applied", "held"}
    assert Event.objects.filter(status="applied").count() == Note.objects.count() == 20
    counters = list(Receipt.objects.order_by("device", "counter").values_list("device", "counter"))
    assert len(set(counters)) == len(counters)
    assert record.verify(visit.case) == []


def test_phones_in_different_cases_do_not_stand_in_each_others_way(scene):
    visit, ana, bruno, chen = scene
    make = plain(cast.make_case)(visit.case.creditor)
    cases = [make(f"债务人{n}", contract=f"X{n}") for n in range(6)]
    case_verbs.assign(cases=cases, collector=ana, by=chen, now=NOW)
    visits = case_verbs.plan_visits(cases=cases, collector=ana, second=bruno, on=NOW.date(), by=chen, now=NOW)
    phones = [Phone(ana) for _ in visits]
    for phone, each in zip(phones, visits, strict=True):
        phone.started(each)
        phone.consent(each)
        phone.note(each)
        phone.ended(each)
    for answer in together([deliver(phone) for phone in phones] * 2):
        assert {json.loads(body)["status"] for body in answer} == {"applied"}
    assert Event.objects.count() == 24 and len(set(Event.objects.values_list("server_seq", flat=True))) == 24
    assert not Visit.objects.filter(case__in=cases, complete_at=None).exists()
