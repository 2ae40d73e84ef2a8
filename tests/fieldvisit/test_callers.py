"""The card at the door: a code that tells a stranger who visits him today, and nothing of a debt."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fieldvisit import callers, packs
from tests.cast import NOW


@pytest.fixture
def page(monkeypatch):
    """page(code, days=0) → the page's text, so many days later."""

    def look(code, days=0):
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=days))
        return Client(headers={"accept-language": "en"}).get(reverse("callers"), {"code": code}).text

    return look


def test_who_looks_the_code_up_learns_who_is_at_the_door_and_nothing_of_a_debt(visit, page):
    his = callers.code(visit)
    said = page(f"{his[:4].lower()} {his[4:]}")
    for word in ("Ana", "Bruno", "正和资产服务有限公司", "0571-88880000", "out today"):
        assert word in said, word
    for secret in ("朵拉", "甲银行", visit.case.ref, visit.case.contract_number, "ZH-2026-001", "济南街"):
        assert secret not in said, secret


def test_the_code_of_another_day_or_of_somebody_who_has_left_is_nobodys(visit, page, ana):
    his = callers.code(visit)
    assert "out today" not in page(his, days=1) and "Nobody of ours" in page(his, days=1)
    assert "Nobody of ours" in page("7F3A91C2")
    ana.is_active = False
    ana.save()
    assert "Nobody of ours" in page(his)


def test_the_card_in_the_pack_shows_the_code_and_its_square(visit, ana):
    pages = {row["url"]: row["html"] for row in packs.build(ana, now=NOW)["fragments"]}
    arrive = next(html for url, html in pages.items() if url.endswith(f"{visit.pk}/arrive"))
    assert callers.card(visit)["code"] in arrive and "data-hand-over" in arrive
