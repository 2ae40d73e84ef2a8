"""Today on the phone: the line of the day, what is missing, and that its cost does not grow with its length."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fieldvisit import cases, day, packs
from fieldvisit.models import Mandate, ReviewDecision, Visit
from tests.cast import NOW, TODAY


@pytest.fixture
def plan(ana, bruno, chen, make_case):
    """plan(3, on=…) → Ana's visits of that day, each door a little further north."""

    def make(count, *, on=TODAY, second=bruno):
        made = [make_case(f"某{n}", lat_e7=303000000 + n * 100000) for n in range(count)]
        cases.assign(cases=made, collector=ana, by=chen, now=NOW)
        return cases.plan_visits(cases=made, collector=ana, second=second, on=on, by=chen, now=NOW)

    return make


def page(client, url, language="en", **headers):
    return client.get(url, headers={"HX-Request": "true", "X-Language": language, **headers})


def test_the_day_names_doors_way_and_what_is_owed(plan, ana, sign_in):
    plan(3)
    html = page(sign_in(ana), "/m/today").content.decode()
    assert "3 doors · 2.2 km" in html
    assert html.count("owes <b>8,011.50</b> yuan") == 3
    assert "济南街99号<wbr>24栋<wbr>1单元<wbr>1402室" in html


def test_the_same_in_chinese(plan, ana, sign_in):
    plan(3)
    html = page(sign_in(ana), "/m/today", "zh-hans").content.decode()
    assert "11 月 24 日" in html and "owes" not in html


def test_one_action_the_next_visit(plan, ana, sign_in):
    first, second, _ = plan(3)
    Visit.objects.filter(pk=first.pk).update(started_at=NOW, ended_at=NOW, complete_at=NOW)
    seen = day.today(packs.scope(ana, NOW))
    assert seen["next"]["visit"].pk == second.pk
    assert [row["state"] for row in seen["rows"]] == ["sent", "", ""]


def test_a_visit_under_way_comes_before_the_next(plan, ana):
    _, _, third = plan(3)
    Visit.objects.filter(pk=third.pk).update(started_at=NOW)
    assert day.today(packs.scope(ana, NOW))["next"]["visit"].pk == third.pk


def test_what_is_missing_is_said(plan, ana, sign_in, creditor):
    plan(1, second=None)
    Mandate.objects.update(valid_until=TODAY - timedelta(days=1))
    html = page(sign_in(ana), "/m/today").content.decode()
    assert "2 missing" in html
    assert "Nobody goes with you; No mandate of the creditor is in force today: do not collect" in html


def test_tomorrow_stands_below_today(plan, ana, sign_in):
    plan(1)
    plan(2, on=TODAY + timedelta(days=1))
    html = page(sign_in(ana), "/m/today").content.decode()
    assert "1 door" in html and "Tomorrow" in html and "2 doors" in html


def test_a_visit_sent_back_shows_the_sentence_and_leads_to_talk(visit, ana, olga, sign_in):
    Visit.objects.filter(pk=visit.pk).update(started_at=NOW, ended_at=NOW, complete_at=NOW)
    at = NOW - timedelta(minutes=1)
    ReviewDecision.objects.create(visit=visit, decision="returned", sentence="Which door is it?", by=olga, at=at)
    html = page(sign_in(ana), "/m/today").content.decode()
    assert "Which door is it?" in html and "Needs you" in html
    assert f"/m/visits/{visit.pk}/talk" in html


def test_an_empty_day_says_what_to_do(ana, sign_in):
    html = page(sign_in(ana), "/m/today").content.decode()
    assert "No visits today" in html and "supervisor" in html


def test_two_hundred_doors_cost_no_more_queries_than_six(plan, ana, sign_in):
    client = sign_in(ana)

    def queries():
        page(client, "/m/today")
        with CaptureQueriesContext(connection) as asked:
            assert page(client, "/m/today").status_code == 200
        return len(asked)

    plan(6)
    six = queries()
    plan(194)
    assert queries() == six


def test_cases_on_the_phone_and_how_many_are_not(visit, ana, chen, make_case, sign_in):
    cases.assign(cases=[make_case("李宇"), make_case("葛强")], collector=ana, by=chen, now=NOW)
    html = page(sign_in(ana), "/m/cases").content.decode()
    assert "1 on this phone" in html and "2 more cases are yours" in html and "李宇" not in html


def test_a_case_shows_its_history(visit, ana, sign_in):
    html = page(sign_in(ana), f"/m/cases/{visit.case.ref}").content.decode()
    assert "Given to a collector" in html and "Visit planned" in html and "8,011.50" in html


@pytest.fixture(autouse=True)
def at_ten(monkeypatch):
    """The views read the clock: here it stands."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
