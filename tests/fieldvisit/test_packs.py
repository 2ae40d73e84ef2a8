"""The pack: what of a collector's day is on his phone, and that it costs the same for six visits as for sixty."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fieldvisit import cases, fragments, packs
from fieldvisit.models import ReviewDecision, Visit
from tests.cast import NOW, TODAY


def urls(pack, language="zh-hans"):
    return [piece["url"] for piece in pack["fragments"] if piece["language"] == language]


def test_the_pack_holds_every_page_of_the_day_in_both_languages(visit, ana):
    pack = packs.build(ana, now=NOW)
    steps = [f"/m/visits/{visit.pk}/{step}" for step in ("prepare", "arrive", "talk", "leave")]
    assert set(urls(pack)) >= {"/m/today", "/m/cases", f"/m/cases/{visit.case.ref}", *steps}
    assert urls(pack, "en") == urls(pack)
    assert pack["languages"] == ["zh-hans", "en"]


def test_every_fragment_says_its_own_hash(visit, ana):
    for piece in packs.build(ana, now=NOW)["fragments"]:
        assert piece["sha256"] == fragments.sha256(piece["html"])


def test_the_same_state_is_the_same_pack(visit, ana):
    first, later = packs.build(ana, now=NOW), packs.build(ana, now=NOW + timedelta(minutes=5))
    assert first["state"] == later["state"]
    assert first["as_of"] != later["as_of"]


def test_what_is_rendered_once_would_say_the_same_on_every_page(visit, ana, chen, make_case, settings):
    cases.assign(cases=[other := make_case("李宇")], collector=ana, by=chen, now=NOW)
    cases.plan_visits(cases=[other], collector=ana, second=None, on=TODAY, by=chen, now=NOW)
    once = packs.build(ana, now=NOW)["state"]
    settings.DEBUG = True  # now `same` renders anew each time
    assert packs.build(ana, now=NOW)["state"] == once


def test_a_planned_visit_changes_the_state(visit, ana, chen, make_case):
    before = packs.build(ana, now=NOW)["state"]
    cases.assign(cases=[other := make_case("李宇")], collector=ana, by=chen, now=NOW)
    cases.plan_visits(cases=[other], collector=ana, second=None, on=TODAY + timedelta(days=1), by=chen, now=NOW)
    assert packs.build(ana, now=NOW)["state"] != before


def test_nothing_of_another_collector_and_nothing_beyond_tomorrow(visit, ana, xu, chen, make_case):
    late = make_case("晚来")
    cases.assign(cases=[late], collector=ana, by=chen, now=NOW)
    (far,) = cases.plan_visits(cases=[late], collector=ana, second=None, on=TODAY + timedelta(days=2), by=chen, now=NOW)
    text = json.dumps(packs.build(ana, now=NOW), ensure_ascii=False)
    assert str(far.pk) not in text and "晚来" not in text
    assert str(visit.pk) not in json.dumps(packs.build(xu, now=NOW))


def test_identity_numbers_never_reach_the_phone_whole(visit, ana):
    assert "330105197404224076" not in json.dumps(packs.build(ana, now=NOW))


@pytest.fixture
def sent_back(visit, olga):
    Visit.objects.filter(pk=visit.pk).update(
        planned_on=date(2026, 11, 20), started_at=NOW - timedelta(days=4), ended_at=NOW - timedelta(days=4)
    )
    at = NOW - timedelta(minutes=1)
    ReviewDecision.objects.create(visit=visit, decision="returned", sentence="门牌照片看不清，请补拍", by=olga, at=at)
    return visit


def test_a_visit_sent_back_stays_on_the_phone_with_its_sentence(sent_back, ana):
    pack = packs.build(ana, now=NOW)
    assert f"/m/visits/{sent_back.pk}/talk" in urls(pack)
    (today,) = [p for p in pack["fragments"] if p["url"] == "/m/today" and p["language"] == "en"]
    assert "门牌照片看不清" in today["html"]


def test_approved_at_last_it_leaves_the_phone(sent_back, ana, olga):
    ReviewDecision.objects.create(visit=sent_back, decision="approved", by=olga, at=NOW - timedelta(minutes=1))
    assert f"/m/visits/{sent_back.pk}/talk" not in urls(packs.build(ana, now=NOW))


def test_sixty_visits_ask_the_database_no_more_than_six(ana, bruno, chen, make_case):
    def plan(count):
        made = [make_case(f"某{n}") for n in range(count)]
        cases.assign(cases=made, collector=ana, by=chen, now=NOW)
        cases.plan_visits(cases=made, collector=ana, second=bruno, on=TODAY, by=chen, now=NOW)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            packs.build(ana, now=NOW)
        return len(asked)

    plan(6)
    packs.build(ana, now=NOW)  # offers are made once
    six = queries()
    plan(54)
    packs.build(ana, now=NOW)
    assert queries() == six
