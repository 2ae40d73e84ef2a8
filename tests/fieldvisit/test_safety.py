"""Somebody at a door: the server watches whether he gives a word, and hears a quiet call."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fieldvisit import alarms, history, packs, record, safety
from fieldvisit.models import HelpCall, Position, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import door
from tests.cast import NOW
from tests.phone import HOME, Phone

MINUTE = timedelta(minutes=1)
UNHEARD = alarms.Line(alarms.UNHEARD, 1, "door")
HELP = alarms.Line(alarms.HELP, 1, "door")


@pytest.fixture
def phone(ana, visit):
    return Phone(ana)


def told(user, at):
    return alarms.watch(user, at).lines


def test_a_phone_that_dies_at_the_door_alarms_all_the_same(phone, visit, chen):
    phone.deliver([phone.started(visit)])
    assert UNHEARD not in told(chen, NOW + 60 * MINUTE)
    assert UNHEARD in told(chen, NOW + 61 * MINUTE)


def test_a_word_moves_the_time_on_and_the_end_stops_it(phone, visit, chen):
    phone.deliver([phone.started(visit)])
    phone.now = NOW + 50 * MINUTE
    phone.deliver([phone.append("visit.checkin/1", {}, visit=visit)], now=phone.now)
    assert UNHEARD not in told(chen, NOW + 61 * MINUTE) and UNHEARD in told(chen, NOW + 111 * MINUTE)
    phone.deliver([phone.ended(visit)], now=phone.now)
    assert UNHEARD not in told(chen, NOW + 300 * MINUTE)


def test_an_end_that_comes_before_the_start_leaves_nothing_due(phone, visit, chen):
    start, end = phone.started(visit), phone.ended(visit)
    phone.deliver([end])
    phone.deliver([start])
    assert UNHEARD not in told(chen, NOW + 300 * MINUTE)


@pytest.mark.parametrize(
    "facts, level, minutes",
    [(set(), "usual", 60), ({"alone"}, "raised", 40), ({"evening", "alone"}, "raised", 40), ({"danger"}, "high", 20)],
)
def test_risk_makes_the_time_shorter(facts, level, minutes):
    found = door.plan(facts)
    assert (found["level"], found["minutes"], set(found["why"])) == (level, minutes, facts)


def test_a_case_that_was_dangerous_before_is_at_high_risk_and_the_phone_knows(phone, visit, ana):
    assert packs.build(ana, now=NOW)["data"]["safety"][str(visit.pk)]["level"] == "usual"
    phone.deliver([phone.started(visit), phone.stopped(visit, "danger")])
    assert safety.plans([visit], NOW)[visit.pk]["level"] == "high"


def test_a_quiet_call_reaches_the_desk_and_no_phone_reads_of_it(phone, visit, chen, sign_in):
    phone.deliver([phone.append("visit.help/1", {"position": HOME, "position_refused": None}, visit=visit)])
    assert told(chen, NOW)[0] == HELP
    assert Position.objects.get().lat_e7 == HOME["lat_e7"]
    assert not any(line["action"] == "visit.help/1" for line in history.of_cases([visit.case], NOW)[visit.case_id])
    office = sign_in(chen)
    assert "30.300000, 120.150000" in office.get(reverse("door")).content.decode()
    office.post(reverse("help-answer", args=[HelpCall.objects.get().pk]), {"text": "Called him, he is out."})
    assert HelpCall.objects.get().answered_by == chen and HELP not in told(chen, NOW)


def test_whoever_has_reached_him_says_so_and_the_time_runs_anew(phone, visit, chen):
    phone.deliver([phone.started(visit)])
    with pytest.raises(Refused):
        safety.reached(visit=visit, text=" ", by=chen, now=NOW)
    later = NOW + 70 * MINUTE
    safety.reached(visit=visit, text="He has no signal there.", by=chen, now=later)
    assert Visit.objects.get().check_by == later + 60 * MINUTE
    assert "visit.reached" in [entry["action"] for entry in record.timeline(visit.case)]
