"""Weigh one act by a rule pack: may it be done, with what warning, by which text. Pure; a person decides the rest.

Twin of static/src/rules/conduct.js; both read tests/vectors/conduct.json.

A pack is packs/<id>.toml: {"id", "version", "zone", "rules": {rule id: rule}}. A rule says for which `acts` it stands,
from when until when it is in force, how it is measured (`test` and its limits), and with what `effect` it is missed.
A situation is JSON:

    {"act": "visit" | "plan" | "call" | "message" | "letter" | "sign" | "terms" | "review" | …,
     "local": "2026-11-24T10:05:00",    wall time where the debtor lives; "until" too, where the act has an end
     "lender": "bank", "product": "credit-card", "region": "US-MA", "channel": "visit",
     "same": {"number": …, "debt": …, "address": …},          what this act is aimed at
     "contacts": [{"local", "channel", "result", "number", "debt", "address"}, …],   earlier ones, of all agencies
     "consents": [{"for": "hours" | "frequency", "channel", "from": "HH:MM", "until": "HH:MM", "since", "to"}, …],
     "days_off": {"2027-02-06": true | false},                 statutory days off; false: provisional
     "facts": {name: value}}                                   what a rule names and nobody knows is not measured

Times are compared as text: they are all wall times of one place, so no zone can be mixed up here.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path

PACKS = Path(__file__).parent / "packs"
STOPS = ("block", "require")


@dataclass(frozen=True)
class Verdict:
    """`effect`: ok, warn, require (do this first) or block. `kind` tells apart the ways of missing one rule."""

    rule: str
    effect: str
    kind: str = ""
    params: dict = field(default_factory=dict)


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in PACKS.glob("*.toml")))


@cache
def pack(name: str = "cn") -> dict:
    """A pack as data, times as "HH:MM" and dates as text: the same form that goes to the phone."""
    return _plain(tomllib.loads((PACKS / f"{name}.toml").read_text(encoding="utf-8")))


def weigh(situation: dict, rules: dict) -> list[Verdict]:
    """One verdict for each rule of the pack that stands for this act and can be measured, in the pack's order."""
    verdicts = []
    for name, rule in rules["rules"].items():
        if not _stands(rule, situation):
            continue
        miss = TESTS[rule["test"]](rule, situation)
        if miss:
            kind, params, effect = (*miss, None)[:3]
            verdicts.append(Verdict(name, effect or rule["effect"], kind, params))
        elif miss is not None:
            verdicts.append(Verdict(name, "ok"))
    return verdicts


def _stands(rule, situation):
    on = situation["local"][:10]
    return (
        situation["act"] in rule["acts"]
        and rule.get("valid_from", "") <= on < rule.get("valid_to", "9999")
        and situation.get("lender") in rule.get("lenders", [situation.get("lender")])
        and situation.get("product") in rule.get("products", [situation.get("product")])
        and situation.get("region") == rule.get("region", situation.get("region"))
    )


# Every test takes (rule, situation) and gives None (cannot be measured), False (kept), or (kind, params[, effect]).


def _hours(rule, situation):
    """Half-open [from, until). An act that runs over the edge, or over midnight, is outside."""
    start, end = situation["local"], situation.get("until") or situation["local"]
    for at in (start, end):
        if not _within(at, rule["from"], rule["until"]) and not _agreed("hours", at, situation):
            return "", {"at": at[11:16], "from": rule["from"], "until": rule["until"]}
    if start[:10] != end[:10]:
        return "", {"at": end[11:16], "from": rule["from"], "until": rule["until"]}
    if "ending_minutes" in rule and _minutes(rule["until"]) - _minutes(end[11:16]) <= rule["ending_minutes"]:
        ending = not _agreed("hours", end, situation)
        return ending and ("ending", {"until": rule["until"]}, "warn")
    return False


