"""From a bank statement and a credit report: what comes in a month, what stays, and what other debts take."""

import pytest

from fieldvisit.rules import papers

BANK = {"months": 6, "in": 4_800_000, "out": 4_500_000, "debts": 900_000, "balance": 750_000}
REPORT = {"accounts": 5, "overdue": 2, "owed": 8_000_000, "monthly": 240_000}


def test_ratios_and_cash_flow_worked_by_hand():
    assert papers.reading({"bank-statement": BANK, "credit-report": REPORT}) == {
        "income_fen": 800_000, "flow_fen": 50_000, "cushion_months": 1, "service_ppm": 300_000,
        "overdue_accounts": 2, "owed_fen": 8_000_000,
    }  # fmt: skip
    # without a report, what the account shows
    assert papers.reading({"bank-statement": BANK})["service_ppm"] == 187_500


def test_two_months_tell_nothing_of_a_usual_month():
    short = BANK | {"months": 2}
    assert papers.reading({"bank-statement": short}) == {}
    assert papers.lines({"bank-statement": short})[0]["en"] == "Only 2 months: too few to tell what is usual"


def test_more_going_out_than_coming_in_is_said_so():
    words = [line["zh-hans"] for line in papers.lines({"bank-statement": BANK | {"out": 6_000_000}})]
    assert "平均每月净流出 2,000.00 元" in words


@pytest.mark.parametrize(
    ("kind", "figures", "wrong"),
    [
        ("bank-statement", BANK, []),
        ("bank-statement", {"months": 0, "in": 1, "out": 1}, ["months"]),
        ("bank-statement", {"months": 3, "in": 1}, ["out"]),
        ("credit-report", REPORT | {"overdue": 6}, ["overdue"]),
        ("credit-report", REPORT | {"age": 40}, ["age"]),
    ],
)
def test_what_cannot_be_true_is_named(kind, figures, wrong):
    assert papers.misfits(kind, figures) == wrong
