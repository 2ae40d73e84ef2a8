"""Seeded random households, from none to very rich, for the property tests and the twins."""

import random
from datetime import date

from agreements.rules import affordability

POLICY = affordability.policy(date(2026, 11, 24))


def said(*, declined=False, **figures: int) -> dict:
    """A statement in which everything was said and nothing shown: said(wage=800000, food=420000)."""
    listed = [{"item": item, "fen": fen, "source": "said", "photo": None} for item, fen in figures.items()]
    return {"declined": declined, "figures": listed, "dependants": {"children": 0, "elders": 0, "others": 0}}


def some_policy(rng: random.Random) -> dict:
    changed = {
        "reserve_ppm": rng.choice([0, 1, 333_333, 1_000_000]),
        "debt_share_limit_ppm": rng.choice([0, 400_001, 1_000_000]),
        "debt_share_comfortable_ppm": rng.choice([0, 300_000]),
        "share_green_ppm": rng.choice([0, 500_001]),
        "share_amber_ppm": rng.choice([600_000, 1_000_000]),
        "liquid_months": rng.choice([0, 1, 6]),
        "most_months": rng.choice([1, 24]),
    }
    return POLICY | {key: changed[key] for key in rng.sample(list(changed), rng.choice([0, 0, 0, 2, 4]))}


def some_household(rng: random.Random) -> dict:
    top = 10 ** rng.randint(1, 11)
    items = rng.sample(list(affordability.GROUP), rng.randint(0, len(affordability.GROUP)))
    sums = {item: rng.choice([0, rng.randrange(top), rng.randrange(10**6), rng.randrange(100)]) for item in items}
    if "wage" in sums and rng.random() < 0.7:  # most earn about what they spend
        spent = sum(fen for item, fen in sums.items() if affordability.GROUP[item] in ("living", "priority", "debt"))
        sums["wage"] = min(max(spent + rng.choice([0, -1, 1, rng.randint(-(10**5), 10**6)]), 0), affordability.MOST_FEN)
    return said(declined=rng.random() < 0.03, **sums)


def some_case(rng: random.Random) -> dict:
    """What the verb "afford" of tests/js/twins.mjs takes."""
    statement, policy = some_household(rng), some_policy(rng)
    edge = affordability.largest_instalment(statement, policy)
    if rng.random() < 0.03:
        spoiled = [{"item": "wishes", "fen": 1}, {"item": "wage", "fen": -1}, {"item": "food", "fen": 10**11 + 1}]
        statement["figures"] = [*statement["figures"], rng.choice(spoiled) | {"source": "said", "photo": None}]
    instalment = rng.choice([edge, edge + 1, max(edge - 1, 0), rng.randrange(10**6), rng.randrange(10**12)])
    return {"statement": statement, "policy": policy, "instalment_fen": instalment,
            "language": rng.choice(["zh-hans", "en"]), "owed_fen": rng.randrange(10**11)}  # fmt: skip


def answered(given: dict) -> dict:
    """All that the rules say of one case."""
    policy, instalment, language, words = (
        given["policy"], given["instalment_fen"], given["language"], affordability.data(),
    )  # fmt: skip
    assessed = affordability.assess(given["statement"], policy)
    gated = affordability.gate(assessed, policy, instalment)
    return {
        "assessed": assessed,
        "gate": gated,
        "meanings": affordability.meanings(assessed, policy, language, words),
        "plan": affordability.plan_meanings(assessed, gated, policy, instalment, language, words),
        "months": affordability.months_needed(given["owed_fen"], instalment),
        "annex": affordability.annex(
            "s",
            assessed,
            policy,
            [{"amount_fen": 1}, {"amount_fen": instalment}],
            [],
            0,
            beyond=["offer.too_many"] if instalment % 2 else [],
        ),
        "floor_fen": affordability.floor_fen(given["owed_fen"], policy),
    }
