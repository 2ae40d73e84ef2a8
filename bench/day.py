"""A day of 30 doors, put in order: `.venv/bin/python -m bench.day [rounds]`. Target: under 5 s, within 5 % of the best.

  ours     fieldvisit.routes.order as the office's page asks it: hours, lunch, people put forward
  best     the shortest way that VROOM finds in ten tries with shuffled doors, no hour asked for: the limit
  nearest  what stands where the solver is not there
The ways are seconds by e-bike between doors of one town; `ours` is measured on days without wishes, so they compare.
"""

import random
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from fieldvisit import routes  # noqa: E402
from fieldvisit.rules import route  # noqa: E402
from fieldvisit.rules.route import Stop  # noqa: E402

DOORS = 30


def town(dice: random.Random, wishes: bool) -> list[Stop]:
    """Doors within 10 km; a quarter has an hour asked for, a tenth a promise that falls due."""
    made = []
    for n in range(DOORS):
        opens = dice.randrange(9, 17) * 3600
        wish = ((opens, opens + 3 * 3600),) if wishes and dice.random() < 0.25 else ()
        points = 60 if wishes and dice.random() < 0.1 else 0
        lat, lon = 302000000 + dice.randrange(900000), 1201000000 + dice.randrange(1000000)
        made.append(Stop(str(n), lat, lon, wish, points))
    return made


def way(stops: list[Stop]) -> int:
    return route.way_of(stops, "e-bike")


def main(rounds: int) -> None:
    route.figures().update(at_the_door_minutes=8, breather_minutes=2)  # else 30 doors are no day
    routes.order(town(random.Random(1), False), mode="e-bike")  # loads the solver
    took, off, against = [], [], []
    for seed in range(rounds):
        dice = random.Random(seed)
        stops = town(dice, wishes=False)
        started = time.perf_counter()
        ours, how = routes.order(stops, mode="e-bike")
        took.append(time.perf_counter() - started)
        assert how == "solver" and len(ours) == DOORS
        tries = [ours]
        for _ in range(10):
            dice.shuffle(stops)
            tries.append(routes.order(stops, mode="e-bike")[0])
        best = min(map(way, tries))
        off.append(way(ours) / best - 1)
        against.append(way(route.nearest_next(stops)) / best - 1)
        started = time.perf_counter()
        laid = routes.order(town(dice, wishes=True), mode="e-bike")[0]
        took.append(time.perf_counter() - started)
        route.lay_out(laid, mode="e-bike")
    print(f"a day of {DOORS} doors, {rounds} days: {statistics.median(took) * 1000:.0f} ms (worst {max(took):.2f} s)")
    print(f"way over the best: median {statistics.median(off):.1%}, worst {max(off):.1%} (target 5 %)")
    print(f"nearest next, without the solver: median {statistics.median(against):.1%} over the best")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
