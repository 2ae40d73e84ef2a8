"""What it costs to be done, told at the desk and on the debtor's page; the record says what was told, and once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements import endings, payments, settling
from fieldvisit.models import Entry
from fieldvisit.problems import Refused
from tests.cast import NOW

from .test_debtor import agreement, at, clock, mine  # noqa: F401  fixtures


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


def lines():
    return [entry.detail for entry in Entry.objects.filter(action=settling.TOLD).select_related("detail")]


def test_on_his_page_he_asks_and_what_he_was_told_stands_once(agreement, mine, at, clock):  # noqa: F811
    assert reverse("copy-settling", args=[at("copy").rsplit("/", 1)[1]]) in mine.get(at("copy")).content.decode()
    asked = mine.get(at("copy-settling")).content.decode()
    assert ("Show the sum of today" in asked, lines()) == (True, [])
    total = payments.plan_of(agreement, clock.at).total_fen
    page = mine.post(at("copy-settling")).content.decode()
    mine.post(at("copy-settling"))
    (line,) = lines()
    due = payments.plan_of(agreement, clock.at).next.due.isoformat()
    assert f"{total // 100:,}" in page and due in page and "提前还" in page  # the clause, as it was signed
    assert (line.payload["left"]["total"], line.payload["until"], line.actor) == (total, due, None)
    assert "owed" not in line.payload
    clock.at += timedelta(days=1)
    mine.post(at("copy-settling"))
    assert len(lines()) == 2


def test_the_desk_shows_it_and_writes_down_that_he_was_told(agreement, client, sign_in, olga, clock):  # noqa: F811
    clock.at = NOW + timedelta(days=120)
    assert payments.plan_of(agreement, clock.at).state == "broken"
    address = reverse("agreement-settling", args=[agreement.pk])
    page = sign_in(olga).get(address).content.decode()
    assert "Once the rest is demanded" in page and lines() == []
    assert sign_in(olga).post(address, {"way": " "}).status_code == 422
    assert "let off" not in page  # there was no reduction
    sign_in(olga).post(address, {"way": "by telephone"})
    (line,) = lines()
    assert (line.actor, line.payload["way"], line.payload["owed"]["total"]) == (
        olga, "by telephone", payments.plan_of(agreement, clock.at).left_fen
    )  # fmt: skip


def test_what_is_paid_too_much_is_his_and_his_page_says_so(agreement, mine, at, clock, olga):  # noqa: F811
    fen = payments.plan_of(agreement, clock.at).total_fen + 1234
    payments.record_payment(case=agreement.case, reference="R", fen=fen, paid_on=clock.at.date(), by=olga, now=clock.at)
    assert "You have paid 12.34 yuan too much" in mine.get(at("copy")).content.decode()


def test_of_a_void_or_a_paid_plan_nothing_is_told(agreement, olga, clock):  # noqa: F811
    total = payments.plan_of(agreement, clock.at).total_fen
    paid, _new = payments.record_payment(case=agreement.case, reference="R", fen=total, paid_on=clock.at.date(),
                                         by=olga, now=clock.at)  # fmt: skip
    with pytest.raises(Refused, match="paid to the end"):
        settling.tell(agreement=agreement, way="x", by=olga, now=clock.at)
    payments.reverse(payment=paid, reason="x", by=olga, now=clock.at)
    endings.withdraw(agreement=agreement, reason="", now=clock.at)
    with pytest.raises(Refused, match="Void"):
        settling.tell(agreement=agreement, way="x", by=olga, now=clock.at)
