"""Was a promise to pay kept? Worked out from what was paid since it was made, never written down. Pure."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

OPEN, KEPT, BROKEN = "open", "kept", "broken"


@dataclass(frozen=True)
class Kept:
    """`paid_fen`: what came from the day it was made to its last day of grace. `since`: of kept the day on which the
    sum was whole, of broken the day after grace. `whole_on`: when it was whole, also where that was too late."""

    state: str
    paid_fen: int
    since: date | None
    whole_on: date | None


@cache
def data() -> dict:
    """promises.toml: {"id", "policy": [{"version", "valid_from", "grace_days"}]}."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def policy(on: date) -> dict:
    """The policy in force on the day of the promise; before the first, the first."""
    dated = [one for one in data()["policy"] if one["valid_from"] <= on.isoformat()] or data()["policy"][:1]
    return max(dated, key=lambda one: one["valid_from"])


def kept(
    fen: int, *, made: date, due: date, payments: Iterable[tuple[date, int]], grace_days: int, on: date
) -> Kept:
    """`payments`: (day, fen) of the case without what was taken back. `made`, `due`: from which day to which it was
    promised; what comes within the days of grace counts. `on`: today where the creditor is.

    Each promise is looked at alone: one payment may keep two that were made one after the other.
    """
    last = due + timedelta(days=grace_days)
    paid = sorted((day, sum) for day, sum in payments if made <= day <= on)
    in_time, whole, have = 0, None, 0
    for day, sum in paid:
        have += sum
        in_time = have if day <= last else in_time
        whole = whole or (day if have >= fen else None)
    if whole and whole <= last:
        return Kept(KEPT, in_time, whole, whole)
    if on > last:
        return Kept(BROKEN, in_time, last + timedelta(days=1), whole)
    return Kept(OPEN, in_time, None, None)