def _count(rule, situation):
    """At most `limit` earlier contacts within `days` calendar dates, today included; from `near` on it is said."""
    if "contacts" not in situation:
        return None
    if _agreed("frequency", situation["local"], situation):
        return False
    today = date.fromisoformat(situation["local"][:10])
    first = today - timedelta(days=rule["days"] - 1)
    alike = [
        contact["local"][:10]
        for contact in situation["contacts"]
        if contact["channel"] == rule["channel"]
        and contact["result"] in rule["results"]
        and contact["local"] <= situation["local"]
        and all(contact.get(key) == situation.get("same", {}).get(key) for key in rule.get("same", []))
    ]
    dates = sorted(on for on in alike if on >= first.isoformat())
    n = len(dates)
    params = {"n": n, "limit": rule["limit"], "days": rule["days"]}
    if n >= rule["limit"]:
        gone = date.fromisoformat(dates[n - rule["limit"]]) + timedelta(days=rule["days"])
        return "", params | {"next": gone.isoformat()}
    return "near" in rule and n >= rule["near"] and ("near", params, "warn")


def _least(rule, situation):
    value = _fact(rule, situation)
    return None if value is None else value < rule["limit"] and ("", {"n": value, "limit": rule["limit"]})


def _most(rule, situation):
    """`warn`: a lower edge from which it is only said. A fact may bring its own kind: {"n": …, "kind": …}."""
    value = _fact(rule, situation)
    if value is None:
        return None
    fact = value if isinstance(value, dict) else {"n": value}
    n, kind = fact["n"], fact.get("kind", "")
    params = {"n": n, "limit": rule["limit"]} | fact.get("params", {})
    if n > rule["limit"]:
        return kind, params
    return "warn" in rule and n > rule["warn"] and (kind or "near", params | {"limit": rule["warn"]}, "warn")


def _must(rule, situation):
    value = _fact(rule, situation)
    return None if value is None else not value and ("", {})


def _never(rule, situation):
    """A fact that may not be: true, or words of which each is a kind of its own."""
    value = _fact(rule, situation)
    if value is None:
        return None
    if isinstance(value, list):
        met = [word for word in rule.get("words", value) if word in value]
        return bool(met) and (met[0] if "words" in rule else "", {"n": len(value), "all": value})
    return bool(value) and (value if isinstance(value, str) else "", {})


def _span(rule, situation):
    """Nothing from a date to a date, both included; they are taken as registered, never worked out."""
    value = _fact(rule, situation)
    if value is None:
        return None
    return value["from"] <= situation["local"][:10] <= value["to"] and ("", value)


def _by(rule, situation):
    """Not after the date of the fact."""
    value = _fact(rule, situation)
    return None if value is None else situation["local"][:10] > value and ("", {"date": value})


def _ahead(rule, situation):
    """A date that comes near: within one of the `steps` in days."""
    value = _fact(rule, situation)
    if value is None:
        return None
    days = (date.fromisoformat(value) - date.fromisoformat(situation["local"][:10])).days
    if days < 0:
        return "past", {"date": value, "days": -days}
    step = next((step for step in sorted(rule["steps"]) if days <= step), None)
    return step is not None and ("", {"date": value, "days": days, "limit": step})


def _day_off(rule, situation):
    if "days_off" not in situation:
        return None
    sure = situation["days_off"].get(situation["local"][:10])
    return sure is not None and ("" if sure else "provisional", {"date": situation["local"][:10]})


def _duty(rule, situation):
    """Nothing can measure it: it is shown as what to do and what to leave."""
    return None


TESTS = {
    "hours": _hours, "count": _count, "least": _least, "most": _most, "must": _must, "never": _never,
    "span": _span, "by": _by, "ahead": _ahead, "day-off": _day_off, "duty": _duty,
}  # fmt: skip


def _fact(rule, situation):
    return situation.get("facts", {}).get(rule["fact"])


def _within(at, start, end):
    return start <= at[11:] and at[11:16] < end


def _agreed(purpose, at, situation):
    """A consent for this purpose and channel that covers the moment; a withdrawal is its `to`."""
    return any(
        consent["for"] == purpose
        and consent["channel"] in ("any", situation.get("channel"))
        and consent["since"] <= at
        and (consent.get("to") is None or at < consent["to"])
        and (consent.get("from") is None or _within(at, consent["from"], consent["until"]))
        for consent in situation.get("consents", [])
    )


def _minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:5])


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else value
