"""The order of a day by a solver: VROOM, through pyvroom. Only this module knows it, and nothing needs it to start.

It is loaded when a day is first ordered: with numpy and pandas it takes a third of a second and some 80 MB.
"""

import importlib
import logging
from collections.abc import Callable
from datetime import timedelta

from .rules import route
from .rules.route import Stop

log = logging.getLogger(__name__)
EXPLORE, PATIENCE = 5, timedelta(seconds=1)  # 30 doors take some 40 ms a try; a page waits no longer than this
DAY, SLACK = 24 * 3600 - 1, 1800
FEW, MANY, TRIES = 2, 8, 4  # a long day is asked several times, the doors told in another order: up to 5 % shorter


def order(stops: list[Stop], *, mode: str, after: Stop | None = None, from_s: int | None = None) -> tuple[list, str]:
    """(the stops in order, "solver" | "nearest"). Doors without coordinates and what does not fit come last."""
    placed = [stop for stop in stops if stop.lat_e7 is not None]
    others = [stop for stop in stops if stop.lat_e7 is None]
    windows = any(stop.windows or stop.points >= route.figures()["early"]["points"] for stop in placed)
    found = None
    if len(placed) > FEW or (len(placed) == FEW and windows):
        found = _solved(placed, mode, after, from_s)
    if found is None:
        return route.nearest_next(placed, after) + others, "nearest"
    return found + others, "solver"


def _solved(stops, mode, after, from_s) -> list[Stop] | None:
    """First without idle hours, and early for those put forward; without both where somebody is left out."""
    try:
        vroom = importlib.import_module("vroom")
        early = None
        for hours, ends in ((_early, _tight(stops, mode, after, from_s)), (_early, DAY), (route.hours, DAY)):
            made = _best(vroom, stops, mode, after, from_s, hours, ends)
            if made and (early is None or len(made[1]) < len(early[1])):
                early = made
            if early and not early[1]:
                break
    except Exception as error:  # no wheel for this machine, or a day it cannot read: the page goes on without it
        log.warning("the day is ordered without the solver: %s", error)
        return None
    if early is None:
        return None
    ordered, left = early
    return ordered + route.nearest_next(sorted(left, key=lambda stop: -stop.points), ordered[-1] if ordered else after)


def _best(vroom, stops, mode, after, from_s, hours, ends):
    """Of several tries the one that leaves out least, and of those the shortest way."""
    step = max(1, len(stops) // TRIES)
    turned = [stops[at:] + stops[:at] for at in range(0, len(stops), step)] if len(stops) > MANY else [stops]
    found = [made for told in turned[:TRIES] if (made := _ask(vroom, told, mode, after, from_s, hours, ends))]
    return min(found, key=lambda made: (len(made[1]), route.way_of(made[0], mode)), default=None)


def _tight(stops, mode, after, from_s) -> int:
    """When the day ends if nobody waits: the solver counts ways alone, and would begin with a wish for the evening."""
    day = route.figures()
    begins = route.seconds(day["first_door"]) if from_s is None else from_s
    work = len(stops) * route.service_s() + day["lunch"]["minutes"] * 60
    last = max((opens for stop in stops for opens, _shuts in stop.windows), default=0) + route.service_s()
    return min(DAY, max(begins + work + route.way_of(route.nearest_next(stops, after), mode), last) + SLACK)


def _early(stop: Stop) -> tuple:
    until = route.seconds(route.figures()["early"]["until"])
    if stop.windows or stop.points < route.figures()["early"]["points"]:
        return route.hours(stop)
    return tuple((a, min(b, until)) for a, b in route.hours(stop) if a < until)


def _ask(vroom, stops, mode, after, from_s, hours: Callable, ends: int) -> tuple[list[Stop], list[Stop]] | None:
    """(in order, left out). The place before the first is `after`, or nowhere: then the first way costs nothing."""
    places = [*stops, after] if after is not None and after.lat_e7 is not None else stops
    size = len(stops) + 1
    matrix = [[0] * size for _row in range(size)]
    for a, one in enumerate(places):
        for b, other in enumerate(stops):
            if a != b:
                matrix[a][b] = route.way_s(one, other, mode)
    day = route.figures()
    starts = route.seconds(day["first_door"]) if from_s is None else from_s
    # who asked for an hour before work is visited at that hour
    starts = min([starts, *(opens for stop in stops for opens, _shuts in stop.windows)]) if from_s is None else starts
    lunch = day["lunch"]
    breaks = []
    if len(stops) >= lunch["least_doors"] and starts <= route.seconds(lunch["from"]):
        window = vroom.TimeWindow(route.seconds(lunch["from"]), route.seconds(lunch["until"]))
        breaks = [vroom.Break(1, time_windows=[window], service=lunch["minutes"] * 60)]
    problem = vroom.Input()
    problem.set_durations_matrix(profile="car", matrix_input=matrix)
    problem.add_vehicle(
        vroom.Vehicle(1, start=size - 1, time_window=vroom.TimeWindow(starts, ends), breaks=breaks)
    )
    for number, stop in enumerate(stops):
        windows = [vroom.TimeWindow(opens, shuts - 1) for opens, shuts in hours(stop)]
        job = vroom.Job(
            number, location=number, default_service=route.service_s(), priority=stop.points, time_windows=windows
        )
        problem.add_job([job])
    answer = problem.solve(exploration_level=EXPLORE, nb_threads=1, timeout=PATIENCE).to_dict()
    jobs = [step["id"] for way in answer["routes"] for step in way["steps"] if step["type"] == "job"]
    left = [stop for number, stop in enumerate(stops) if number not in set(jobs)]
    return ([stops[number] for number in jobs], left) if jobs else None
