"""What a visit is measured by: each rule on a visit that keeps it, and on one that does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fieldvisit.rules import conduct

TEN = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)  # 10:05 in Beijing
GOOD = conduct.Facts(
    started=TEN,
    ended=TEN + timedelta(minutes=40),
    outcome="no_agreement",
    collectors=2,
    entry="given",
    identity_shown=True,
    recording_announced=True,
    present=["debtor"],
    places=[conduct.Place("start", 38, 12)],
    refused="",
    photos_missing=0,
    photos_unreadable=0,
    clock_offset=timedelta(seconds=20),
    clock_known=True,
    late=False,
    chain=True,
    notes=2,
)


def missed(facts):
    return {(f.rule, f.verdict, f.kind) for f in conduct.judge(facts, conduct.pack()) if f.verdict != "ok"}


def beijing(hour, minute=0, second=0):
    return datetime(2026, 11, 24, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


def test_a_good_visit_keeps_every_rule_of_the_pack():
    findings = conduct.judge(GOOD, conduct.pack())
    assert {f.rule for f in findings} == set(conduct.pack()["rules"])
    assert {f.verdict for f in findings} == {"ok"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"collectors": 1}, ("CN-VIS-01", "block", "")),
        ({"identity_shown": False}, ("CN-VIS-02", "block", "")),
        ({"recording_announced": False}, ("CN-VIS-03", "warn", "")),
        ({"present": ["minor"]}, ("CN-VIS-08", "block", "")),
        ({"places": [conduct.Place("start", 201, 12)]}, ("FV-PLACE-01", "warn", "start")),
        (
            {"places": [conduct.Place("start", 30, 12), conduct.Place("photo", 900, None)]},
            ("FV-PLACE-01", "warn", "photo"),
        ),
        ({"places": [], "refused": "denied"}, ("FV-PLACE-02", "warn", "denied")),
        ({"places": []}, ("FV-PLACE-02", "warn", "none")),
        ({"photos_missing": 2}, ("FV-PHOTO-01", "warn", "")),
        ({"photos_unreadable": 1}, ("FV-PHOTO-02", "block", "")),
        ({"clock_offset": timedelta(minutes=7)}, ("FV-CLOCK-01", "warn", "slow")),
        ({"clock_offset": timedelta(minutes=-7)}, ("FV-CLOCK-01", "warn", "fast")),
        ({"clock_known": False}, ("FV-CLOCK-01", "warn", "unknown")),
        ({"late": True}, ("FV-LATE-01", "warn", "")),
        ({"chain": False}, ("FV-CHAIN-01", "warn", "")),
        ({"notes": 0}, ("FV-NOTE-01", "warn", "")),
        ({"held": ["agreement.second"]}, ("FV-HELD-01", "warn", "")),
    ],
)
def test_each_miss_raises_its_own_rule_and_no_other(changes, rule):
    assert missed(replace(GOOD, **changes)) == {rule}


def test_a_talk_without_recorded_consent_is_blocked():
    assert missed(replace(GOOD, entry=None)) == {("CN-VIS-04", "block", "")}


@pytest.mark.parametrize("outcome", ["not_met", "refused", "stopped", "moved"])
def test_where_nobody_talked_nothing_need_be_noted(outcome):
    assert missed(replace(GOOD, outcome=outcome, notes=0, entry="nobody")) == set()


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [
        (beijing(8), beijing(8, 30), False),
        (beijing(7, 59, 59), beijing(8, 30), True),
        (beijing(21, 15), beijing(21, 59, 59), False),
        (beijing(21, 15), beijing(22), True),
        (beijing(12), beijing(12) + timedelta(days=1), True),
    ],
)
def test_hours_are_half_open_in_beijing(start, end, outside):
    found = missed(replace(GOOD, started=start, ended=end))
    assert (("CN-TIME-01", "block", "") in found) is outside


def test_exactly_200_metres_and_five_minutes_are_still_good():
    edge = replace(GOOD, places=[conduct.Place("start", 200, 5)], clock_offset=timedelta(minutes=5))
    assert missed(edge) == set()


def test_an_address_without_coordinates_is_no_fault_of_the_collector():
    findings = conduct.judge(replace(GOOD, places=[conduct.Place("start", None, 5)]), conduct.pack())
    assert "FV-PLACE-01" not in {f.rule for f in findings}


def test_every_rule_has_effect_title_and_citation_in_both_languages():
    for rule in conduct.pack()["rules"].values():
        assert rule["effect"] in ("block", "warn")
        assert rule["basis"] in ("norm", "product")
        assert set(rule["title"]) == set(rule["citation"]) == {"zh-hans", "en"}
