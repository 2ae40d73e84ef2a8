"""How long a row's interest runs, as (parts, of a year). Twin: static/src/rules/periods.js.

monthly     a twelfth of a year for each row, whatever the dates; an irregular first row = whole months, then odd days
at
            1/360 of a year each (compliance.md F.8)
actual/360, actual/365   the days from the due date before (from the interest start for the first row): E14
"""

from datetime import date

from . import dates


def of(day_count: str, start: date, dues: list[date], anchor_day: int) -> list[tuple[int, int]]:
    """One pair for each due date. `dues` are the anchored dates: a working-day shift costs nobody anything."""
    if day_count == "monthly":
        return [(thirtieths(start, dues[0], anchor_day), 360)] + [(30, 360)] * (len(dues) - 1)
    return [(dates.days(*pair), basis(day_count)) for pair in zip([start, *dues], dues, strict=False)]


def basis(day_count: str) -> int:
    """Days of a year where interest runs by days."""
    return 365 if day_count == "actual/365" else 360


def thirtieths(start: date, first: date, anchor_day: int) -> int:
    """From start to first in thirtieths of a month: whole months, then odd days."""
    anchor = _anchor(start, anchor_day)
    months = (first.year - start.year) * 12 + first.month - start.month
    if dates.add_months(start, months, anchor) > first:
        months -= 1
    return 30 * months + dates.days(dates.add_months(start, months, anchor), first)


def later(start: date, months: int, anchor_day: int) -> date:
    """When interest begins after a deferral of so many months."""
    return dates.add_months(start, months, _anchor(start, anchor_day))


def _anchor(start: date, anchor_day: int) -> int:
    """A start that is itself the anchor of its month counts as anchored: 30 November to 31 December is one month."""
    return anchor_day if start == dates.add_months(start, 0, anchor_day) else start.day
