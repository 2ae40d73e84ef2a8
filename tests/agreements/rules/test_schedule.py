import random
from fractions import Fraction

import pytest

from agreements.rules import schedule
from agreements.rules.refusal import Refused
from agreements.rules.terms import STEPPED, after_reduction

from .reading import vectors
from .terms import some_terms


@pytest.mark.parametrize("vector", vectors("schedule"))
def test_a_plan_is_exact_to_the_fen(vector):
    terms = vector["in"]["terms"]
    if "refused" in vector:
        with pytest.raises(Refused) as refusal:
            schedule.plan(terms)
        assert refusal.value.code == vector["refused"]
        return
    rows = schedule.plan(terms)
    assert schedule.summary(terms, rows) == vector["out"]["summary"]
    assert {n: rows[int(n) - 1] for n in vector["out"]["rows"]} == vector["out"]["rows"]


def test_whatever_the_terms_every_head_is_paid_once_and_nothing_else():
    rng, planned = random.Random(20261124), 0
    for _ in range(600):
        terms = some_terms(rng)
        try:
            rows = schedule.plan(terms)
        except Refused:
            continue
        planned += 1
        owed = after_reduction(terms)
        summary = schedule.summary(terms, rows)
        most = terms["instalments"] + (terms["deferral"] or {"months": 0})["months"]
        assert [row["n"] for row in rows] == list(range(1, len(rows) + 1))
        assert len(rows) <= most
        assert terms["method"] in STEPPED or len(rows) >= terms["instalments"]
        assert sum(row["principal_fen"] for row in rows) == owed["principal_fen"]
        assert sum(row["penalty_fen"] for row in rows) == owed["penalty_fen"]
        assert sum(row["cost_fen"] for row in rows) == owed["cost_fen"]
        confirmed = owed["interest_fen"] + owed["overdue_interest_fen"]
        assert sum(row["interest_fen"] for row in rows) == confirmed + summary["interest_fen"]
        assert rows[-1]["balance_fen"] == 0
        assert all(row["amount_fen"] >= 1 for row in rows)
        assert all(value >= 0 for row in rows for name, value in row.items() if name.endswith("_fen"))
        assert sorted(row["due"] for row in rows) == [row["due"] for row in rows]
        if terms["annual_rate_ppm"] == 0:
            assert summary["interest_fen"] == 0
    assert planned > 150


def test_the_level_payment_is_within_half_a_fen_of_the_annuity():
    for principal, ppm, n in [
        (5_000_000, 120_000, 12),
        (3_650_037, 72_000, 24),
        (99_999_999, 240_000, 60),
        (12_345, 1, 3),
    ]:
        terms = some_terms(random.Random(1)) | {
            "balance": dict.fromkeys(schedule.HEADS, 0) | {"principal_fen": principal},
            "method": "equal-instalment/1", "instalments": n, "annual_rate_ppm": ppm, "anchor_day": 5,
            "first_due": "2027-01-05", "interest_from": "2026-12-05", "reduction": {"fen": 0, "becomes_final": None},
            "steps": [], "deferral": None, "day_count": "monthly", "shift": "none",
        }  # fmt: skip
        r = Fraction(ppm, 12_000_000)
        exact = principal * r / (1 - (1 + r) ** -n)
        assert abs(schedule.plan(terms)[0]["amount_fen"] - exact) <= Fraction(1, 2)


def test_interest_is_never_charged_on_interest():
    """The same principal costs the same new interest, however much is in arrears beside it."""
    terms = some_terms(random.Random(2)) | {
        "method": "equal-instalment/1", "instalments": 12, "annual_rate_ppm": 120_000, "anchor_day": 5,
        "first_due": "2027-01-05", "interest_from": "2026-12-05", "reduction": {"fen": 0, "becomes_final": None},
        "steps": [], "deferral": None, "day_count": "monthly", "shift": "none",
    }  # fmt: skip
    for arrears in (0, 1, 99, 1_000_000, 10**9):
        heads = dict.fromkeys(schedule.HEADS, arrears) | {"principal_fen": 5_000_000}
        owing = terms | {"balance": heads}
        assert schedule.summary(owing, schedule.plan(owing))["interest_fen"] == 330_927


@pytest.mark.parametrize("key", ["balance", "allocation", "currency"])
def test_terms_with_a_hole_are_refused_not_guessed(key):
    terms = some_terms(random.Random(3))
    del terms[key]
    with pytest.raises(Refused, match=r"schedule\.terms"):
        schedule.plan(terms)


@pytest.mark.parametrize(
    "change",
    [
        {"instalments": True}, {"instalments": 12.0}, {"annual_rate_ppm": None}, {"anchor_day": 0}, {"anchor_day": "5"},
        {"method": ["interest-free/1"]}, {"deferral": {}}, {"steps": {}}, {"reduction": None}, {"shift": "next"},
        {"allocation": [["cost"], "interest", "principal", "penalty"]}, {"first_due": 20261225},
        {"allocation": ["cost,interest", "principal", "penalty", "x"]}, {"balance": []}, {"day_count": "actual/364"},
        {"day_count": []}, {"shift": {}}, {"steps": [{}]}, {"deferral": {"months": True, "interest": "none"}},
        {"deferral": {"months": 1, "interest": []}},
    ],
)  # fmt: skip
def test_odd_values_are_refused_never_a_crash(change):
    with pytest.raises(Refused):
        schedule.plan(some_terms(random.Random(4)) | change)
