# /// script
# dependencies = ["holidays==0.109"]
# ///
"""Writes the days off of mainland China, from the kept library `holidays`: agreements/rules/calendars/cn.toml for due
dates, and fieldvisit/rules/calendars/cn.toml, weekends of a festival among them, for visits.

    .venv/bin/python -m uv run config/days_off.py

Run it after the State Council's yearly notice has come into the library, and read the difference. A paper carries the
days that it was reckoned with, so nothing signed changes. Years without a notice hold the festivals proper and are
provisional (compliance.md F.8); the library reckons those by the lunar calendar. It stands apart from our own
requirements, because it asks for an older python-dateutil. A second library checks the published years in the tests.
"""

from datetime import date, timedelta
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import holidays

FIRST, LAST = 2024, 2034
ROOT = Path(__file__).parents[1]
FILE, VISITS = ROOT / "agreements/rules/calendars/cn.toml", ROOT / "fieldvisit/rules/calendars/cn.toml"


def main() -> None:
    china = holidays.China(years=range(FIRST, LAST + 1), language="en_US")
    work = sorted(day for day in china.weekend_workdays if day.year >= FIRST)
    published = date(work[-1].year, 12, 31)
    # the library guesses at days in lieu for the years to come; nobody has decided on them
    sure = [day for day, name in china.items() if day <= published or "observed" not in name]
    off = sorted(day for day in sure if day.weekday() < 5 and FIRST <= day.year <= LAST)
    lines = [
        "# Days off of mainland China. Written by config/days_off.py from the library holidays; do not edit by hand.",
        "# off: weekdays that are days off; work: weekend days that are working days, by the yearly notice.",
        "# After published_until there is no notice yet: the festivals proper alone, and they are provisional.",
        f'calendar = "cn-{published.year}"',
        f'source = "holidays {version("holidays")}"',
        f'published_until = "{published}"',
        f'known_until = "{LAST}-12-31"',
        *listed("off", off),
        *listed("work", work),
    ]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    festive = whole(sure, set(work), published)
    VISITS.parent.mkdir(exist_ok=True)
    VISITS.write_text("\n".join([
        "# Statutory days off of mainland China, weekends of a festival among them. Written by config/days_off.py.",
        "# After published_until there is no notice yet: the festivals proper, and they are provisional.",
        *lines[3:6],
        *listed("off", festive),
    ]) + "\n", encoding="utf-8")  # fmt: skip
    print(f"{FILE.name}: {len(off)} days off, {len(work)} working weekend days, published until {published}")


def whole(off: list[date], work: set[date], published: date) -> list[date]:
    """With the Saturdays and Sundays of a published festival: free days that lie at one of its days without a gap."""
    found = set(off)
    for step in (timedelta(days=1), timedelta(days=-1)):
        for day in sorted(off, reverse=step < timedelta()):
            day += step
            while day <= published and day.weekday() >= 5 and day not in work:
                found.add(day)
                day += step
    return sorted(day for day in found if FIRST <= day.year <= LAST)


def listed(name: str, days: list[date]) -> list[str]:
    """A TOML array, one line a year."""
    by_year = groupby(days, key=lambda day: day.year)
    rows = ["  " + ", ".join(f'"{day}"' for day in found) + "," for _, found in by_year]
    return [f"{name} = [", *rows, "]"]


if __name__ == "__main__":
    main()
