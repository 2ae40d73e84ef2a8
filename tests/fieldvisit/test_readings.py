"""Who has read a debtor's data: every way to it leaves one line an hour, and no line can be taken away."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from fieldvisit import readings
from fieldvisit.models import Reading
from tests.phone import SAME_ORIGIN


def told():
    return [(row.by.username, row.what, row.case.contract_number) for row in Reading.objects.order_by("pk")]


def test_page_and_review_and_phone_are_written_down_once_an_hour(visit, olga, ana, sign_in, client):
    number = visit.case.contract_number
    desk = sign_in(olga)
    for _again in range(2):
        page = desk.get(f"/office/cases/{visit.case.ref}/", headers={"accept-language": "en"})
    desk.get(f"/office/visits/{visit.pk}/")
    assert told() == [("olga", "page", number), ("olga", "visit", number)]
    assert "Who has read this case" in page.content.decode()
    held = sign_in(ana).get("/sync/pack", headers=SAME_ORIGIN).json()["state"]
    assert told()[2:] == [("ana", "phone", number)]
    sign_in(ana).get(f"/sync/pack?since={held}", headers=SAME_ORIGIN)
    assert len(told()) == 3, "what the phone has already is no new reading"


def test_an_hour_later_it_is_another_reading(dora, olga, now):
    for minutes in (0, 59, 61):
        readings.note([dora.pk], by=olga, what="page", now=now + timedelta(minutes=minutes))
    assert Reading.objects.count() == 2


def test_who_may_not_see_it_leaves_no_line_and_sees_none(visit, xu, sign_in):
    assert sign_in(xu).get(f"/office/cases/{visit.case.ref}/").status_code == 403
    assert told() == []


@pytest.mark.parametrize("change", ["UPDATE fieldvisit_reading SET what = 'photo'", "DELETE FROM fieldvisit_reading"])
def test_no_line_is_taken_away(dora, olga, change):
    readings.note([dora.pk], by=olga, what="page", now=timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_many_cases_cost_as_much_as_one(make_case, ana, now, django_assert_num_queries):
    cases = [make_case().pk for _ in range(12)]
    with django_assert_num_queries(2):
        readings.note(cases, by=ana, what="phone", now=now)
    with django_assert_num_queries(1):
        readings.note(cases, by=ana, what="phone", now=now)
