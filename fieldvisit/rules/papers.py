"""Ratios and cash flow from a credit report and a bank statement that somebody showed. Pure; fen and whole ppm."""

import tomllib
from functools import cache
from pathlib import Path

from .scorecard import LANGUAGES, shown

KINDS = ("bank-statement", "credit-report")


@cache
def data() -> dict:
    """papers.toml: {"least_months", "paper": [{"kind", "name", "on", "items"}], "words"}."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def items(kind: str) -> dict:
    """{item id: item} of one kind of paper."""
    return {each["id"]: each for paper in data()["paper"] if paper["kind"] == kind for each in paper["items"]}


def misfits(kind: str, figures: dict) -> list[str]:
    """Ids that are unknown, needed and missing, or cannot be true together."""
    known = items(kind)
    wrong = set(figures) - set(known)
    wrong |= {name for name, each in known.items() if each.get("needed") and name not in figures}
    wrong |= {name for name, n in figures.items() if name in known and n > known[name].get("most", 10**13)}
    for part, whole in (("overdue", "accounts"), ("debts", "out")):
        if figures.get(part, 0) > figures.get(whole, figures.get(part, 0)):
            wrong.add(part)
    if kind == "bank-statement" and figures.get("months", 1) < 1:
        wrong.add("months")
    return sorted(wrong)


def reading(papers: dict) -> dict:
    """What the papers of one case say together. `papers`: {kind: {item: n}}, the newest of each kind.

    {"income_fen", "flow_fen", "service_ppm", "cushion_months", "overdue_accounts", "owed_fen"}: only what can be told.
    A statement of too few months gives no monthly figure.
    """
    bank, report, found = papers.get("bank-statement"), papers.get("credit-report"), {}
    if bank and bank["months"] >= data()["least_months"]:
        months = bank["months"]
        found["income_fen"] = bank["in"] // months
        found["flow_fen"] = (bank["in"] - bank["out"]) // months
        if "balance" in bank and bank["out"]:
            found["cushion_months"] = bank["balance"] * months // bank["out"]
        monthly = (report or {}).get("monthly")
        monthly = bank["debts"] // months if monthly is None and "debts" in bank else monthly
        if monthly is not None and found["income_fen"]:
            found["service_ppm"] = monthly * 1_000_000 // found["income_fen"]
    if report:
        found["overdue_accounts"], found["owed_fen"] = report["overdue"], report["owed"]
    return found


def lines(papers: dict) -> list[dict]:
    """What it means, in words: [{language: text}]."""
    told, made = reading(papers), []

    def say(word, n, unit):
        made.append({each: data()["words"][word][each].format(n=shown(n, unit)) for each in LANGUAGES})

    bank = papers.get("bank-statement")
    if bank and "income_fen" not in told:
        say("short", bank["months"], "count")
    if "income_fen" in told:
        say("income", told["income_fen"], "fen")
        say("flow" if told["flow_fen"] >= 0 else "drain", told["flow_fen"], "fen")
    for word, name, unit in (
        ("cushion", "cushion_months", "count"), ("service", "service_ppm", "ppm"), ("owed", "owed_fen", "fen"),
        ("overdue", "overdue_accounts", "count"),
    ):  # fmt: skip
        if name in told:
            say(word, told[name], unit)
    return made
