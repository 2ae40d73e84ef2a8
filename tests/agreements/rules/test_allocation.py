import random
from dataclasses import asdict
from datetime import date, timedelta

import pytest

from agreements.rules.allocation import HEADS, Owed, Parts, allocate, inside, over_rows, pro_rata
from agreements.rules.refusal import Refused

from .reading import vectors


def answer(verb: str, given: dict) -> object:
    """What a vector expects, from the Python side; the JavaScript half stands in tests/js/allocation.test.js."""
    if verb == "inside":
        paid, over = inside(given["paid_fen"], Parts(**given["owed"]), order=given["order"])
        return {"paid": asdict(paid), "over_fen": over}
    if verb == "pro_rata":
        return pro_rata(given["total"], given["owed"])
    debts = [Owed(**d | {"parts": Parts(**d["parts"]), "due": date.fromisoformat(d["due"])}) for d in given["debts"]]
    found = allocate(
        given["paid_fen"], debts, on=date.fromisoformat(given["on"]), order=given["order"],
        designated=given["designated"],
    )  # fmt: skip
    return {"paid": {share.name: share.paid.total for share in found.shares}, "over_fen": found.over_fen}


@pytest.mark.parametrize("vector", vectors("allocation"))
def test_a_payment_covers_what_the_law_or_the_agreement_says(vector):
    assert answer(vector["verb"], vector["in"]) == vector["out"]


def test_no_fen_is_lost_and_none_is_made():
    rng = random.Random(560)
    for _ in range(500):
        debts = [
            Owed(
                str(i),
                Parts(*(rng.choice([0, rng.randrange(10**6)]) for _ in HEADS)),
                date(2026, 11, 24) + timedelta(days=rng.randint(-3, 3)),
                rng.random() < 0.5,
                rng.choice([0, 120_000]),
            )
            for i in range(rng.randint(1, 5))
        ]
        paid = rng.randrange(5 * 10**6)
        found = allocate(paid, debts, on=date(2026, 11, 24), order=rng.sample(HEADS, 4))
        assert sum(share.paid.total for share in found.shares) + found.over_fen == paid
        assert all(getattr(share.left, head) >= 0 for share in found.shares for head in HEADS)
        assert found.over_fen == max(0, paid - sum(debt.parts.total for debt in debts))


def test_what_is_paid_under_a_plan_fills_its_rows_from_the_first():
    rows = [
        {"n": n, "cost_fen": 0, "interest_fen": 100, "principal_fen": 900, "penalty_fen": 0, "amount_fen": 1000}
        for n in (1, 2, 3)
    ]
    found = over_rows(1050, rows)
    assert [share.left.total for share in found.shares] == [0, 950, 1000]
    assert found.shares[1].paid == Parts(interest=50)
    assert over_rows(4000, rows).over_fen == 1000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"paid_fen": -1}, "allocation.amount"),
        ({"paid_fen": 1.0}, "allocation.amount"),
        ({"order": ("cost", "interest", "principal", "principal")}, "allocation.order"),
        ({"designated": ("nobody",)}, "allocation.name"),
    ],
)
def test_what_makes_no_sense_is_refused(change, code):
    given = {"paid_fen": 10, "debts": [Owed("A", Parts(cost=5), date(2026, 1, 1))], "on": date(2026, 11, 24)} | change
    with pytest.raises(Refused) as refusal:
        allocate(given.pop("paid_fen"), given.pop("debts"), **given)
    assert refusal.value.code == code
