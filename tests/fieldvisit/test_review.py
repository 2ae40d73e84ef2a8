"""Review: which visits wait, what is flagged in them, and a decision that the record keeps."""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone, translation
from PIL import Image

from fieldvisit import course, record, review, rule_changes
from fieldvisit.models import Decision, Event, ReviewDecision, Visit
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.fieldvisit.played import RECEIVED, bring, play
from tests.phone import HOME, Phone

LATER = RECEIVED + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def jpeg():
    """Each one another: files are kept by their hash, beyond the end of a test."""
    file = BytesIO()
    Image.frombytes("RGB", (48, 32), os.urandom(48 * 32 * 3)).save(file, "JPEG")
    return file.getvalue()


def seen(visit):
    (gathered,) = review.gather(Visit.objects.filter(pk=visit.pk))
    return gathered


def raised(visit):
    return {flag.code: flag for flag in review.flags_of(seen(visit)) if flag.level != "ok"}


@pytest.fixture
def done(visit, ana):
    return play(visit, Phone(ana))[0]


def approve(visit, by, now=LATER, **more):
    return review.decide(**{"visit": visit, "decision": Decision.APPROVED, "by": by, "now": now} | more)


# --- the queue


def test_a_visit_waits_when_it_has_ended_and_no_sooner(visit, ana, olga):
    assert not review.queue(olga).exists()
    play(visit, Phone(ana))
    assert list(review.queue(olga)) == [visit]


def test_the_queue_is_of_those_who_may_see_the_case(done, olga, chen, mia, xu):
    assert [list(review.queue(user)) for user in (olga, chen, mia, xu)] == [[done], [done], [done], []]


def test_a_decided_visit_leaves_the_queue_and_late_work_brings_it_back(done, olga, ana):
    approve(done, olga)
    assert not review.queue(olga).exists()
    phone = Phone(ana)
    phone.seq[str(done.pk)] = done.last_seq
    phone.note(done, "What I forgot.")
    phone.deliver(now=LATER + timedelta(hours=1))
    assert list(review.queue(olga)) == [done]
    assert review.standing(seen(done)) is None


def test_a_photo_that_comes_after_it_was_sent_back_brings_the_visit_back(visit, ana, olga):
    visit, (photo,) = play(visit, Phone(ana), pictures=[jpeg()])
    review.decide(visit=visit, decision=Decision.RETURNED, sentence="A photo is missing.", by=olga, now=RECEIVED)
    assert not review.queue(olga).exists()
    bring(photo)
    assert list(review.queue(olga)) == [visit]


# --- the decision


def test_an_approval_stands_with_who_and_when_and_in_the_record(done, olga):
    made = approve(done, olga)
    assert (made.by, made.at, made.decision) == (olga, LATER, "approved")
    last = record.timeline(done.case)[-1]
    assert (last["action"], last["actor"], last["object"]) == ("visit.approved", olga, f"visit:{done.pk}")
    assert record.verify(done.case) == []


def test_the_record_keeps_which_flags_stood(visit, ana, olga):
    play(visit, Phone(ana), second=None)
    approve(visit, olga)
    assert {"code": "CN-VIS-01", "level": "block"} in record.timeline(visit.case)[-1]["payload"]["flags"]


def test_sending_back_needs_a_sentence(done, olga):
    for nothing in ("", "  \n "):
        with pytest.raises(Refused, match="sentence"):
            review.decide(visit=done, decision=Decision.RETURNED, sentence=nothing, by=olga, now=LATER)
    assert not ReviewDecision.objects.exists()
    made = review.decide(visit=done, decision=Decision.RETURNED, sentence=" Who was there? ", by=olga, now=LATER)
    assert made.sentence == "Who was there?"


def test_two_reviewers_cannot_both_decide(done, olga, mia):
    approve(done, olga)
    with pytest.raises(Refused) as refused:
        approve(done, mia)
    assert (refused.value.code, refused.value.params["name"]) == ("review.decided", "Olga")
    assert done.decisions.count() == 1


def test_nobody_reviews_his_own_visit(done, ana, bruno):
    for one in (ana, bruno):
        with pytest.raises(Refused) as refused:
            approve(done, one)
        assert refused.value.code == "review.own"


def test_an_incomplete_visit_goes_back_but_is_not_approved(visit, ana, olga):
    visit, _ = play(visit, Phone(ana), pictures=[jpeg()])
    with pytest.raises(Refused) as refused:
        approve(visit, olga)
    assert refused.value.code == "review.incomplete"
    assert course.missing(seen(visit))
    assert review.decide(visit=visit, decision=Decision.RETURNED, sentence="The photo?", by=olga, now=LATER).pk


def test_a_visit_under_way_cannot_be_decided(visit, ana, olga):
    phone = Phone(ana)
    phone.started(visit)
    phone.deliver()
    with pytest.raises(Refused) as refused:
        approve(visit, olga)
    assert refused.value.code == "review.not_ended"


def test_done_today_counts_ones_own_since_midnight_in_beijing(done, olga, mia):
    approve(done, olga, now=NOW)
    assert review.done_today(olga, NOW + timedelta(hours=2)) == 1
    assert review.done_today(mia, NOW) == 0
    assert review.done_today(olga, NOW + timedelta(hours=14)) == 0  # 00:14 of the next day


# --- flags


def test_a_good_visit_has_no_flag(done):
    assert raised(done) == {}


