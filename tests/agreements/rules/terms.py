"""Seeded random terms and offers, good ones and bad ones, for the property tests and the twins."""

import random
from datetime import date, timedelta

from agreements.rules import dates, schedule, workdays
from agreements.rules.terms import DAY_COUNTS, DEFERRED, FREE, METHODS, STEPPED
from tests.vectors.make_rules import ODD_NAMES, OFFER, UNFIT_NAMES, changed

CALENDAR = workdays.load()
HEADS = ["cost", "interest", "principal", "penalty"]


def some_balance(rng: random.Random) -> dict:
    top = 10 ** rng.randint(1, 9)
    heads = {head: rng.choice([0, rng.randrange(100), rng.randrange(top)]) for head in schedule.HEADS}
    heads["principal_fen"] = rng.randrange(10 ** rng.randint(1, 10))
    return heads | {"as_of": "2026-11-24"}


def some_choice(rng: random.Random) -> dict:
    """Mostly sound, of every method, with steps and deferral where they fit."""
    anchor = rng.choice([rng.randint(1, 31), 28, 29, 30, 31])
    due = dates.add_months(date(2026, rng.randint(1, 12), 1), rng.randrange(40), anchor)
    start = due - timedelta(days=rng.choice([0, 1, 28, 29, 30, 31, rng.randrange(90)]))
    if rng.random() < 0.3:
        start = dates.add_months(due, -1, anchor)
    method = rng.choice(METHODS)
    n = rng.choice([1, 2, 3, 6, 12, 24, 36, 60, rng.randint(1, 60), rng.randint(1, 360)])
    n = max(n, 2) if method in STEPPED else n
    return {
        "method": method,
        "instalments": n,
        "steps": some_steps(rng, method, n),
        "deferral_months": rng.choice([0, 0, 0, 1, 3, rng.randint(1, 12)]),
        "anchor_day": anchor,
        "first_due": due.isoformat(),
        "interest_from": start.isoformat(),
        "reduction_fen": rng.choice([1, rng.randrange(1, 10**6)] if method == "settlement/1" else [0, 0, 0, 1, 10**5]),
    }


def some_steps(rng: random.Random, method: str, n: int) -> list[dict]:
    """Sound steps for the method; their amounts now and then too small for the interest, or more than is owed."""
    if method not in STEPPED:
        return []
    if method == "balloon/1":
        return [{"count": n - 1, "fen": rng.randrange(1, 10 ** rng.randint(3, 7))}]
    steps, left = [], n - 1
    while left and len(steps) < rng.randint(1, 4):
        count = rng.randint(1, left)
        steps.append({"count": count, "fen": rng.randrange(1, 10 ** rng.randint(3, 7))})
        left -= count
    return steps


def some_shift(rng: random.Random) -> object:
    if rng.random() < 0.6:
        return "none"
    start = date(2026, rng.randint(1, 12), 1)
    return workdays.shift(CALENDAR, start, start + timedelta(days=rng.randrange(1500)))


def some_rate(rng: random.Random) -> int:
    return rng.choice([0, 60_000, 72_000, 120_000, 154_000, 240_000, rng.randrange(360_001), rng.randrange(1_000_001)])


def some_terms(rng: random.Random) -> dict:
    choice, balance = some_choice(rng), some_balance(rng)
    fen = min(choice.pop("reduction_fen"), sum(balance[head] for head in schedule.HEADS))
    rate = 0 if choice["method"] in FREE else some_rate(rng)
    months = choice.pop("deferral_months")
    interest = rng.choice(DEFERRED) if rate else "none"
    return choice | {
        "currency": "CNY",
        "balance": balance,
        "annual_rate_ppm": rate,
        "day_count": rng.choice(DAY_COUNTS),
        "shift": some_shift(rng),
        "deferral": {"months": months, "interest": interest} if months else None,
        "reduction": {"fen": fen, "becomes_final": rng.choice(schedule.FINAL) if fen else None},
        "allocation": rng.sample(HEADS, 4),
        "default": {"missed": 2, "grace_days": 7, "waiver_lapses": True},
        "effect": {"lapse_days": 7, "cooling_off_days": 3},
    }


def some_offer(rng: random.Random) -> dict:
    offer = changed(
        OFFER,
        balance=some_balance(rng),
        allocation=rng.sample(HEADS, 4),
        annual_rate_ppm=some_rate(rng),
        default__missed=rng.randint(1, 4),
        default__grace_days=rng.choice([0, 1, 7]),
        default__waiver_lapses=rng.random() < 0.5,
        lapse_days=rng.choice([1, 7]),
        cooling_off_days=rng.choice([0, 1, 3]),
        largest_reduction_fen=rng.choice([0, 10**6]),
        least_fen=rng.choice([0, 100, 30_000]),
        most_months=rng.choice([12, 60, 360]),
        methods=rng.sample(METHODS, rng.randint(1, 6)),
        rates={"graduated/1": 0} if rng.random() < 0.3 else {},
        day_count=rng.choice(DAY_COUNTS),
        shift=some_shift(rng),
        settlement_months=rng.choice([1, 6, 360]),
        deferral=rng.choice([None, {"most_months": rng.randint(1, 12), "interest": rng.choice(DEFERRED)}]),
        balloon_ppm=rng.choice([0, 500_000, 1_000_000]),
        ceiling=rng.choice([None, {"ppm": 240_000}, {"ppm": 120_000}]),
        parties__debtor__name=rng.choice(["傅琳", *ODD_NAMES, some_name(rng)]),
        parties__debtor__mobile_masked=rng.choice(["", "190****0006"]),
        parties__debt__original_fen=rng.randrange(10**10),
        parties__debt__formed_on=rng.choice(["2018-01", "2024-02-29", "2026-13" if rng.random() < 0.02 else "2020-12"]),
    )
    if rng.random() < 0.2:
        offer["parties"]["agency"] = None
    if rng.random() < 0.2:
        offer["parties"]["debt"]["limitation"] = rng.choice(["running", "expired", "possibly-expired"])
    if rng.random() < 0.03:
        offer["parties"]["debtor"]["name"] = rng.choice(UNFIT_NAMES)
    return offer


def some_name(rng: random.Random) -> str:
    planes = [(0x20, 0x7E), (0xA1, 0x17F), (0x600, 0x6FF), (0x2000, 0x206F), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF)]
    return "".join(chr(rng.randint(*rng.choice(planes))) for _ in range(rng.randint(1, 8)))


def spoiled(rng: random.Random, choice: dict) -> dict:
    """One value made wrong, to see that both twins refuse it with the same words."""
    wrong = {
        "method": ["balloon/9", ""],
        "instalments": [0, 361, -1],
        "anchor_day": [0, 32, 1],
        "first_due": ["2026-02-30", "2026-1-1", "2199-12-31", ""],
        "interest_from": ["2036-01-01", "x"],
        "reduction_fen": [10**13, -5],
        "steps": [[{"count": 0, "fen": 5}], [{"count": 1, "fen": 1}], [{}]],
        "deferral": [{"months": 0, "interest": "none"}, {"months": 400, "interest": "none"}, {"months": 2}],
        "day_count": ["actual/364"],
        "shift": ["next", {"to": "next-working-day"}],
    }
    key = rng.choice(list(wrong))
    return choice | {key: rng.choice(wrong[key])}
