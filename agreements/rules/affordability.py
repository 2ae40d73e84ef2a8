"""What a household can pay each month, from its own figures (compliance.md E, E15).

Twin: static/src/rules/affordability.js. A statement is {"declined", "figures": [{"item","fen","source","photo"}],
"dependants": {…counts}}: sums per month, except savings, assets and liabilities. Whole fen and ppm; each ratio is
rounded once, half up; limits are compared unrounded. Nothing here ever comes out in favour of paying when the
household is short, says nothing, or has not said enough.
"""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from .money import half_up, percent, yuan
from .refusal import Refused
from .wording import fill

ITEMS = {
    "income": ("wage", "business", "benefit", "family", "other_income"),
    "gross": ("gross",),
    "living": ("food", "transport", "phone", "daily", "care", "other_living"),
    "priority": ("rent", "utilities", "medical", "school", "tax", "maintenance"),
    "debt": ("card_debt", "loan_debt", "private_debt"),
    "liquid": ("cash",),
    "asset": ("property", "vehicle", "other_asset"),
    "liability": ("owed",),
}
GROUP = {item: group for group, items in ITEMS.items() for item in items}
MOST_FEN = 10**11
MOST_PPM = 10**9  # a thousandfold: no ratio says more
WHOLE = 1_000_000


@cache
def data() -> dict:
    """affordability.toml: {"id", "policy": […], "base", "meaning"}."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def policy(on: date) -> dict:
    """The limits in force that day: {"id","version","valid_from","debt_share_limit_ppm",…}."""
    dated = [one for one in data()["policy"] if one["valid_from"] <= on.isoformat()] or data()["policy"][:1]
    return {"id": data()["id"]} | max(dated, key=lambda one: one["valid_from"])


def totals(figures: list[dict]) -> dict:
    """{"income_fen", "living_fen", …}: the sum of each group; None where nothing was said of it.

    Raises Refused("affordability.figures") for an item unknown or named twice, or a sum that is none.
    """
    sums = dict.fromkeys(ITEMS)
    seen = set()
    for figure in figures:
        item, fen = figure["item"], figure["fen"]
        if item not in GROUP or item in seen or type(fen) is not int or not 0 <= fen <= MOST_FEN:
            raise Refused("affordability.figures", item=str(item))
        seen.add(item)
        sums[GROUP[item]] = (sums[GROUP[item]] or 0) + fen
    return {f"{group}_fen": fen for group, fen in sums.items()}


def assess(statement: dict, policy: dict) -> dict:
    """The household in figures: sums, `surplus_fen` (below zero when it is short), `debt_share_ppm`, `liquid_ppm` (of a
    month), `reserve_fen` and `largest_fen`, the largest instalment it can carry. `missing`: what must be said first.
    """
    sums = totals(statement["figures"])
    income, living, priority, debt = (sums[f"{name}_fen"] or 0 for name in ("income", "living", "priority", "debt"))
    surplus = income - living - priority - debt
    # what is earned before tax counts where it is known and can be true
    gross = sums["gross_fen"] or 0
    base, of = ("gross", gross) if gross >= max(income, 1) else ("net", income)
    missing = [name for name, said in (("income", sums["income_fen"] is not None), ("living", living > 0)) if not said]
    reserve = max(surplus, 0) * policy["reserve_ppm"] // WHOLE
    room = of * policy["debt_share_limit_ppm"] // WHOLE - debt
    stands = not (statement["declined"] or missing)
    spent = living + priority
    return sums | {
        "declined": statement["declined"],
        "missing": missing,
        "base": base,
        "base_fen": of,
        "surplus_fen": surplus,
        "debt_share_ppm": _ratio(debt, of) if of else None,
        "liquid_ppm": _ratio(sums["liquid_fen"] or 0, spent) if spent else None,
        "reserve_fen": reserve,
        "largest_fen": max(min(surplus - reserve, room), 0) if stands else 0,
    }


def largest_instalment(statement: dict, policy: dict) -> int:
    """In fen; 0 when nothing can be paid, or nothing is known."""
    return assess(statement, policy)["largest_fen"]


def gate(assessed: dict, policy: dict, instalment_fen: int) -> dict:
    """May this instalment be agreed without a second person? `codes` is empty when it may.

    {"codes", "share_ppm" of what is left, "share": green | amber | red | None, "debt_share_ppm" with it}
    """
    surplus, debt, of = assessed["surplus_fen"], assessed["debt_fen"] or 0, assessed["base_fen"]
    codes = []
    if assessed["declined"]:
        codes = ["afford.declined"]
    elif assessed["missing"]:
        codes = ["afford.incomplete"]
    else:
        if surplus <= 0:
            codes.append("afford.short")
        elif instalment_fen > surplus - assessed["reserve_fen"]:
            codes.append("afford.reserve")
        if (debt + instalment_fen) * WHOLE > policy["debt_share_limit_ppm"] * of:
            codes.append("afford.debt_share")
    known = surplus > 0 and not (assessed["declined"] or assessed["missing"])
    return {
        "codes": codes,
        "share_ppm": _ratio(instalment_fen, surplus) if known else None,
        "share": _share(instalment_fen, surplus, policy) if known else None,
        "debt_share_ppm": _ratio(debt + instalment_fen, of) if of else None,
    }


def _ratio(fen: int, of: int) -> int:
    return min(half_up(fen * WHOLE, of), MOST_PPM)


def _share(instalment_fen: int, surplus_fen: int, policy: dict) -> str:
    for name in ("green", "amber"):
        if instalment_fen * WHOLE <= policy[f"share_{name}_ppm"] * surplus_fen:
            return name
    return "red"


def annex(
    statement_id: str,
    assessed: dict,
    policy: dict,
    rows: list[dict],
    shown: list[dict],
    chosen: int,
    *,
    beyond: list[str],
) -> dict:
    """The `affordability` of agreement/1: what was known, how the plan chosen of those shown stands to it, and whether
    a second person must agree. `beyond`: where the plan goes further than the offer. Assets and debts owed stay out.
    """
    highest = max(row["amount_fen"] for row in rows)
    gated = gate(assessed, policy, highest)
    return {
        "statement": statement_id,
        "policy": {"id": policy["id"], "version": policy["version"]},
        "household": {name: value for name, value in assessed.items() if name not in ("asset_fen", "liability_fen")},
        "instalment_fen": highest,
        "gate": gated,
        "beyond_offer": beyond,
        "needs_approval": bool(gated["codes"] or beyond),
        "shown": shown,
        "chosen": chosen,
    }


def months_needed(owed_fen: int, instalment_fen: int) -> int | None:
    """How many instalments of that size pay it off without interest; None when none is paid."""
    return -(-owed_fen // instalment_fen) if instalment_fen > 0 else None


def floor_fen(owed_fen: int, policy: dict) -> int:
    """The least instalment that pays it off in the longest time a plan may run."""
    return half_up(owed_fen, policy["most_months"])


def meanings(assessed: dict, policy: dict, language: str, words: dict) -> list[dict]:
    """[{"code","text"}]: the household's figures in plain sentences; `words` is data()."""
    if assessed["declined"] or assessed["missing"]:
        return [_say("declined" if assessed["declined"] else "incomplete", {}, language, words)]
    surplus, largest, liquid = assessed["surplus_fen"], assessed["largest_fen"], assessed["liquid_ppm"]
    left = "left" if surplus > 0 else "short" if surplus else "even"
    most = "some" if largest else "debts" if surplus > 0 else "none"
    saved = ("enough" if liquid >= policy["liquid_months"] * WHOLE else "low") if assessed["liquid_fen"] else "none"
    found = [
        (f"surplus.{left}", {"amount": yuan(abs(surplus))}),
        (f"largest.{most}", {"amount": yuan(largest), "reserve": yuan(assessed["reserve_fen"])}),
        _debts("before", assessed["debt_fen"] or 0, assessed, policy, language, words),
        (f"liquid.{saved}", {"months": _months(liquid)}),
    ]
    return [_say(code, facts, language, words) for code, facts in found]


