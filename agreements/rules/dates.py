"""Due dates and how they are written. No clock, no time zone. Twin: static/src/rules/dates.js (ISO text there)."""

import re
from calendar import monthrange
from datetime import date

from .refusal import Refused

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2200


def parse(text: str) -> date:
    """ "2026-12-25" and nothing looser. Raises Refused("dates.date") for any other form, day or year."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Refused("dates.date")
    year, month, day = int(text[:4]), int(text[5:7]), int(text[8:])
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        raise Refused("dates.date")
    return date(year, month, day)


def add_months(day: date, months: int, anchor_day: int | None = None) -> date:
    """The same day (or `anchor_day`) so many months on; in a shorter month its last day (Civil Code 202)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(anchor_day or day.day, monthrange(year, month)[1]))


def anchored(first: date, anchor_day: int, n: int) -> date:
    """Due date number n, 0 being the first. Reckoned from the anchor, never from the date before (compliance.md E9)."""
    return add_months(first, n, anchor_day)


def days(start: date, end: date) -> int:
    """Days from start to end, the first not counted (Civil Code 201)."""
    return (end - start).days


def zh(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def en(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def written(text: str, language: str) -> str:
    """A date of a document in words. "2018-03" (the file of the bank knows no day) gives the month alone."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", text):
        day = parse(text + "-01")
        return f"{MONTHS[day.month - 1]} {day.year}" if language == "en" else f"{day.year} 年 {day.month} 月"
    return en(parse(text)) if language == "en" else zh(parse(text))
