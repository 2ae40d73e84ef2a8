"""From the list of cases to a collector's day: a supervisor ticks, chooses, and the phone has it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldvisit import access, packs
from fieldvisit.models import Assignment, Visit


@pytest.fixture
def office(client, sign_in, chen):
    return sign_in(chen)


def give(office, cases, **said):
    return office.post(reverse("assignments"), {"cases": [case.ref for case in cases]} | said)


def test_new_cases_wait_for_any_supervisor_and_go_to_the_team_that_takes_them(office, make_case, ana, chen, xu):
    case = make_case("新来")
    assert "新来" in office.get(reverse("cases")).content.decode()
    assert give(office, [case], collector=ana.pk).status_code == 302
    case.refresh_from_db()
    assert (case.team, list(access.cases(ana))) == (chen.team, [case])
    chen.team = xu.team
    assert case not in access.cases(chen)


def test_a_day_of_visits_reaches_the_phone(office, make_case, ana, bruno):
    cases = [make_case(f"户{n}", lat_e7=303000000 + n * 100000) for n in range(3)]
    today = timezone.localdate()
    give(office, cases, collector=ana.pk, second=bruno.pk, on=today.isoformat())
    visits = list(Visit.objects.order_by("place"))
    assert [(v.collector, v.second, v.planned_on, v.place) for v in visits] == [
        (ana, bruno, today, n) for n in (1, 2, 3)
    ]
    pack = packs.build(ana, now=timezone.now())
    assert all(any(str(v.pk) in fragment["url"] for fragment in pack["fragments"]) for v in visits)


def test_more_cases_for_the_same_day_come_after_those_there(office, make_case, ana):
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    first, second = make_case("一"), make_case("二")
    give(office, [first], collector=ana.pk, on=day)
    give(office, [first, second], collector=ana.pk, on=day)
    visits = list(Visit.objects.order_by("place"))
    assert [(v.case, v.place) for v in visits] == [(first, 1), (second, 2)]
    assert visits[1].planned_start > visits[0].planned_end


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"collector": ""}, "请选择交给谁"),
        ({"on": "2020-01-01"}, "这一天已经过去"),
        ({"on": "soon"}, "日期"),
        ({"second": "same"}, "两人同行"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(office, make_case, ana, said, sentence):
    case = make_case("朵拉")
    said = {"collector": ana.pk} | {name: ana.pk if value == "same" else value for name, value in said.items()}
    answer = give(office, [case], **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert case.ref in answer.content.decode()
    assert not Assignment.objects.exists()


def test_cases_and_people_of_other_teams_cannot_be_given_or_given_to(office, visit, make_case, xu, chen, ana):
    case = make_case("朵拉")
    assert give(office, [case], collector=xu.pk).status_code == 422
    chen.team = xu.team
    chen.save()
    assert give(office, [visit.case], collector=xu.pk).status_code == 422
    assert Assignment.objects.get().collector == ana


def test_the_page_says_what_to_do_when_nothing_is_ticked(office):
    assert "没有勾选案件" in office.get(reverse("assignments")).content.decode()