def plan_meanings(assessed: dict, gated: dict, policy: dict, instalment_fen: int, language: str, words: dict) -> list:
    """The same of one instalment: its share of what is left, and all debts with it."""
    if assessed["declined"] or assessed["missing"]:
        return [_say("declined" if assessed["declined"] else "incomplete", {}, language, words)]
    share = (f"share.{gated['share'] or 'none'}", {"percent": _percent(gated["share_ppm"] or 0)})
    after = _debts("after", (assessed["debt_fen"] or 0) + instalment_fen, assessed, policy, language, words)
    return [_say(code, facts, language, words) for code, facts in (share, after)]


def _debts(when: str, debt: int, assessed: dict, policy: dict, language: str, words: dict) -> tuple[str, dict]:
    of = assessed["base_fen"]
    if not of:
        return f"{when}.unknown", {}
    facts = {"base": words["base"][assessed["base"]][language], "percent": _percent(_ratio(debt, of))}
    bands = {"comfortable": policy["debt_share_comfortable_ppm"], "high": policy["debt_share_limit_ppm"]}
    band = next((name for name, ppm in bands.items() if debt * WHOLE <= ppm * of), "over")
    if band == "comfortable" and assessed["surplus_fen"] <= 0:
        band = "plain"  # nothing is called comfortable in a household that is short
    return f"{when}.{band}", facts


def _say(code: str, facts: dict, language: str, words: dict) -> dict:
    return {"code": code, "text": fill(words["meaning"][code][language], facts)}


def _percent(ppm: int) -> str:
    """For people: two places."""
    return percent(half_up(ppm, 100) * 100)


def _months(ppm: int) -> str:
    """For people: one place, rounded down."""
    tenths = ppm * 10 // WHOLE
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
