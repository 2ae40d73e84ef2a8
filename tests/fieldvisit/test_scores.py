"""The scorecard of Dora's case: what the phone ticks counts, who she is does not, and she may have it explained."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from fieldvisit import packs, scores
from fieldvisit.models import Address, ScoreTick
from tests.cast import NOW
from tests.phone import Phone


@pytest.fixture
def phone(ana):
    return Phone(ana)


def level(case, name, now=NOW):
    return next(each for each in scores.of([case], now)[case.pk]["dimensions"] if each["name"] == name)


def test_what_ana_ticked_at_the_door_counts_beside_the_figures(phone, visit, dora):
    assert level(dora, "willingness")["level"] == "unknown"
    phone.append("score.ticked/1", {"ticks": ["offers", "illness"], "text": "医院的单据"}, visit=visit)
    phone.deliver()
    tick = ScoreTick.objects.get()
    assert (tick.case, tick.by) == (dora, phone.user)
    assert level(dora, "willingness")["level"] == "strong"
    assert level(dora, "vulnerability")["level"] == "care"
    assert level(dora, "willingness", NOW + timedelta(days=200))["level"] == "unknown"  # half a year later it is old


def test_what_was_ticked_is_never_changed(phone, visit):
    phone.append("score.ticked/1", {"ticks": ["offers"], "text": ""}, visit=visit)
    phone.deliver()
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreTick.objects.update(ticks=[])


def test_who_she_is_and_where_she_lives_changes_no_point(dora):
    before = scores.of([dora], NOW)[dora.pk]["dimensions"]
    debtor = dora.parties.get()
    debtor.birth_date, debtor.id_number, debtor.name = date(1999, 1, 1), "330105199901014019", "阿依古丽"
    debtor.save()
    Address.objects.update(province="新疆维吾尔自治区", city="喀什市", district="", street="1")
    assert scores.of([dora], NOW)[dora.pk]["dimensions"] == before


def test_the_score_is_on_the_page_to_prepare_and_no_second_copy_goes_to_the_phone(ana, visit, now):
    pack = packs.build(ana, now=now)
    assert "scores" not in pack["data"]
    page = next(p["html"] for p in pack["fragments"] if p["url"].endswith("/prepare") and p["language"] == "en")
    assert "Not known, not guessed" in page and "214 days overdue" in page


def test_many_cases_cost_as_many_queries_as_one(make_case, django_assert_num_queries):
    one, two = make_case("朵拉"), make_case("多多")
    with django_assert_num_queries(9):
        scores.of([one], NOW)
    with django_assert_num_queries(9):
        scores.of([one, two], NOW)


def test_the_explanation_names_reasons_sources_and_the_right_to_a_human_decision(sign_in, olga, dora):
    page = sign_in(olga).get(f"/office/cases/{dora.ref}/explanation/?language=zh-hans").content.decode()
    assert "由人作出决定" in page and "12378" in page
    assert re.search(r"逾期 \d{3} 天", page) and "不看" in page
