"""Days off and the next working day. Twin: nextWorkingDay in static/src/rules/dates.js; data: calendars/*.toml.

A shift stands in the signed terms with the very days it was reckoned with, so that a paper can be checked for years,
and on a phone without a signal: {"to", "calendar", "published_until", "off": weekdays off, "work": working weekend
days}. After `published_until` the State Council has not said anything yet: only the festivals proper are known
(compliance.md F.8).
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path

CALENDARS = Path(__file__).with_name("calendars")


def load(name: str = "cn") -> dict:
    """{"calendar", "published_until", "known_until", "off": [ISO dates], "work": [ISO dates]}, oldest first."""
    return tomllib.loads((CALENDARS / f"{name}.toml").read_text(encoding="utf-8"))


def shift(calendar: dict, start: date, until: date) -> dict:
    """The `shift` of terms for due dates between start and until. `until` is stretched by a fortnight of days off."""
    first, last = start.isoformat(), (until + timedelta(days=14)).isoformat()
    return {
        "to": "next-working-day",
        "calendar": calendar["calendar"],
        "published_until": calendar["published_until"],
        "off": [day for day in calendar["off"] if first <= day <= last],
        "work": [day for day in calendar["work"] if first <= day <= last],
    }


def is_off(day: date, known: dict) -> bool:
    """A weekend that is no working day, or a weekday off. `known`: a calendar or a shift."""
    text = day.isoformat()
    return text not in known["work"] if day.weekday() >= 5 else text in known["off"]


def next_working_day(day: date, known: dict) -> date:
    """`day` itself, or the first working day after it (Civil Code 203)."""
    while is_off(day, known):
        day += timedelta(days=1)
    return day
