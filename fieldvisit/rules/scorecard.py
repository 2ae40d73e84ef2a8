"""The risk scorecard: points for what is known of a case, each with its reason; it advises and a person decides. Pure.

Weights and thresholds are scorecard.toml. What is not known is listed and counts for nothing. Vulnerability says how
much care is due and never counts against anybody; age, sex, origin and the like can be no fact here (`never`).
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

DIMENSIONS = ("ability", "willingness", "stability", "collateral", "history", "vulnerability")
STRONG, FAIR, WEAK, UNKNOWN = "strong", "fair", "weak", "unknown"
CARE, NO_CARE = "care", "none"
LANGUAGES = ("zh-hans", "en")


@cache
def data() -> dict:
    """scorecard.toml; ValueError where it would score what must never be scored."""
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    check(found)
    return found


def check(found: dict) -> None:
    """ValueError(fact) for a criterion on a forbidden fact, or in no dimension."""
    for policy in found["policy"]:
        for each in policy["criterion"]:
            if each["fact"] in found["never"] or each["dimension"] not in DIMENSIONS:
                raise ValueError(each["fact"])


def policy(on: date) -> dict:
    """The policy in force on that day; before the first, the first."""
    dated = [one for one in data()["policy"] if one["valid_from"] <= on.isoformat()] or data()["policy"][:1]
    return max(dated, key=lambda one: one["valid_from"])


def score(facts: dict, seen: Iterable[dict], policy: dict) -> list[dict]:
    """One entry for each dimension: {"name", "level", "points", "most", "lines", "unknown"}.

    facts    {name: {"n": int, "source": code, "on": ISO date}}; units as the criterion says (fen, ppm, count)
    seen     [{"id", "on"}]: what collectors ticked, each id once
    lines    [{"id", "kind": "figure" | "seen", "points", "most", "text": {language: text}, "source", "on"}]
    unknown  [{language: name}]
    """
    return [_dimension(name, facts, list(seen), policy) for name in DIMENSIONS]


def _dimension(name: str, facts: dict, seen: list[dict], policy: dict) -> dict:
    lines, unknown = [], []
    for each in policy["criterion"]:
        if each["dimension"] != name:
            continue
        if fact := facts.get(each["fact"]):
            lines.append(_line(each, fact))
        else:
            unknown.append(each["name"])
    ticked = {one["id"]: one for one in seen}
    for each in policy["observed"]:
        if each["dimension"] == name and each["id"] in ticked:
            most = max(each["points"], 0)
            lines.append({"id": each["id"], "kind": "seen", "points": each["points"], "most": most,
                          "text": each["text"], "source": "collector", "on": ticked[each["id"]]["on"]})  # fmt: skip
    most = sum(line["most"] for line in lines)
    points = min(max(sum(line["points"] for line in lines), 0), most)
    level = _level(name, points, most, bool(lines), policy["levels"])
    return {"name": name, "level": level, "points": points, "most": most, "lines": lines, "unknown": unknown}


def _line(criterion: dict, fact: dict) -> dict:
    bands = criterion["bands"]
    band = next(band for band in bands if "below" not in band or fact["n"] < band["below"])
    n = shown(fact["n"], criterion["unit"])
    return {
        "id": criterion["id"], "kind": "figure", "points": band["points"], "most": max(b["points"] for b in bands),
        "text": {language: band[language].format(n=n) for language in LANGUAGES},
        "source": fact["source"], "on": fact["on"],
    }  # fmt: skip


def _level(name: str, points: int, most: int, known: bool, levels: dict) -> str:
    if not known:
        return UNKNOWN
    if name == "vulnerability":
        return CARE if points >= levels["care_points"] else NO_CARE
    share = points * 1_000_000 // most if most else 0
    return STRONG if share >= levels["strong_ppm"] else FAIR if share >= levels["fair_ppm"] else WEAK


def shown(n: int, unit: str) -> str:
    """fen as yuan without a sign ("1,200.50"), ppm as per cent ("34%"), a count as it is."""
    if unit == "fen":
        return f"{abs(n) // 100:,}.{abs(n) % 100:02d}"
    return f"{(n + 5000) // 10_000}%" if unit == "ppm" else str(n)
