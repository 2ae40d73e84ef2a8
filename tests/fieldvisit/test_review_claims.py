"""Two reviewers at one queue: claims, half a minute to take a decision back, many approved at once, samples, marks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from fieldvisit import history, packs, record, review, review_claims
from fieldvisit.models import Decision, ReviewClaim, ReviewDecision
from fieldvisit.problems import Refused
from tests.fieldvisit.played import RECEIVED, many, play
from tests.fieldvisit.test_review import jpeg, seen
from tests.phone import Phone

LATER = RECEIVED + timedelta(minutes=10)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def done(visit, ana):
    return play(visit, Phone(ana), pictures=[jpeg()])[0]


def test_what_one_has_open_another_does_not_decide_until_it_ends_by_itself(done, olga, mia):
    review_claims.claim(visit=done, by=olga, now=LATER)
    assert review_claims.claim(visit=done, by=mia, now=LATER).by == olga
    with pytest.raises(Refused) as refused:
        review.decide(visit=done, decision=Decision.RETURNED, sentence="x", by=mia, now=LATER)
    assert refused.value.code == "review.claimed"
    hour = LATER + timedelta(hours=1)
    assert review_claims.claim(visit=done, by=mia, now=hour).by == mia
    review.decide(visit=done, decision=Decision.RETURNED, sentence="x", by=mia, now=hour)
    assert not ReviewClaim.objects.exists()


def told(ana, now):
    with translation.override("en"):
        visit = next(v for v in packs.scope(ana, now).visits)
    return visit.latest and visit.latest.decision


def lines(visit, now):
    return [line["action"] for line in history.of_cases([visit.case], now)[visit.case_id]]


def test_a_decision_is_taken_back_within_half_a_minute_and_no_phone_ever_hears_of_it(done, olga, ana):
    review.decide(visit=done, decision=Decision.RETURNED, sentence="Why?", by=olga, now=LATER)
    assert told(ana, LATER + 29 * SECOND) is None and "visit.returned" not in lines(done, LATER + 29 * SECOND)
    review.undo(visit=done, by=olga, now=LATER + 29 * SECOND)
    assert list(review.queue(olga)) == [done] and review.standing(seen(done)) is None
    assert told(ana, LATER + timedelta(hours=1)) is None
    assert not {"visit.returned", "visit.decision_undone"} & set(lines(done, LATER + timedelta(hours=1)))
    actions = [line["action"] for line in record.timeline(done.case)]
    assert actions[-2:] == ["visit.returned", "visit.decision_undone"] and record.verify(done.case) == []


def test_after_that_it_stands_and_the_phone_is_told_what_it_is_about(done, olga, mia, ana):
    photo = done.photos.get()
    made = review.decide(visit=done, decision=Decision.RETURNED, sentence="Too dark.", marked=f"photo:{photo.pk}:1",
                         by=olga, now=LATER)  # fmt: skip
    assert told(ana, LATER + 31 * SECOND) == "returned" and "visit.returned" in lines(done, LATER + 31 * SECOND)
    assert str(history.part(made.marked)) == "Photo 1"
    for by, at in ((mia, LATER), (olga, LATER + 31 * SECOND)):
        with pytest.raises(Refused) as refused:
            review.undo(visit=done, by=by, now=at)
        assert refused.value.code == "review.undo_late"


def test_only_visits_in_which_nothing_stands_out_are_approved_together(done, olga, monkeypatch):
    monkeypatch.setattr(review, "flags_of", lambda visit: [])
    monkeypatch.setattr(review, "sampled", lambda visit: True)
    waiting = review.queue(olga)
    assert review.approve_plain(visits=waiting, by=olga, now=LATER) == (0, 1)
    monkeypatch.setattr(review, "sampled", lambda visit: False)
    assert review.plain(seen(done)) == (done.complete_at is not None)
    done.complete_at = LATER - timedelta(minutes=1)
    done.save()
    assert review.approve_plain(visits=review.queue(olga), by=olga, now=LATER) == (1, 0)
    assert ReviewDecision.objects.get().by == olga


def test_a_flag_keeps_a_visit_out_of_it(done, olga):
    assert [flag for flag in review.flags_of(seen(done)) if flag.level != "ok"]
    assert review.approve_plain(visits=review.queue(olga), by=olga, now=LATER) == (0, 1)


def test_the_sample_is_near_its_share_and_always_the_same(done):
    drawn = [review.sampled(done) for _ in range(3)]
    assert len(set(drawn)) == 1


def test_the_page_filters_sorts_claims_and_takes_back(done, client, sign_in, olga, mia, ana):
    done.ended_at = timezone.now()
    done.save()
    sign_in(olga)
    page = client.get(reverse("reviews"), {"flags": "some", "order": "flags", "collector": ana.pk}).content.decode()
    assert str(done.pk) in page
    assert f"row-{done.pk}" not in client.get(reverse("reviews"), {"flags": "none"}).content.decode()
    assert ReviewClaim.objects.get().by == olga
    said = {"decision": "returned", "sentence": "Why?", "marked": "notes"}
    answer = client.post(reverse("decisions", args=[done.pk]), said, headers={"HX-Request": "true"})
    assert reverse("decision-undo", args=[done.pk]) in answer.content.decode()
    answer = client.post(reverse("decision-undo", args=[done.pk]), follow=True)
    assert answer.status_code == 200 and review.queue(olga).exists()
    sign_in(mia)
    assert "Olga" in client.get(reverse("review", args=[done.pk])).content.decode()


def test_the_queue_by_flags_costs_the_same_for_one_and_for_many(done, client, sign_in, olga, ana, bruno, make_case,
                                                                chen, django_assert_max_num_queries):  # fmt: skip
    sign_in(olga)
    url = reverse("reviews") + "?order=flags"
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    many(4, make_case=make_case, ana=ana, bruno=bruno, chen=chen)
    with django_assert_max_num_queries(len(one)):
        assert client.get(url).status_code == 200
