"""What a policy comes to for one case, and what the law does not let be offered."""

from datetime import date

import pytest

from agreements import bounds, proposals
from agreements.rules.refusal import Refused
from fieldvisit import wire
from tests.cast import NOW, TODAY

UNTIL = date(2026, 12, 8)


@pytest.fixture
def dora_debt(dora):
    return dora.debt


def offered(case) -> dict:
    return wire.parse(bytes(proposals.offer_for(case, now=NOW).body))


def change(policy, **values):
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()
    return policy


def test_an_offer_carries_the_ceiling_with_its_rule_and_source(policy, dora):
    ceiling = offered(dora)["ceiling"]
    assert (ceiling["ppm"], ceiling["rule"], ceiling["provisional"]) == (240_000, "CN-RATE-05", False)
    assert "22号" in ceiling["citation"]


def test_a_rate_above_the_ceiling_is_never_offered(policy, dora):
    change(policy, annual_rate_ppm=240_001)
    assert proposals.offer_for(dora, now=NOW) is None
    change(policy, annual_rate_ppm=240_000)
    assert offered(dora)["annual_rate_ppm"] == 240_000


def test_a_rate_on_360_days_is_measured_on_365(policy, dora_debt):
    """24 % on 360 days is 24.34 % a year."""
    change(policy, annual_rate_ppm=240_000, day_count="actual/360")
    with pytest.raises(Refused, match=r"offer\.ceiling"):
        bounds.of(dora_debt, policy, TODAY, UNTIL)


def test_a_private_lender_is_held_to_four_times_the_prime_rate_of_the_month_of_the_contract(policy, dora_debt):
    dora_debt.formed_on, dora_debt.original_fen = date(2021, 12, 1), 10**8
    change(policy, lender="private", annual_rate_ppm=152_000)
    assert bounds.of(dora_debt, policy, TODAY, UNTIL)["ceiling"]["ppm"] == 152_000
    change(policy, annual_rate_ppm=152_001)
    with pytest.raises(Refused, match=r"offer\.ceiling"):
        bounds.of(dora_debt, policy, TODAY, UNTIL)


def test_a_file_that_claims_more_beside_the_principal_than_the_law_allows_gets_no_offer(policy, dora_debt):
    """E12: on 30,000.00 at 12 % of the law, 730 days bear 7,200.00 and not a fen more."""
    change(policy, lender="private", annual_rate_ppm=0)
    dora_debt.formed_on, dora_debt.original_fen, dora_debt.principal_fen = date(2025, 6, 1), 3_000_000, 3_000_000
    dora_debt.overdue_interest_fen = dora_debt.penalty_fen = dora_debt.cost_fen = 0
    dora_debt.interest_fen = 720_000
    on = date(2027, 6, 1)
    assert bounds.of(dora_debt, policy, on, UNTIL)
    dora_debt.interest_fen += 1
    with pytest.raises(Refused, match=r"offer\.ceiling"):
        bounds.of(dora_debt, policy, on, UNTIL)


def test_the_phone_is_told_that_it_is_the_ceiling(policy, dora):
    change(policy, annual_rate_ppm=240_001, lender="consumer-finance")
    assert proposals.offered([dora], now=NOW)[1][dora.pk].code == "no_offer.ceiling"


def test_a_reduction_is_a_part_of_each_head_and_without_one_there_is_no_settlement(policy, dora_debt):
    methods = ["settlement/1", "interest-free/1"]
    change(policy, methods=methods, reducible={"penalty_fen": 500_000})
    dora_debt.penalty_fen = 12_001
    found = bounds.of(dora_debt, policy, TODAY, UNTIL)
    assert (found["largest_reduction_fen"], found["methods"]) == (6000, methods)
    dora_debt.penalty_fen = 0
    found = bounds.of(dora_debt, policy, TODAY, UNTIL)
    assert (found["largest_reduction_fen"], found["methods"]) == (0, ["interest-free/1"])


def test_where_only_arrears_are_left_nothing_is_amortised(policy, dora_debt):
    change(policy, methods=["equal-instalment/1", "equal-principal/1", "interest-free/1"])
    dora_debt.principal_fen = 0
    assert bounds.of(dora_debt, policy, TODAY, UNTIL)["methods"] == ["interest-free/1"]


def test_an_offer_carries_the_days_off_until_its_last_due_day(policy, dora):
    change(policy, working_days=True, most_months=2)
    shift = offered(dora)["shift"]
    assert shift["off"][0] == "2027-01-01"
    assert shift["off"][-1] <= "2027-04-15"
    assert shift["calendar"] == "cn-2026"