@pytest.mark.parametrize(
    ("how", "code", "says"),
    [
        ({"second": None}, "CN-VIS-01", "1"),
        ({"second": "nobody-we-know"}, "CN-VIS-01", "1"),
        ({"second": "ana"}, "CN-VIS-01", "1"),  # herself
        ({"second": "olga"}, "CN-VIS-01", "1"),  # who reviews does not go along
        ({"place": HOME | {"lat_e7": HOME["lat_e7"] + 50_000}}, "FV-PLACE-01", "556 m"),
        ({"place": None}, "FV-PLACE-02", "not allowed"),
        ({"notes": 0}, "FV-NOTE-01", "no note"),
        ({"pictures": [jpeg()]}, "FV-PHOTO-01", "1"),
    ],
)
def test_each_shortcoming_is_flagged_with_its_rule(visit, ana, olga, how, code, says):
    play(visit, Phone(ana), **how)
    flags = raised(visit)
    assert set(flags) == {code}
    assert says in flags[code].sentence
    assert flags[code].citation.startswith(code)


def test_an_unreadable_photo_is_flagged_and_the_visit_is_complete(visit, ana):
    visit, (photo,) = play(visit, Phone(ana), pictures=[jpeg()])
    bring(photo, b"no picture")
    visit.refresh_from_db()
    assert visit.complete_at
    assert set(raised(visit)) == {"FV-PHOTO-02"}


def test_a_second_start_does_not_bring_a_second_collector(visit, ana):
    phone = Phone(ana)
    play(visit, phone, second=None)
    start = {"position": HOME, "position_refused": None, "bring": [], "second": "nobody-we-know"}
    phone.deliver([phone.append("visit.started/1", start, visit=visit)], now=RECEIVED)
    assert "CN-VIS-01" in raised(visit)


def test_the_companions_own_phone_may_name_the_collector(visit, bruno):
    visit, _ = play(visit, Phone(bruno), second="ana")
    assert (visit.collector.username, visit.second.username) == ("ana", "bruno")
    assert "CN-VIS-01" not in raised(visit)


def test_a_slow_clock_is_flagged_and_the_timeline_shows_both_times(visit, ana):
    phone = Phone(ana)
    phone.clock["offset_ms"] = 7 * 60_000
    play(visit, phone)
    assert "7 min slow" in raised(visit)["FV-CLOCK-01"].sentence
    moments = course.moments(seen(visit))
    assert all(moment.at - moment.phone_at == timedelta(minutes=7) for moment in moments)


def test_a_clock_that_was_never_compared_is_flagged(visit, ana):
    phone = Phone(ana)
    phone.clock["offset_ms"] = None
    play(visit, phone)
    assert set(raised(visit)) == {"FV-CLOCK-01"}


def test_a_visit_at_night_is_flagged_in_the_debtors_hours(visit, ana):
    phone = Phone(ana, now=NOW - timedelta(hours=3))  # 07:14 in Beijing
    play(visit, phone)
    assert "07:14" in raised(visit)["CN-TIME-01"].sentence


def test_work_that_comes_after_reassignment_is_flagged(visit, ana, bruno, chen, xu):
    from fieldvisit import cases

    phone = Phone(ana)
    start = len(phone.outbox)
    phone.append(
        "visit.started/1", {"position": HOME, "position_refused": None, "bring": [], "second": "bruno"}, visit=visit
    )
    phone.deliver(phone.outbox[start:])
    phone.note(visit, "He was there.")
    phone.ended(visit, outcome="not_met")
    cases.assign(cases=[visit.case], collector=bruno, by=chen, now=NOW + timedelta(minutes=30))
    phone.deliver(phone.outbox[1:], now=RECEIVED)
    assert "FV-LATE-01" in raised(visit)


# --- the timeline of the visit


def test_the_timeline_tells_every_event_in_order(visit, ana):
    play(visit, Phone(ana), pictures=[jpeg()])
    titles = [moment.title for moment in course.moments(seen(visit))]
    assert titles == [
        "Visit started",
        "Identified; asked in",
        "Recorder named",
        "What he said",
        "What I saw",
        "Photo: Door",
        "Visit ended",
    ]
    assert Event.objects.filter(visit_id=visit.pk).count() == len(titles)


def test_a_stop_says_its_reason_in_his_words(visit, ana):
    phone = Phone(ana)
    phone.started(visit)
    phone.stopped(visit, "asked_to_leave", "Go.")
    phone.ended(visit, outcome="stopped")
    phone.deliver(now=RECEIVED)
    stop = course.moments(seen(visit))[1]
    assert (stop.title, stop.text, stop.tone) == ("Visit stopped", "Asked to leave · Go.", "mind")


def test_a_rule_that_the_office_tightened_is_what_a_visit_is_measured_by(done, mia):
    """The rule of the visit's day counts, not that of a later one."""
    day = timezone.localdate(done.started_at)
    tighter = {"pack": "cn", "rule": "CN-TIME-01", "values": {"until": "09:00"}, "reason": "Local custom.", "by": mia}
    rule_changes.propose(**tighter, valid_from=day + timedelta(days=1), valid_to=None, now=NOW)
    assert "CN-TIME-01" not in raised(done)
    rule_changes.propose(**tighter, valid_from=day, valid_to=None, now=NOW)
    assert raised(done)["CN-TIME-01"].level == "block"


def test_other_apps_add_flags_and_panels(done, monkeypatch):
    monkeypatch.setattr(review, "_flags", list(review._flags))
    monkeypatch.setattr(review, "_panels", list(review._panels))
    review.flags(lambda visit: [review.Flag("X-1", "block", "Said elsewhere", "X-1 · somewhere")])
    review.panels(lambda visit: [{"template": "x.html", "context": {}}])
    assert review.flags_of(seen(done))[0].code == "X-1"
    assert {"template": "x.html", "context": {}} in review.panels_of(seen(done))
