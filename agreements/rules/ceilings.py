"""The lawful ceiling of interest and cost, by kind of lender and day. Dated data: law/*.toml (compliance.md B.4).

Twin for the tests: static/src/rules/ceilings.js. The phone needs none: its offer carries the ceiling, `offer.within`
holds the rate to it.
"""

from dataclasses import dataclass
from datetime import date

from . import dates
from .refusal import Refused

LENDERS = ("bank", "bank-assisted", "consumer-finance", "microloan", "local-financial", "private")


@dataclass(frozen=True)
class Ceiling:
    """`ppm` a year, on the 365-day figure; `provisional` when the table ends before the day that counts."""

    ppm: int
    rule: str
    effect: str
    citation: str
    provisional: bool


def prime_rate(law: dict, day: date) -> int:
    """The one-year LPR (ppm) that stood on this day. Raises Refused("ceilings.too_early") before the first."""
    text, found = day.isoformat(), [row["ppm"] for row in law["lpr"] if row["from"] <= day.isoformat()]
    if not found:
        raise Refused("ceilings.too_early", day=text)
    return found[-1]


def ceilings(law: dict, lender: str, formed: date | tuple[date, date] | None, on: date) -> list[Ceiling]:
    """Every limit for this lender on the day `on`, the lowest first.

    `formed` is the day of the contract; a pair (first, last) where only the month is known, None where nothing is:
    then the lowest value that it can have been counts. Raises Refused: ceilings.lender.
    """
    if lender not in LENDERS:
        raise Refused("ceilings.lender", lender=str(lender))
    first, last = formed if isinstance(formed, tuple) else (formed, formed)
    found = []
    for row in law["limit"]:
        valid = row["valid_from"] <= on.isoformat() <= row.get("valid_until", "9999-12-31")
        if lender in row["lenders"] and valid and _formed(row, first, last):
            start, end = _days(row, first, last, on)
            ppm = row["ppm"] if row["by"] == "fixed" else row["times"] * _lowest(law, start, end)
            provisional = row["by"] != "fixed" and end.isoformat() > law["checked_until"]
            found.append(Ceiling(ppm, row["rule"], row["effect"], row["citation"], provisional))
    return sorted(found, key=lambda ceiling: ceiling.ppm)


def blocking(found: list[Ceiling]) -> Ceiling | None:
    """The lowest ceiling that may not be passed."""
    return next((ceiling for ceiling in found if ceiling.effect == "block"), None)


def month(day: date) -> tuple[date, date]:
    """First and last day of its month: a bank's file often knows no more."""
    return day.replace(day=1), dates.add_months(day, 0, 31)


def _formed(row: dict, first: date | None, last: date | None) -> bool:
    span = row.get("formed", {})
    early, late = span.get("from", "0000"), span.get("until", "9999-12-31")
    return first is None or (last.isoformat() >= early and first.isoformat() < late)


def _days(row: dict, first: date | None, last: date | None, on: date) -> tuple[date, date]:
    """The days whose prime rate may be the one that counts."""
    if row["by"] != "lpr-at-formation":
        return on, on
    start = dates.parse(row["formed"]["from"])
    return (start, on) if first is None else (max(start, first), last)


def _lowest(law: dict, start: date, end: date) -> int:
    later = [row["ppm"] for row in law["lpr"] if start.isoformat() < row["from"] <= end.isoformat()]
    return min([prime_rate(law, start), *later])
