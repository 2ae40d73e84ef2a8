"""Which way to lead a talk is suggested, and why: playbook.toml matched against a scorecard. Pure; it advises."""

import tomllib
from functools import cache
from pathlib import Path

from . import scorecard


@cache
def data() -> dict:
    """{"id", "version", "strategy": [...], "study": [...]}; ValueError where a condition names what does not exist."""
    found = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    names = {each["id"] for each in found["strategy"]}
    for each in found["strategy"]:
        if unknown := set(each.get("when", {})) - set(scorecard.DIMENSIONS):
            raise ValueError(f"{each['id']}: {unknown}")
    for each in found["study"]:
        if each["strategy"] not in names:
            raise ValueError(each["id"])
    return found


def strategy(name: str) -> dict | None:
    return next((each for each in data()["strategy"] if each["id"] == name), None)


def suited(dimensions: list[dict], facts: dict) -> list[dict]:
    """The strategies whose conditions hold, in the playbook's order; the last, which has none, always does.

    Each with "because": the dimensions that it rests on, as scorecard.score gave them.
    """
    levels = {each["name"]: each for each in dimensions}
    return [
        each | {"because": [levels[name] for name in each.get("when", {})]}
        for each in data()["strategy"]
        if all(levels[name]["level"] in wanted for name, wanted in each.get("when", {}).items())
        and not any(name in facts for name in each.get("missing", []))
        and all(facts.get(name, {"n": -1})["n"] >= least for name, least in each.get("least", {}).items())
    ]


def studies(name: str) -> list[dict]:
    """The case studies of one strategy."""
    return [each for each in data()["study"] if each["strategy"] == name]
