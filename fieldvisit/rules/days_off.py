"""Statutory days off, from the calendars beside this file. Pure."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path


@cache
def _calendar(name: str) -> tuple[frozenset[str], str]:
    path = Path(__file__).parent / f"calendars/{name}.toml"
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(found["off"]), found["published_until"]


def days_off(first: date, last: date, name: str = "cn") -> dict[str, bool]:
    """{day: True, or False where no notice is out yet and only the festivals proper are known}, both included."""
    off, published = _calendar(name)
    return {day: day <= published for day in sorted(off) if first.isoformat() <= day <= last.isoformat()}
