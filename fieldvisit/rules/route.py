"""The order of a day and its hours: pure. Times are seconds from midnight where the debtors live.

The solver (`fieldvisit/routes.py`) only orders; the hours are laid out here, so they are the same whoever ordered.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from itertools import pairwise
from pathlib import Path

from .geo import distance_m

DAY = Path(__file__).with_name("day.toml")


@dataclass(frozen=True)
class Stop:
    """One door. `windows`: [from, until) in which a visit may begin, none: any hour of work. `points`: see day.toml."""

    key: str
    lat_e7: int | None = None
    lon_e7: int | None = None
    windows: tuple[tuple[int, int], ...] = ()
    points: int = 0


@cache
def figures() -> dict:
    return tomllib.loads(DAY.read_text(encoding="utf-8"))


def seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60


def clock(at_s: int) -> time:
    return time(at_s // 3600, at_s // 60 % 60)


def service_s() -> int:
    """At the door, and the breather after it."""
    return (figures()["at_the_door_minutes"] + figures()["breather_minutes"]) * 60


def way_s(a: Stop | None, b: Stop, mode: str) -> int:
    """From door to door, in whole minutes."""
    if a is None:
        return 0
    if a.lat_e7 is None or b.lat_e7 is None:
        return figures()["unknown_way_minutes"] * 60
    metres = distance_m(a.lat_e7, a.lon_e7, b.lat_e7, b.lon_e7) * figures()["detour_ppm"] / 1_000_000
    return -(-int(metres) // figures()["modes"][mode]) * 60


def nearest_next(stops: list[Stop], after: Stop | None = None) -> list[Stop]:
    """Without a solver: always to the nearest next door; doors without coordinates come last."""
    left, ordered, here = list(stops), [], after

    def near(stop: Stop) -> tuple:
        unknown = stop.lat_e7 is None or here is None or here.lat_e7 is None
        return stop.lat_e7 is None, 0 if unknown else distance_m(here.lat_e7, here.lon_e7, stop.lat_e7, stop.lon_e7)

    while left:
        stop = min(left, key=near)
        left.remove(stop)
        ordered.append(stop)
        here = stop if stop.lat_e7 is not None else here
    return ordered


def hours(stop: Stop) -> tuple[tuple[int, int], ...]:
    """When this visit may begin: what he asked for within the hours of work, or those hours."""
    first, last = seconds(figures()["first_door"]), seconds(figures()["last_door"])
    if not stop.windows:
        return ((first, last),)
    # who asked for an hour after work is visited at that hour
    return tuple(sorted(stop.windows))


def lay_out(stops: list[Stop], *, mode: str, after: Stop | None = None, from_s: int | None = None) -> list:
    """[(begins, ends) | None] for stops in this order; None where the day or his wish has no room for it.

    `after`, `from_s`: the door before, and when it is left.
    """
    day = figures()
    lunch, begins, step = day["lunch"], day["first_door"], day["round_minutes"] * 60
    at = seconds(begins) if from_s is None else from_s
    eaten = len(stops) < lunch["least_doors"] or at > seconds(lunch["until"])
    laid, before = [], after
    for stop in stops:
        reach = at + way_s(before, stop, mode)
        if not eaten and (reach >= seconds(lunch["from"]) or reach + service_s() > seconds(lunch["until"])):
            eaten, reach = True, max(at, seconds(lunch["from"])) + lunch["minutes"] * 60 + way_s(before, stop, mode)
        reach = -(-reach // step) * step
        start = next((max(reach, opens) for opens, shuts in hours(stop) if max(reach, opens) < shuts), None)
        if start is None or start + day["at_the_door_minutes"] * 60 >= 24 * 3600:
            laid.append(None)
            continue
        laid.append((start, start + day["at_the_door_minutes"] * 60))
        at, before = start + service_s(), stop
    return laid


def way_of(stops: list[Stop], mode: str) -> int:
    """Seconds between the doors, in this order."""
    return sum(way_s(a, b, mode) for a, b in pairwise(stops))


def points(known: dict, on: date) -> tuple[int, list[str]]:
    """What a case is put forward by. `known`: {"promises": [(day, state)], "limitation_on", "due_since"}; all may lack.

    → (points, the names of the reasons in day.toml)
    """
    why = []
    for day, state in known.get("promises", []):
        if state == "broken":
            why.append("promise_broken")
        elif state != "kept" and day == on:
            why.append("promise_due")
        elif state != "kept" and 0 < (day - on).days <= 3:
            why.append("promise_near")
    if (limit := known.get("limitation_on")) and 0 <= (limit - on).days <= 180:
        why.append("limitation_near")
    if (since := known.get("due_since")) and (on - since).days >= 180:
        why.append("overdue_long")
    why = list(dict.fromkeys(why))
    return min(100, sum(figures()["points"][name] for name in why)), why
