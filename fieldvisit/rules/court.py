"""Which dates of a security alarm when, and which papers a case needs in court: court.toml. Pure."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

HAND, FOUND, MISSING = "by hand", "found", "missing"


@cache
def data() -> dict:
    """{"days": {date: days before}, "titles": {date: words}, "paper": [{"id", "title", "articles"[, "fact"]}]}."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def ends(dates: dict[str, date | None], today: date) -> list[dict]:
    """[{"name", "title", "on", "days" (left; below zero: over), "alarm"}] of known dates, soonest first."""
    known = sorted((on, name) for name, on in dates.items() if on)
    return [
        {
            "name": name, "title": data()["titles"][name], "on": on, "days": (on - today).days,
            "alarm": (on - today).days <= data()["days"][name],
        }
        for on, name in known
    ]  # fmt: skip


def papers(facts: dict[str, str], by_hand: set[str]) -> list[dict]:
    """Each paper with "state" and "text"; `facts`: {fact: what was found}, `by_hand`: ids a person says are there."""
    found = []
    for paper in data()["paper"]:
        text = facts.get(paper.get("fact", ""), "")
        state = FOUND if text else HAND if paper["id"] in by_hand else MISSING
        found.append(paper | {"state": state, "text": text})
    return found
