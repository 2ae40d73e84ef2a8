"""A promise: open until its day and three days of grace are over, kept when the sum came by then, else broken."""

from datetime import date

import pytest

from agreements.rules import promises

MADE, DUE = date(2026, 11, 24), date(2026, 12, 10)


def kept(today, *paid, grace=3):
    return promises.kept(
        50_000, made=MADE, due=DUE, payments=[(date.fromisoformat(day), fen) for day, fen in paid], grace_days=grace,
        on=date.fromisoformat(today),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "paid", "state", "paid_fen", "since"),
    [
        ("2026-11-24", [], "open", 0, None),
        ("2026-12-13", [], "open", 0, None),  # the last day of grace
        ("2026-12-14", [], "broken", 0, "2026-12-14"),
        ("2026-12-01", [("2026-11-24", 50_000)], "kept", 50_000, "2026-11-24"),  # on the day it was made
        ("2026-12-14", [("2026-11-23", 50_000)], "broken", 0, "2026-12-14"),  # what came before counts for nothing
        ("2026-12-11", [("2026-12-01", 20_000), ("2026-12-10", 30_000)], "kept", 50_000, "2026-12-10"),
        ("2026-12-14", [("2026-12-01", 20_000), ("2026-12-13", 30_000)], "kept", 50_000, "2026-12-13"),  # in grace
        ("2026-12-11", [("2026-12-01", 49_999)], "open", 49_999, None),
        ("2026-12-14", [("2026-12-01", 49_999)], "broken", 49_999, "2026-12-14"),
        ("2026-12-20", [("2026-12-01", 49_999), ("2026-12-14", 1)], "broken", 49_999, "2026-12-14"),
        ("2026-12-05", [("2026-12-06", 50_000)], "open", 0, None),  # not yet
        ("2026-12-14", [("2026-12-12", 60_000), ("2026-12-01", 10_000)], "kept", 70_000, "2026-12-12"),  # in any order
    ],
)
def test_what_became_of_a_promise(today, paid, state, paid_fen, since):
    found = kept(today, *paid)
    assert (found.state, found.paid_fen) == (state, paid_fen)
    assert found.since == (date.fromisoformat(since) if since else None)


def test_it_is_broken_and_still_says_when_the_sum_was_whole():
    assert kept("2026-12-20", ("2026-12-18", 50_000)).whole_on == date(2026, 12, 18)
    assert kept("2026-12-14", grace=4).state == "open"


def test_the_grace_is_dated_data():
    assert promises.policy(DUE)["grace_days"] == 3
    assert promises.policy(date(2020, 1, 1))["version"] == 1
