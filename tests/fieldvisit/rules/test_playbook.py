"""The playbook suggests by what is known, says why, and speaks courteously; cards are due again when a rule changes."""

import copy
from datetime import date

import pytest

from fieldvisit.rules import cards, conduct, playbook, scorecard


def suggested(facts=None, seen=()):
    facts = {name: {"n": n, "source": "file", "on": "2026-11-01"} for name, n in (facts or {}).items()}
    seen = [{"id": each, "on": "2026-11-20"} for each in seen]
    dimensions = scorecard.score(facts, seen, scorecard.policy(date(2026, 11, 24)))
    return playbook.suited(dimensions, facts)


@pytest.mark.parametrize(
    ("facts", "seen", "first"),
    [
        ({}, [], "find-out-first"),
        ({"surplus_fen": -100}, ["offers"], "care-first"),
        ({"surplus_fen": 1000}, ["offers"], "small-steps"),
        ({"surplus_fen": 300000}, ["offers"], "level-plan"),
        ({"surplus_fen": 300000}, ["avoids"], "listen-to-the-reason"),
        ({"surplus_fen": 300000, "broken": 1}, ["offers"], "after-broken-promise"),
        ({"surplus_fen": 300000, "savings_of_debt_ppm": 900000}, ["offers"], "settle-now"),
        ({"surplus_fen": 300000, "overdue_days": 365}, [], "long-overdue"),
        ({"surplus_fen": 300000, "reached_ppm": 0}, [], "regain-contact"),
        ({"surplus_fen": 300000}, [], "open-and-listen"),
    ],
)
def test_what_is_known_leads_to_one_way_and_the_plain_one_is_always_there(facts, seen, first):
    found = suggested(facts, seen)
    assert found[0]["id"] == first
    assert found[-1]["id"] == "open-and-listen"


def test_the_reason_names_the_dimensions_it_rests_on():
    assert [each["name"] for each in suggested({"surplus_fen": 1000}, ["offers"])[0]["because"]] == [
        "ability", "willingness",
    ]  # fmt: skip


def test_there_are_successes_and_failures_and_no_word_that_threatens():
    found = playbook.data()
    assert len(found["strategy"]) >= 8 and len(found["study"]) >= 6
    assert {study["good"] for study in found["study"]} == {True, False}
    for study in found["study"]:
        assert not any(word in study["story"]["zh-hans"] for word in ("起诉", "坐牢", "曝光", "上门闹"))


def test_a_card_is_due_again_when_one_of_its_rules_changes_and_only_then():
    pack = conduct.pack("cn")
    before = cards.versions(pack)
    assert len(before) >= 8
    changed = copy.deepcopy(pack)
    changed["rules"]["CN-TIME-01"]["until"] = "21:00"
    changed["version"] = pack["version"] + "+1.1"
    after = cards.versions(changed)
    assert {card for card in before if before[card] != after[card]} == {"hours", "rules"}


def test_every_rule_that_a_card_names_is_in_the_pack():
    for card in cards.data():
        assert set(card.get("rules", [])) - {"*"} <= set(conduct.pack("cn")["rules"])
