"""The hours of a day: the same whoever has ordered it."""

from datetime import date, time
from itertools import pairwise

from fieldvisit.rules import route
from fieldvisit.rules.route import Stop

ON = date(2026, 11, 24)


def doors(n, **more):
    return [Stop(str(k), 302000000 + k * 100000, 1201000000, **more) for k in range(n)]


def hours(stops, **more):
    return [route.clock(each[0]) if each else None for each in route.lay_out(stops, mode="e-bike", **more)]


def test_a_short_day_begins_at_nine_and_has_no_lunch():
    assert hours(doors(3)) == [time(9, 0), time(9, 55), time(10, 50)]


def test_a_long_day_has_lunch_between_half_past_eleven_and_half_past_one():
    laid = hours(doors(6))
    gap = max((route.seconds(b) - route.seconds(a), a) for a, b in pairwise(laid))
    assert gap[0] >= 90 * 60 and time(10, 40) <= gap[1] <= time(13, 0)


def test_who_asked_for_an_hour_is_visited_then_and_whom_the_day_has_no_room_for_has_none():
    evening = Stop("e", 302000000, 1201000000, windows=((18 * 3600, 20 * 3600),))
    assert hours([evening]) == [time(18, 0)]
    assert hours([*doors(1), Stop("m", 302000000, 1201000000, windows=((9 * 3600, 9 * 3600 + 600),))])[1] is None
    assert hours(doors(16))[-1] is None


def test_doors_without_coordinates_come_last():
    stops = [Stop("a"), Stop("b", 302000000, 1201000000), Stop("c", 302100000, 1201000000)]
    assert [each.key for each in route.nearest_next(stops)] == ["b", "c", "a"]


def test_a_promise_of_the_day_weighs_more_than_a_long_delay_and_a_kept_one_nothing():
    known = {"promises": [(ON, "open")], "due_since": date(2026, 1, 1)}
    assert route.points(known, ON) == (70, ["promise_due", "overdue_long"])
    assert route.points({"promises": [(ON, "kept")]}, ON) == (0, [])
    assert route.points({"limitation_on": date(2027, 1, 1)}, ON) == (30, ["limitation_near"])
