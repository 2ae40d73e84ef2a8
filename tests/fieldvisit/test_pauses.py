"""A case that must be left alone: no visit is planned, the phone is told to stay away, and never why."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fieldvisit import briefing, cases, history, holds, packs, pauses, record
from fieldvisit.models import Assignment, Visit
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def paused(visit, chen):
    return pauses.place(case=visit.case, reason="illness", text="His wife died in May.", by=chen, now=NOW)


def plan(case, ana, chen, on=TOMORROW, now=NOW):
    return cases.plan_visits(cases=[case], collector=ana, second=None, on=on, by=chen, now=now)


def test_no_visit_is_planned_and_the_refusal_names_the_case(paused, visit, ana, chen):
    with pytest.raises(Refused, match=visit.case.contract_number):
        plan(visit.case, ana, chen)
    assert Visit.objects.count() == 1


def test_one_paused_case_keeps_the_whole_plan_from_being_half_made(paused, visit, make_case, ana, chen):
    other = make_case("别人")
    with pytest.raises(Refused):
        cases.plan_visits(cases=[other, visit.case], collector=ana, second=None, on=TOMORROW, by=chen, now=NOW)
    assert not Visit.objects.filter(case=other).exists()


def test_released_or_over_it_stands_in_nobodys_way(visit, ana, chen):
    hold = pauses.place(case=visit.case, reason="wish", text="Until payday.", by=chen, now=NOW, until=TODAY)
    with pytest.raises(Refused):
        plan(visit.case, ana, chen)
    assert len(plan(visit.case, ana, chen, on=TODAY + timedelta(days=2), now=NOW + timedelta(days=1))) == 1
    holds.release(hold=hold, by=chen, now=NOW, text="Payday is over.")
    assert pauses.of([visit.case_id], NOW) == {}


def test_a_pause_says_why_or_is_none(visit, chen):
    with pytest.raises(Refused):
        pauses.place(case=visit.case, reason="other", text="  ", by=chen, now=NOW)


def test_the_phone_is_told_to_stay_away_and_not_why(paused, visit, ana):
    pack = packs.build(ana, now=NOW)
    assert pack["data"]["paused"] == {visit.case.ref: "hold"}
    assert "His wife died" not in str(pack)
    seen = packs.scope(ana, NOW)
    assert next(check["state"] for check in briefing.checks(seen.visits[0], seen)) == "no"


def test_the_record_keeps_that_it_was_paused_and_the_reason_stays_in_the_office(paused, visit):
    (line,) = [line for line in record.timeline(visit.case) if line["action"] == "case.paused"]
    assert "His wife" not in str(line["payload"])
    assert "His wife" not in str(history.of_cases([visit.case], NOW))


def test_the_desk_reads_why_and_nothing_is_changed(paused, visit, sign_in, client, chen, bruno):
    office = sign_in(chen)
    page = office.get(reverse("assignments"), {"cases": visit.case.ref}).content.decode()
    assert str(pauses.of([visit.case_id], NOW)[visit.case_id].why) in page or "paused" in page or "暂停" in page
    said = {"cases": [visit.case.ref], "collector": bruno.pk, "on": (TODAY + timedelta(days=400)).isoformat()}
    answer = office.post(reverse("assignments"), said)
    assert (answer.status_code, visit.case.contract_number in answer.content.decode()) == (422, True)
    assert Assignment.objects.get(until_at=None).collector.username == "ana"


def test_many_cases_cost_as_many_queries_as_one(paused, visit, django_assert_num_queries):
    with django_assert_num_queries(2):  # holds, and plans that are kept
        pauses.of([visit.case_id], NOW)
