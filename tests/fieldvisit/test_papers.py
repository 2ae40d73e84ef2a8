"""Dora shows her bank statement: keyed, and read in the briefing, on the statement's page and at the desk."""

import json

import pytest

from fieldvisit import packs, scores
from fieldvisit.models import Event, Paper
from tests.cast import NOW
from tests.phone import Phone

BANK = {"months": 6, "in": 4_800_000, "out": 4_500_000, "debts": 900_000, "balance": 750_000}


@pytest.fixture
def phone(ana):
    return Phone(ana)


def key(phone, visit, kind, figures, on="2026-11-20", photo=None):
    said = [{"item": item, "n": n} for item, n in figures.items()]
    body = {"kind": kind, "on": on, "figures": said, "photo": photo, "text": ""}
    return phone.append("paper.keyed/1", body, visit=visit)


def test_the_figures_are_read_before_the_visit_and_at_the_desk(phone, visit, dora, now, sign_in, olga):
    key(phone, visit, "bank-statement", BANK)
    key(phone, visit, "credit-report", {"accounts": 5, "overdue": 2, "owed": 8_000_000, "monthly": 240_000})
    phone.deliver()
    pages = {
        p["url"].rsplit("/", 1)[-1]: p["html"]
        for p in packs.build(phone.user, now=now)["fragments"]
        if p["language"] == "en"
    }
    for step in ("prepare", "statement"):
        assert "8,000.00 yuan came in a month, on average" in pages[step], step
        assert "2026-11-20" in pages[step]
    assert "Other debts take 30% of what comes in each month" in pages["prepare"]  # a point of the scorecard
    assert "平均每月流入 8,000.00 元" in sign_in(olga).get(f"/office/cases/{dora.ref}/").content.decode()


def test_the_newest_paper_of_a_kind_counts(phone, visit, dora):
    key(phone, visit, "credit-report", {"accounts": 5, "overdue": 2, "owed": 1}, on="2026-11-20")
    key(phone, visit, "credit-report", {"accounts": 5, "overdue": 0, "owed": 1}, on="2026-05-01")
    phone.deliver()
    assert scores.of([dora], NOW)[dora.pk]["facts"]["overdue_accounts"]["n"] == 2


def test_figures_that_cannot_be_true_are_kept_and_not_counted(phone, visit):
    key(phone, visit, "credit-report", {"accounts": 1, "overdue": 2, "owed": 1})
    (verdict,) = phone.deliver()
    assert verdict["status"] == "applied" and not Paper.objects.exists()
    event = Event.objects.get(type="paper.keyed/1")
    assert "paper_misfits" in event.marks and json.loads(bytes(event.bytes))["body"]["figures"]
