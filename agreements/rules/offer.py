"""May these terms be agreed under this offer? Asked on the phone, and again by the server.

Twin: static/src/rules/offer.js.
"""

from datetime import date, timedelta

from . import dates, schedule
from .cost_sheet import year
from .document import rate
from .interest import yearly
from .refusal import Refused
from .terms import after_reduction, deferred

TERMS = {
    "currency", "balance", "method", "instalments", "annual_rate_ppm", "interest_from", "day_count", "first_due",
    "anchor_day", "shift", "steps", "deferral", "reduction", "allocation", "default", "effect",
}  # fmt: skip


def within(offer_body: dict, terms: dict, rows: list[dict], today: date) -> list[str]:
    """Codes of every bound that is broken, in a fixed order; empty when the terms stand.

    `rows` must be the plan that these very terms give. `today` is the date where the debtor is. Terms that cannot be
    planned at all give ["offer.terms"].
    """
    try:
        if set(terms) != TERMS or not same(rows, schedule.plan(terms)):
            return ["offer.terms"]
    except (Refused, KeyError, TypeError, AttributeError):
        return ["offer.terms"]
    offer, reduction = offer_body, terms["reduction"]
    start, first = dates.parse(terms["interest_from"]), dates.parse(terms["first_due"])
    latest = today + timedelta(days=offer["latest_first_due_days"])
    months, meanwhile = deferred(terms)
    alone = months if meanwhile == "paid-monthly" else 0  # rows of interest alone, which may be small
    most = offer.get("settlement_months", offer["most_months"]) if settles(terms) else offer["most_months"]
    broken = {
        "offer.method": terms["method"] not in offer["methods"],
        "offer.too_many": terms["instalments"] + months > most,
        "offer.too_small": any(row["amount_fen"] < offer["least_fen"] for row in rows[alone:-1]),
        "offer.rate": terms["annual_rate_ppm"] != rate(offer, terms["method"]),
        "offer.ceiling": _over(terms, offer.get("ceiling")),
        "offer.deferral": months > 0 and not same(terms["deferral"], _allowed(offer.get("deferral"), months)),
        "offer.balloon": terms["method"] == "balloon/1" and _too_much_at_the_end(offer, terms, rows),
        "offer.balance": not same(terms["balance"], offer["balance"]),
        "offer.reduction": reduction["fen"] > offer["largest_reduction_fen"]
        or not same(reduction, _reduced(offer, terms)),
        "offer.expired": today > dates.parse(offer["valid_until"]),
        "offer.not_yet": today < dates.parse(offer["valid_from"]),
        "offer.first_due": not today < first <= latest,
        "offer.terms": not same(_fixed(terms), _offered(offer)) or start < dates.parse(offer["balance"]["as_of"]),
    }
    return [code for code, is_broken in broken.items() if is_broken]


def same(a: object, b: object) -> bool:
    """Equal as JSON: True is not 1, and 1.0 is not 1."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def _reduced(offer: dict, terms: dict) -> dict:
    """A reduction is lost on default or it is not: what the offer says decides when it is final."""
    final = "paid-in-full" if offer["default"]["waiver_lapses"] else "in-effect"
    return {"fen": terms["reduction"]["fen"], "becomes_final": final if terms["reduction"]["fen"] else None}


def _fixed(terms: dict) -> dict:
    return {name: terms[name] for name in ("allocation", "day_count", "shift", "default", "effect")}


def _offered(offer: dict) -> dict:
    return {
        **{name: offer[name] for name in ("allocation", "day_count", "shift", "default")},
        "effect": {"lapse_days": offer["lapse_days"], "cooling_off_days": offer["cooling_off_days"]},
    }


def settles(terms: dict) -> bool:
    return terms["method"] == "settlement/1"


def _over(terms: dict, ceiling: dict | None) -> bool:
    """Is the rate, reckoned on 365 days, above the lawful ceiling that the offer carries? There are no fees beside
    it.
    """
    return ceiling is not None and yearly(terms["annual_rate_ppm"], year(terms)) > ceiling["ppm"]


def _allowed(deferral: dict | None, months: int) -> dict | None:
    if deferral is None or months > deferral["most_months"]:
        return None
    return {"months": months, "interest": deferral["interest"]}


def _too_much_at_the_end(offer: dict, terms: dict, rows: list[dict]) -> bool:
    """The last row of a balloon may be at most so great a part (ppm) of what is left to pay."""
    left = sum(after_reduction(terms).values())
    return rows[-1]["amount_fen"] * 1_000_000 > left * offer.get("balloon_ppm", 0)
