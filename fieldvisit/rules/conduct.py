"""Measure one visit by a rule pack: what was kept, what was not. Pure; a person decides what follows from it.

The pack is packs/<id>.toml: {"id", "version", "zone", "rules": {rule id: {"effect", "basis", "title", "citation", …}}}.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Place:
    """Where the phone said it was. `metres` from the address on file, None where the file has no coordinates."""

    what: str
    metres: int | None
    accuracy: int | None


@dataclass(frozen=True)
class Facts:
    """What the office knows of one visit. Times are aware and corrected; clock_offset is corrected less phone time."""

    started: datetime | None
    ended: datetime | None
    outcome: str
    collectors: int
    entry: str | None  # given, outside, refused, nobody; None when consent was never recorded
    identity_shown: bool
    recording_announced: bool
    present: list[str]
    places: list[Place]
    refused: str  # why there is no position
    photos_missing: int
    photos_unreadable: int
    clock_offset: timedelta
    clock_known: bool
    late: bool
    chain: bool
    notes: int
    held: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """`verdict`: block or warn (the rule's effect) or ok. `kind` tells apart the ways of missing one rule."""

    rule: str
    verdict: str
    kind: str = ""
    params: dict = field(default_factory=dict)


@cache
def pack(name: str = "cn") -> dict:
    return tomllib.loads((Path(__file__).parent / "packs" / f"{name}.toml").read_text(encoding="utf-8"))


def judge(facts: Facts, rules: dict) -> list[Finding]:
    """One finding for every rule that can be measured on this visit, in the order of the pack."""
    met = facts.entry in ("given", "outside")
    zone, checks = ZoneInfo(rules["zone"]), rules["rules"]
    missed = {
        "CN-TIME-01": _hours(facts, zone, checks["CN-TIME-01"]),
        "CN-VIS-01": facts.collectors < checks["CN-VIS-01"]["collectors"] and ("", {"n": facts.collectors}),
        "CN-VIS-02": met and not facts.identity_shown and ("", {}),
        "CN-VIS-03": met and not facts.recording_announced and ("", {}),
        "CN-VIS-04": facts.entry is None and facts.outcome in ("agreement", "no_agreement") and ("", {}),
        "CN-VIS-08": facts.present == ["minor"] and ("", {}),
        "FV-PLACE-01": _distance(facts, checks["FV-PLACE-01"]),
        "FV-PLACE-02": not facts.places and (facts.refused or "none", {}),
        "FV-PHOTO-01": facts.photos_missing and ("", {"n": facts.photos_missing}),
        "FV-PHOTO-02": facts.photos_unreadable and ("", {"n": facts.photos_unreadable}),
        "FV-CLOCK-01": _clock(facts, checks["FV-CLOCK-01"]),
        "FV-LATE-01": facts.late and ("", {}),
        "FV-CHAIN-01": not facts.chain and ("", {}),
        "FV-NOTE-01": facts.outcome in ("agreement", "no_agreement") and not facts.notes and ("", {}),
        "FV-HELD-01": facts.held and ("", {"n": len(facts.held), "codes": facts.held}),
    }
    findings = []
    for rule, miss in missed.items():
        if miss:
            findings.append(Finding(rule, checks[rule]["effect"], *miss))
        elif miss is not None:
            findings.append(Finding(rule, "ok"))
    return findings


def _hours(facts, zone, rule):
    """Half-open [from, until) in the debtor's zone; a visit that runs over the edge is outside."""
    if facts.started is None:
        return None
    start, end = facts.started.astimezone(zone), (facts.ended or facts.started).astimezone(zone)
    outside = [at for at in (start, end) if not rule["from"] <= at.time() < rule["until"]]
    if outside or start.date() != end.date():
        return "", {"at": outside[0] if outside else end}
    return False


def _distance(facts, rule):
    """The farthest place counts. Nothing to measure by: no finding."""
    known = [place for place in facts.places if place.metres is not None]
    if not known:
        return None
    far = max(known, key=lambda place: place.metres)
    return far.metres > rule["metres"] and (far.what, {"metres": far.metres, "accuracy": far.accuracy})


def _clock(facts, rule):
    if not facts.clock_known:
        return "unknown", {}
    minutes = round(facts.clock_offset / timedelta(minutes=1))
    if abs(facts.clock_offset) <= timedelta(minutes=rule["minutes"]):
        return False
    return "slow" if minutes > 0 else "fast", {"minutes": abs(minutes)}
