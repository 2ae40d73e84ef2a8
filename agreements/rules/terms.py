"""May these terms be planned at all? Form and bounds of `terms` in agreement/1. Twin: static/src/rules/terms.js.

method    one of METHODS; settlement needs a reduction, graduated and balloon need steps
steps     [{"count": rows, "fen": each}]: what the first rows are; the rest is level (graduated) or one row (balloon)
deferral  null or {"months", "interest"}: "none" no row and no interest meanwhile; "paid-monthly" interest alone is paid
          meanwhile; "added" it runs by days and is due with the first row (compliance.md F.8)
shift     "none" or {"to": "next-working-day", "calendar", "published_until", "off", "work"}: see workdays.py
"""

from datetime import date

from . import dates
from .refusal import Refused

HEADS = ("principal_fen", "interest_fen", "overdue_interest_fen", "penalty_fen", "cost_fen")
REDUCED_FIRST = ("penalty_fen", "overdue_interest_fen", "interest_fen", "cost_fen", "principal_fen")
PARTS = ("cost", "interest", "principal", "penalty")
FREE = ("interest-free/1", "settlement/1")  # these never bear interest
STEPPED = ("graduated/1", "balloon/1")
METHODS = (*FREE, "equal-instalment/1", "equal-principal/1", *STEPPED)
DAY_COUNTS = ("monthly", "actual/360", "actual/365")
DEFERRED = ("none", "paid-monthly", "added")
FINAL = ("paid-in-full", "in-effect")  # when a reduction can no longer be lost; the agreement must say which (E16)
MOST_INSTALMENTS = 360
MOST_STEPS = 12
MOST_PPM = 1_000_000  # a yearly rate over 100 % is a slip of the pen; the lawful ceiling is data, checked elsewhere
MOST_FEN = 10**12  # keeps every figure exact in JavaScript and writable in capital figures


def check(terms: dict) -> tuple[date, date]:
    """First due date and interest start of terms that can be planned.

    Raises Refused: schedule.terms, .instalments, .method, .rate, .steps, .deferral, .dates, .reduction.
    """
    balance, n, ppm, method = (terms.get(name) for name in ("balance", "instalments", "annual_rate_ppm", "method"))
    if (
        terms.get("currency") != "CNY"
        or not isinstance(balance, dict)
        or not all(_count(balance.get(head)) for head in HEADS)
        or sum(balance[head] for head in HEADS) > MOST_FEN
        or not isinstance(terms.get("reduction", {}), dict)
        or not isinstance(terms.get("allocation"), list)
        or sorted(map(str, terms["allocation"])) != sorted(PARTS)
    ):
        raise Refused("schedule.terms")
    if not _count(n) or not 1 <= n <= MOST_INSTALMENTS:
        raise Refused("schedule.instalments", most=MOST_INSTALMENTS)
    if str(method) not in METHODS or str(terms.get("day_count", "monthly")) not in DAY_COUNTS:
        raise Refused("schedule.method")
    if not _count(ppm) or ppm > MOST_PPM or (ppm and method in FREE):
        raise Refused("schedule.rate")
    if not _stepped(terms.get("steps", []), method, n):
        raise Refused("schedule.steps")
    if not _deferred(terms.get("deferral"), n, ppm):
        raise Refused("schedule.deferral")
    anchor_day = terms.get("anchor_day")
    try:
        first, start = dates.parse(terms.get("first_due")), dates.parse(terms.get("interest_from"))
    except ValueError:
        raise Refused("schedule.dates") from None
    if (
        not _count(anchor_day)
        or not 1 <= anchor_day <= 31
        or first != dates.add_months(first, 0, anchor_day)
        or start > first
        or first.year > dates.LAST_YEAR - MOST_INSTALMENTS // 12 - 1
        or not _shifted(terms.get("shift", "none"))
    ):
        raise Refused("schedule.dates")
    return first, start


def reduction(terms: dict) -> dict:
    return terms.get("reduction", {"fen": 0, "becomes_final": None})


def after_reduction(terms: dict) -> dict:
    """{head: fen} of what is left to pay; the reduction comes off in the order of REDUCED_FIRST."""
    owed = {head: terms["balance"][head] for head in HEADS}
    fen, final = reduction(terms).get("fen"), reduction(terms).get("becomes_final")
    if (
        not _count(fen)
        or fen > sum(owed.values())
        or (final not in FINAL if fen else final is not None)
        or (terms["method"] == "settlement/1" and not fen)
    ):
        raise Refused("schedule.reduction")
    for head in REDUCED_FIRST:
        cut = min(owed[head], fen)
        owed[head] -= cut
        fen -= cut
    return owed


def deferred(terms: dict) -> tuple[int, str]:
    """(months, what happens to interest meanwhile); (0, "none") without a deferral."""
    given = terms.get("deferral")
    return (given["months"], given["interest"]) if given else (0, "none")


def _stepped(steps: object, method: str, n: int) -> bool:
    if method not in STEPPED or not isinstance(steps, list):
        return steps == []
    sound = all(isinstance(s, dict) and set(s) == {"count", "fen"} and all(map(_count, s.values())) for s in steps)
    if not sound or not 1 <= len(steps) <= MOST_STEPS or any(s["count"] < 1 or s["fen"] < 1 for s in steps):
        return False
    covered = sum(s["count"] for s in steps)
    return covered < n if method == "graduated/1" else len(steps) == 1 and covered == n - 1


def _deferred(deferral: object, n: int, ppm: int) -> bool:
    if deferral is None:
        return True
    return (
        isinstance(deferral, dict)
        and set(deferral) == {"months", "interest"}
        and _count(deferral["months"])
        and 1 <= deferral["months"] <= MOST_INSTALMENTS - n
        and str(deferral["interest"]) in (DEFERRED if ppm else DEFERRED[:1])
    )


def _shifted(shift: object) -> bool:
    if not isinstance(shift, dict):
        return shift == "none"
    if set(shift) != {"to", "calendar", "published_until", "off", "work"} or shift["to"] != "next-working-day":
        return False
    if not isinstance(shift["calendar"], str) or not all(isinstance(shift[name], list) for name in ("off", "work")):
        return False
    try:
        for day in (shift["published_until"], *shift["off"], *shift["work"]):
            dates.parse(day)
    except ValueError:
        return False
    return True


def _count(value: object) -> bool:
    return type(value) is int and value >= 0
