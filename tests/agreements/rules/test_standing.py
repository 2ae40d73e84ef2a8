"""How a plan is kept, by its own words: grace counts as on time, missed instalments add up, a reversal takes back."""

from datetime import date

import pytest

from agreements.rules import following, standing

PLAN = [
    {"n": n, "due": f"2026-{6 + n:02d}-25", "principal_fen": 1000, "interest_fen": 0, "penalty_fen": 0, "cost_fen": 0,
     "amount_fen": 1000}
    for n in range(1, 5)
]  # fmt: skip
ORDER = ["cost", "interest", "principal", "penalty"]


def on(day, *paid, missed=2):
    return standing.standing(
        PLAN, [(date.fromisoformat(at), fen) for at, fen in paid], default={"missed": missed, "grace_days": 7},
        order=ORDER, on=date.fromisoformat(day),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "paid", "state"),
    [
        ("2026-07-01", [], "performing"),
        ("2026-07-25", [], "performing"),
        ("2026-08-01", [], "performing"),  # the last day of grace
        ("2026-08-02", [], "late"),
        ("2026-08-02", [("2026-08-01", 1000)], "performing"),
        ("2026-08-02", [("2026-08-02", 1000)], "performing"),  # caught up, one on the account
        ("2026-09-02", [("2026-08-05", 1000)], "broken"),  # one late, one missed: two in all
        ("2026-09-02", [("2026-07-25", 1000)], "late"),
        ("2026-07-20", [("2026-07-19", 4000)], "fulfilled"),
        ("2026-07-20", [("2026-07-19", 3999)], "performing"),
        ("2026-08-02", [("2026-07-20", 1000), ("2026-07-28", -1000)], "late"),
    ],
)
def test_the_state_of_a_plan(day, paid, state):
    assert on(day, *paid).state == state


def test_late_since_the_day_after_grace_and_broken_since_the_missed_one_too_many():
    assert on("2026-08-10").since == date(2026, 8, 2)
    assert on("2026-09-10").since == date(2026, 9, 2)
    assert on("2026-07-20", ("2026-07-19", 4000)).since == date(2026, 7, 19)


def test_money_goes_to_the_oldest_instalment_and_what_is_over_is_said():
    found = on("2026-07-26", ("2026-07-20", 1500))
    assert [(row.paid_fen, row.state) for row in found.rows] == [
        (1000, "paid"), (500, "part"), (0, "open"), (0, "open")
    ]  # fmt: skip
    assert (found.next.n, found.next.left_fen, found.left_fen, found.kept) == (2, 500, 2500, 1)
    assert on("2026-07-26", ("2026-07-20", 4500)).over_fen == 500


def test_a_payment_of_tomorrow_does_not_count_today():
    assert on("2026-07-20", ("2026-07-21", 4000)).paid_fen == 0


def test_a_reversal_opens_the_instalment_again_from_its_own_day():
    assert on("2026-08-10", ("2026-07-20", 1000), ("2026-08-05", -1000)).rows[0].on_time is False
    again = on("2026-08-10", ("2026-07-20", 1000), ("2026-07-28", -1000), ("2026-07-30", 1000))
    assert (again.rows[0].on_time, again.rows[0].paid_on) == (True, date(2026, 7, 30))


def test_a_complaint_has_15_then_30_then_60_days():
    from datetime import UTC, datetime

    late = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # one o'clock in the morning of the 25th where the creditor is
    assert [following.answer_by("complaint", late, n).isoformat() for n in range(3)] == [
        "2026-12-10", "2026-12-25", "2027-01-24",
    ]  # fmt: skip
    assert following.may_extend("complaint", late, 1)
    assert not following.may_extend("complaint", late, 2)


def test_every_rule_of_what_follows_says_where_it_comes_from():
    for version in following.pack()["version"]:
        for rule in [*version["concerns"].values(), version["link"], version["reminders"], version["void"]]:
            assert rule["basis"] in ("norm", "product")
            assert rule["citation"]["zh-hans"]
            assert rule["citation"]["en"]
            if rule["basis"] == "product":
                assert rule["citation"]["en"].startswith("product default")
