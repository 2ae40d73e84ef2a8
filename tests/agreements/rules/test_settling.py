"""What a plan costs today: early, by days; and once a settlement is broken and the rest is demanded (E16)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from agreements.rules import schedule, settling, standing
from agreements.rules.allocation import Parts

ORDER = ["cost", "interest", "principal", "penalty"]
# E16: costs 1,500.00, interest 6,500.00, principal 32,000.00; 34,000.00 in ten payments
SETTLEMENT = {
    "currency": "CNY", "method": "settlement/1", "instalments": 10, "annual_rate_ppm": 0, "day_count": "monthly",
    "balance": {"principal_fen": 3_200_000, "interest_fen": 650_000, "overdue_interest_fen": 0, "penalty_fen": 0,
                "cost_fen": 150_000, "as_of": "2026-06-01"},
    "interest_from": "2026-06-01", "first_due": "2026-06-25", "anchor_day": 25, "shift": "none", "steps": [],
    "deferral": None, "reduction": {"fen": 600_000, "becomes_final": "paid-in-full"}, "allocation": ORDER,
    "default": {"missed": 2, "grace_days": 7, "waiver_lapses": True},
}  # fmt: skip
BEARING = SETTLEMENT | {"method": "equal-principal/1", "instalments": 4, "annual_rate_ppm": 120_000,
                        "reduction": {"fen": 0, "becomes_final": None}, "interest_from": "2026-06-25",
                        "first_due": "2026-07-25"}  # fmt: skip


def day(text):
    return date.fromisoformat(text)


def plan(terms, on, *paid):
    """How it is kept when each of `paid` (day, fen) came."""
    came = [(day(at), fen) for at, fen in paid]
    rows = settling.rows(terms, schedule.plan(terms), [each for each in came if each[0] <= day(on)])
    return standing.standing(rows, came, default=terms["default"], order=ORDER, on=day(on))


FOUR = [("2026-06-25", 340_000), ("2026-07-25", 340_000), ("2026-08-25", 340_000), ("2026-09-25", 340_000)]


@pytest.mark.parametrize(
    ("final", "owed", "again"),
    [("paid-in-full", Parts(principal=2_640_000), 600_000), ("in-effect", Parts(principal=2_040_000), 0)],
)
def test_a_settlement_that_is_broken_after_four_payments(final, owed, again):
    terms = SETTLEMENT | {"reduction": {"fen": 600_000, "becomes_final": final}}
    now = plan(terms, "2026-12-10", *FOUR)
    assert now.state == "broken"
    found, lost = settling.demanded(terms, now, day("2026-12-10"))
    assert (found.total, lost.total) == (owed.total, again)
    # until a notice has come, the reduction stands
    assert settling.today(terms, now, day("2026-12-10")).left.total == 3_400_000 - 1_360_000


def test_a_figure_without_interest_holds_until_the_next_instalment_falls_due():
    found = settling.today(SETTLEMENT, plan(SETTLEMENT, "2026-10-01", *FOUR, ("2026-10-01", 1)), day("2026-10-01"))
    assert (found.left.total, found.until) == (2_040_000 - 1, day("2026-10-25"))


def test_interest_stops_on_the_day_and_the_figure_moves_with_it():
    days = [day("2026-07-26") + timedelta(days=n) for n in range(25)]
    first = schedule.plan(BEARING)[0]["amount_fen"]
    figures = [settling.today(BEARING, plan(BEARING, d.isoformat(), ("2026-07-25", first)), d) for d in days]
    assert all(a.left.total <= b.left.total for a, b in pairwise(figures))
    assert figures[0].left.interest < figures[-1].left.interest
    assert figures[-1].left.interest < sum(row["interest_fen"] for row in schedule.plan(BEARING)[1:])
    for d, figure in zip(days, figures, strict=True):
        same = [e for e, other in zip(days, figures, strict=True) if e >= d and other.left == figure.left]
        assert figure.until == same[-1]


def test_who_pays_that_figure_on_its_day_is_done_and_who_pays_a_fen_less_is_not():
    first, at = ("2026-07-25", schedule.plan(BEARING)[0]["amount_fen"]), "2026-08-10"
    figure = settling.today(BEARING, plan(BEARING, at, first), day(at)).left.total
    assert figure < standing.standing(schedule.plan(BEARING), [(day(first[0]), first[1])], default=BEARING["default"],
                                      order=ORDER, on=day(at)).left_fen  # fmt: skip
    done = plan(BEARING, "2027-01-01", first, (at, figure))
    assert (done.state, done.since, done.over_fen, done.left_fen) == ("fulfilled", day(at), 0, 0)
    assert plan(BEARING, at, first, (at, figure - 1)).state == "performing"
    # two days later the same sum is too little
    assert plan(BEARING, "2026-08-12", first, ("2026-08-12", figure)).state == "performing"


def test_money_that_was_taken_back_has_settled_nothing():
    rows = schedule.plan(BEARING)
    paid = [("2026-08-10", 4_500_000), ("2026-08-12", -4_500_000)]
    assert plan(BEARING, "2026-08-11", *paid).state == "fulfilled"
    later = plan(BEARING, "2026-08-20", *paid)
    assert (later.state, later.total_fen) == ("late", sum(row["amount_fen"] for row in rows))


def test_with_interest_a_demand_asks_for_what_ran_until_then():
    now = plan(BEARING, "2026-09-10")
    owed, again = settling.demanded(BEARING, now, day("2026-09-10"))
    assert (now.state, again.total) == ("broken", 0)
    assert owed == settling.today(BEARING, now, day("2026-09-10")).left
