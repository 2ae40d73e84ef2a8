"""What a household can carry: exact, and never in favour of paying when it is short."""

import random
from datetime import date

import pytest

from agreements.rules import affordability
from agreements.rules.refusal import Refused

from .households import POLICY, answered, said, some_case, some_household, some_policy
from .reading import vectors


@pytest.mark.parametrize("vector", vectors("affordability"))
def test_households_come_out_as_worked(vector):
    if vector["name"] == "words":
        assert vector["out"] == affordability.data()
    elif "refused" in vector:
        with pytest.raises(Refused, match=vector["refused"]):
            answered(vector["in"])
    else:
        assert answered(vector["in"]) == vector["out"]


def test_the_worked_example_of_the_handbook():
    """compliance.md E15, by hand."""
    home = affordability.assess(said(wage=800000, food=420000, loan_debt=150000), POLICY)
    gate = affordability.gate(home, POLICY, 180000)
    assert home["surplus_fen"] == 230000
    assert gate == {"codes": [], "share_ppm": 782609, "share": "amber", "debt_share_ppm": 412500}
    assert home["base_fen"] * POLICY["debt_share_limit_ppm"] // 10**6 - 150000 == 290000
    assert affordability.months_needed(5000000, 180000) == 28
    assert (home["reserve_fen"], home["largest_fen"]) == (23000, 207000)
    assert affordability.floor_fen(5000000, POLICY) == 83333


def test_the_household_that_is_7879_short_is_short():
    statement = said(wage=1250000, benefit=12000, food=650000, rent=800000, medical=299900, card_debt=300000)
    home = affordability.assess(statement, POLICY)
    assert home["surplus_fen"] == -787900
    assert (home["largest_fen"], home["reserve_fen"]) == (0, 0)
    for fen in (1, 10000, 10**9):
        gate = affordability.gate(home, POLICY, fen)
        assert "afford.short" in gate["codes"]
        assert gate["share"] is gate["share_ppm"] is None
    said_of_it = affordability.meanings(home, POLICY, "en", affordability.data())
    assert [line["code"] for line in said_of_it] == ["surplus.short", "largest.none", "before.plain", "liquid.none"]
    assert "7,879.00 yuan are missing" in said_of_it[0]["text"]


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_ever_positive_when_the_household_is_short(seed):
    rng = random.Random(seed)
    short = 0
    for _ in range(500):
        statement, policy = some_household(rng), some_policy(rng)
        home = affordability.assess(statement, policy)
        if home["surplus_fen"] > 0 and not (home["declined"] or home["missing"]):
            continue
        short += 1
        gate = affordability.gate(home, policy, rng.choice([1, rng.randrange(1, 10**9)]))
        assert home["largest_fen"] == 0
        assert gate["codes"] and gate["share"] is None
        words = affordability.meanings(home, policy, "en", affordability.data())
        words += affordability.plan_meanings(home, gate, policy, 1, "en", affordability.data())
        assert not any("comfortable" in line["text"] or "can be carried" in line["text"] for line in words)
    assert short > 50


@pytest.mark.parametrize("seed", range(20))
def test_the_largest_instalment_is_the_last_that_needs_nobody(seed):
    rng = random.Random(1000 + seed)
    carried = 0
    for _ in range(300):
        statement, policy = some_household(rng), some_policy(rng)
        home = affordability.assess(statement, policy)
        largest = home["largest_fen"]
        assert affordability.gate(home, policy, largest + 1)["codes"]
        if largest:
            carried += 1
            assert affordability.gate(home, policy, largest)["codes"] == []
            assert largest <= home["surplus_fen"]
    assert carried > 20


@pytest.mark.parametrize("seed", range(10))
def test_another_cost_never_leaves_more_and_another_income_never_less(seed):
    rng = random.Random(2000 + seed)
    for _ in range(300):
        given = some_case(rng)
        figures = given["statement"]["figures"]
        try:
            before = affordability.largest_instalment(given["statement"], given["policy"])
        except Refused:
            continue
        for figure in figures:
            group = affordability.GROUP[figure["item"]]
            if figure["fen"] >= affordability.MOST_FEN or group not in ("living", "priority", "debt"):
                continue
            home = affordability.assess(given["statement"], given["policy"])
            if home["missing"] or home["declined"]:
                continue
            dearer = [each | {"fen": each["fen"] + 1} if each is figure else each for each in figures]
            after = affordability.largest_instalment(given["statement"] | {"figures": dearer}, given["policy"])
            assert after <= before


def test_the_policy_of_a_day_is_the_latest_before_it():
    assert affordability.policy(date(2026, 11, 24))["version"] == 1
    assert affordability.policy(date(2020, 1, 1))["version"] == 1  # none was in force: the first
    assert all(one["valid_from"] for one in affordability.data()["policy"])


def test_every_sentence_stands_in_both_languages():
    for code, sentence in affordability.data()["meaning"].items():
        assert set(sentence) == {"zh-hans", "en"}, code
