"""At the door: what stops a visit and the case, deadlines of a pause, age. Figures and citations: door/cn.toml."""

import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path


@cache
def policy() -> dict:
    """{"stops": {reason: {"hold"?, "basis", "citation"}}, "deadlines": {reason of a pause: {"days"}}, "age"}"""
    return tomllib.loads((Path(__file__).parent / "door" / "cn.toml").read_text(encoding="utf-8"))


def hold_of(stop: str) -> str:
    """The reason of the pause that a stop brings; "" where only the visit ends."""
    return policy()["stops"][stop].get("hold", "")


def holding() -> list[str]:
    """The reasons to stop that pause the case at once."""
    return [reason for reason, said in policy()["stops"].items() if "hold" in said]


def deadlines(hold: str, since: date) -> list[date]:
    """The last days for an answer: the usual one, a complex and a very complex matter's; empty where none is set."""
    said = policy()["deadlines"].get(hold)
    return [since + timedelta(days=days) for days in said["days"]] if said else []


def advises(age: int | None) -> bool:
    """Is he of an age at which to take more time? Never a reason to stop or to refuse."""
    return age is not None and age >= policy()["age"]["advise_from"]


def plan(facts: set[str]) -> dict:
    """How safe is it: {"level": usual | raised | high, "why": [facts that raise it], "minutes" between two words}.

    `facts`: danger (a visit of the case was stopped for it), alone, evening.
    """
    said = policy()["safety"]
    why = [fact for fact in said["raises"] if fact in facts]
    level = max((said["raises"][fact] for fact in why), key=list(said["minutes"]).index, default="usual")
    return {"level": level, "why": why, "minutes": said["minutes"][level]}


ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


def spelled(digest: bytes) -> str:
    """Eight characters of 40 bits, to be read aloud."""
    bits = int.from_bytes(digest[:5])
    return "".join(ALPHABET[bits >> shift & 31] for shift in range(35, -1, -5))


def plain(typed: str) -> str:
    """What he meant, however he typed it."""
    kept = "".join(c for c in typed.upper() if c.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))
