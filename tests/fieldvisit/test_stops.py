"""A visit is stopped: the case is paused, nothing is signed, a supervisor decides. Age alone is advice."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from fieldvisit import alarms, briefing, door, flags, holds, packs, pauses, record, review
from fieldvisit.models import Event, Hold, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import door as rules
from tests.cast import NOW, TODAY
from tests.phone import Phone

HOUR = timedelta(hours=1)


@pytest.fixture
def phone(ana, visit):
    return Phone(ana)


def stop(phone, visit, reason="distress", text="He weeps."):
    phone.deliver([phone.started(visit), phone.consent(visit), phone.stopped(visit, reason, text)])


@pytest.mark.parametrize("reason", rules.holding())
def test_a_stop_pauses_the_case_at_once_and_the_supervisor_is_told(phone, visit, chen, reason):
    stop(phone, visit, reason)
    hold = Hold.objects.get()
    assert (hold.reason, hold.text, hold.by) == (rules.hold_of(reason), "He weeps.", visit.collector)
    assert visit.case_id in pauses.of([visit.case_id], NOW)
    assert alarms.Line(alarms.STOPPED, 1, "door") in alarms.watch(chen, NOW).lines
    assert record.verify(visit.case) == []


@pytest.mark.parametrize("reason", sorted(set(rules.policy()["stops"]) - set(rules.holding())))
def test_other_stops_end_the_visit_and_leave_the_case_as_it_is(phone, visit, reason):
    stop(phone, visit, reason)
    assert not Hold.objects.exists()


def test_what_is_proposed_after_the_stop_waits_even_in_the_same_delivery(phone, visit):
    events = [phone.started(visit), phone.stopped(visit, "dispute"), phone.promise(visit, 100, "2026-12-01")]
    assert phone.deliver(events)[-1]["code"] == "case_paused"


def test_two_tabs_stop_the_visit_and_it_is_one_pause_for_each_reason(phone, visit):
    phone.deliver([phone.started(visit)] + [phone.stopped(visit, each) for each in ("distress", "distress", "danger")])
    assert sorted(Hold.objects.values_list("reason", flat=True)) == ["danger", "distress"]


def test_only_a_supervisor_who_was_not_there_lets_the_case_go_on_and_says_why(phone, visit, chen, mia, bruno):
    stop(phone, visit)
    hold = Hold.objects.get()
    for by, text, code in ((mia, "Fine.", "hold.supervisor"), (chen, "  ", "hold.why")):
        with pytest.raises(Refused) as refused:
            holds.release(hold=hold, by=by, now=NOW, text=text)
        assert refused.value.code == code
    Visit.objects.filter(pk=visit.pk).update(second=chen)
    with pytest.raises(Refused) as refused:
        holds.release(hold=hold, by=chen, now=NOW, text="I saw it.")
    assert refused.value.code == "hold.own"
    Visit.objects.filter(pk=visit.pk).update(second=bruno)
    holds.release(hold=hold, by=chen, now=NOW, text="His daughter called; he is well.")
    assert pauses.of([visit.case_id], NOW) == {}
    assert door.counts(chen, NOW)["stops"] == 0


def test_a_doubt_is_answered_within_15_30_or_60_days_from_the_day_it_was_said(phone, visit, chen):
    stop(phone, visit, "dispute", "I never borrowed that.")
    (row,) = door.paused(chen, NOW)
    assert row.by == [TODAY + timedelta(days=days) for days in (15, 30, 60)]
    assert door.counts(chen, NOW + timedelta(days=15))["answers"] == 0
    assert door.counts(chen, NOW + timedelta(days=16))["answers"] == 1


def test_the_list_shows_each_stop_to_those_who_may_see_the_case(phone, visit, sign_in, client, chen):
    stop(phone, visit, "dispute", "I never borrowed that.")
    page = sign_in(chen).get(reverse("door")).content.decode()
    assert "I never borrowed that." in page and "2026-12-09" in page
    answer = client.post(reverse("hold-release", args=[Hold.objects.get().pk]), {"text": "Checked with the bank."})
    assert answer.status_code == 302 and Hold.objects.get().release_text == "Checked with the bank."


def test_age_alone_stops_nothing_it_advises(phone, visit, ana):
    """He is 84: a line of advice, the same verdicts as before, and the same signing."""
    before = packs.scope(ana, NOW)
    young = briefing.checks(before.visits[0], before)
    visit.case.parties.update(birth_date=date(1942, 4, 22))
    after = packs.scope(ana, NOW)
    old = briefing.checks(after.visits[0], after)
    (advice,) = [check for check in old if check not in young]
    assert advice["state"] == "mind" and len(old) == len(young) + 1
    phone.deliver([phone.started(visit), phone.consent(visit), phone.note(visit), phone.ended(visit)])
    assert not Hold.objects.exists()
    (gathered,) = review.gather(Visit.objects.filter(pk=visit.pk))
    assert not any("age" in flag.code.lower() for flag in flags.own(gathered))


def test_every_reason_to_stop_has_its_words_and_its_citation():
    from fieldvisit import course, steps

    said = rules.policy()["stops"]
    assert {code for code, _word, _say in steps.STOP_REASONS} == set(said) <= set(course.STOPS)
    assert all(rule["citation"]["zh-hans"] and rule["citation"]["en"] for rule in said.values())
    assert Event._meta.get_field("type").max_length >= len(door.STOP)
