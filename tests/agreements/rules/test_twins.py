"""Python and the phone reckon alike: seeded random terms through both, and not one answer may differ.

COUNT=100000 SEED=7 .venv/bin/python -m pytest tests/agreements/rules/test_twins.py -s
"""

import json
import os
import random
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
import rfc8785

from agreements.rules import affordability, dates, document, money, offer, schedule
from agreements.rules.refusal import Refused
from tests.vectors.make_rules import SETS, changed

from . import households
from .terms import some_choice, some_offer, some_terms, spoiled

ROOT = Path(__file__).parents[3]
COUNT = int(os.environ.get("COUNT", "2000"))
SEED = int(os.environ.get("SEED", "20261124"))
BATCH = 2000


def plan(rng: random.Random) -> dict:
    terms = some_terms(rng)
    return {"terms": spoiled(rng, terms) if rng.random() < 0.1 else terms}


def build(rng: random.Random) -> dict:
    choice = some_choice(rng)
    return {
        "offer": some_offer(rng),
        "choice": spoiled(rng, choice) if rng.random() < 0.05 else choice,
        "language": rng.choice(["zh-hans", "zh-hans", "en", "fr" if rng.random() < 0.02 else "en"]),
        "agreement_id": f"{rng.getrandbits(128):032x}",
    }


def within(rng: random.Random) -> dict:
    an_offer, choice = some_offer(rng), some_choice(rng)
    terms = document.terms(an_offer, choice)
    wrong = {
        "balance__cost_fen": 1, "default__missed": 1, "effect__lapse_days": 2, "annual_rate_ppm": 1, "steps": [1],
        "deferral": {"months": 1, "interest": "added"},
        "allocation": ["penalty", "cost", "interest", "principal"], "shift": "next",
        "reduction__becomes_final": "in-effect",
    }  # fmt: skip
    for path in rng.sample(list(wrong), rng.choice([0, 0, 1, 2])):
        terms = changed(terms, **{path: wrong[path]})
    try:
        rows = schedule.plan(terms)
    except Refused:
        rows = []
    today = date.fromisoformat(choice["first_due"]) - timedelta(days=rng.randrange(-2, 60))
    window = {
        "valid_from": today + timedelta(days=rng.randint(-9, 1)),
        "valid_until": today + timedelta(days=rng.randint(-1, 9)),
    }
    an_offer |= {name: day.isoformat() for name, day in window.items()}
    return {"offer": an_offer, "terms": terms, "rows": rows, "today": today.isoformat()}


def figures(rng: random.Random) -> dict:
    fen, den = rng.randrange(10 ** rng.randint(1, 14)), rng.randint(1, 10**9)
    return {"fen": fen, "ppm": rng.randrange(10 ** rng.randint(1, 7)), "num": rng.randrange(10**12), "den": den}


def days(rng: random.Random) -> dict:
    day, other = (date(1990, 1, 1) + timedelta(days=rng.randrange(60_000)) for _ in range(2))
    return {
        "day": day.isoformat(),
        "other": other.isoformat(),
        "anchor": rng.randint(1, 31),
        "n": rng.randint(-24, 360),
    }


def python_build(given: dict) -> dict:
    agreement = document.build(
        given["offer"],
        given["choice"],
        *SETS.values(),
        given["language"],
        given["agreement_id"],
        offer_sig="c2ln",
        canonical=rfc8785.dumps,
    )
    return {"terms_sha256": document.terms_hash(agreement, canonical=rfc8785.dumps)}


def python_within(given: dict) -> list:
    return offer.within(given["offer"], given["terms"], given["rows"], date.fromisoformat(given["today"]))


def python_figures(given: dict) -> list:
    fen = given["fen"]
    return [
        money.yuan(fen), money.capital(fen), money.percent(given["ppm"]), money.half_up(given["num"], given["den"]),
    ]  # fmt: skip


def python_days(given: dict) -> list:
    day, other = dates.parse(given["day"]), dates.parse(given["other"])
    return [
        dates.add_months(day, given["n"], given["anchor"]).isoformat(),
        dates.days(day, other),
        dates.zh(day),
        dates.en(day),
        schedule.first_due(day, given["anchor"]).isoformat(),
    ]


VERBS = {
    "plan": (plan, lambda given: schedule.plan(given["terms"])),
    "build": (build, python_build),
    "within": (within, python_within),
    "money": (figures, python_figures),
    "dates": (days, python_days),
    "afford": (households.some_case, households.answered),
}


def answer(verb: str, given: dict) -> dict:
    try:
        return {"out": VERBS[verb][1](given)}
    except Refused as refusal:
        return {"refused": refusal.code, "params": refusal.params}


def phone(verb: str, cases: list[dict]) -> list[dict]:
    lines = [[*SETS.values(), affordability.data()], *({"verb": verb, "in": given} for given in cases)]
    ran = subprocess.run(
        ["node", "tests/js/twins.mjs"],
        input="\n".join(map(json.dumps, lines)), capture_output=True, text=True, check=True, cwd=ROOT, encoding="utf-8",
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.split("\n") if line]


@pytest.mark.parametrize("verb", VERBS)
def test_the_phone_and_the_server_never_differ(verb):
    rng = random.Random(f"{SEED}-{verb}")
    done = refused = 0
    while done < COUNT:
        cases = [VERBS[verb][0](rng) for _ in range(min(BATCH, COUNT - done))]
        for given, theirs in zip(cases, phone(verb, cases), strict=True):
            ours = answer(verb, given)
            assert ours == theirs, f"seed {SEED}: {json.dumps(given, ensure_ascii=False)}"
            refused += "refused" in ours
        done += len(cases)
    print(f"\n{verb}: seed {SEED}, {done} compared, {refused} refused by both, 0 differ")
    assert refused < done / 2, "most cases must be real plans"
