"""Writes conduct.json: situations of our own making, with what both engines must say of them.

    python -m tests.vectors.make_conduct

The answers are written here by hand from the law, not computed: `expected` is every verdict that is not "ok". What the
engine says besides (params) is added by it; read the difference before you commit it.
"""

import json
from pathlib import Path

from fieldvisit.rules import conduct

MONDAY = "2026-11-23"


def call(local, **more):
    return {"act": "call", "local": local, "channel": "call", "product": "credit-card", "facts": {}} | more


def visit(local, **more):
    facts = {"collectors": 2} | more.pop("facts", {})
    return {"act": "visit", "local": local, "channel": "visit", "product": "credit-card", "facts": facts} | more


def talk(local, result="effective", channel="call", **more):
    return {"local": local, "channel": channel, "result": result} | more


A, B = {"number": "190****0006"}, {"number": "190****0007"}
DEBT, HOME = {"debt": "d1"}, {"address": "a1"}
AGREED = {"for": "hours", "channel": "visit", "from": "22:00", "until": "23:00", "since": "2026-11-01T10:00:00"}
STORIES = [
    # (name, pack, situation, {(rule, effect, kind)})
    ("one second before eight is outside", "cn", visit("2026-11-24T07:59:59"), {("CN-TIME-01", "block", "")}),
    ("eight is inside", "cn", visit("2026-11-24T08:00:00"), set()),
    ("at a quarter to ten the end is near", "cn", visit("2026-11-24T21:45:00"), {("CN-TIME-01", "warn", "ending")}),
    ("just before that it is not", "cn", visit("2026-11-24T21:44:59"), set()),
    ("the last second is inside", "cn", visit("2026-11-24T21:59:59"), {("CN-TIME-01", "warn", "ending")}),
    ("ten is outside", "cn", visit("2026-11-24T22:00:00"), {("CN-TIME-01", "block", "")}),
    ("midnight is outside", "cn", visit("2026-11-24T00:00:00"), {("CN-TIME-01", "block", "")}),
    (
        "a visit that runs past ten",
        "cn",
        visit("2026-11-24T21:30:00", until="2026-11-24T22:00:01"),
        {("CN-TIME-01", "block", "")},
    ),
    (
        "a visit over night",
        "cn",
        visit("2026-11-23T20:00:00", until="2026-11-24T09:00:00"),
        {("CN-TIME-01", "block", "")},
    ),
    ("he agreed to half past ten", "cn", visit("2026-11-24T22:30:00", consents=[AGREED]), set()),
    (
        "his consent ends at eleven",
        "cn",
        visit("2026-11-24T23:00:00", consents=[AGREED]),
        {("CN-TIME-01", "block", "")},
    ),
    (
        "his consent was for visits, not calls",
        "cn",
        call("2026-11-24T22:30:00", consents=[AGREED]),
        {("CN-TIME-01", "block", "")},
    ),
    (
        "he took it back at noon",
        "cn",
        visit("2026-11-24T22:30:00", consents=[AGREED | {"to": "2026-11-24T12:00:00"}]),
        {("CN-TIME-01", "block", "")},
    ),
    (
        "he takes it back tomorrow",
        "cn",
        visit("2026-11-24T22:30:00", consents=[AGREED | {"to": "2026-11-25T12:00:00"}]),
        set(),
    ),
    ("before the standard was in force", "cn", visit("2025-02-27T23:00:00"), set()),
    ("on the day it came into force", "cn", visit("2025-02-28T23:00:00"), {("CN-TIME-01", "block", "")}),
    ("one collector", "cn", visit("2026-11-24T10:00:00", facts={"collectors": 1}), {("CN-VIS-01", "block", "")}),
    (
        "children only",
        "cn",
        visit("2026-11-24T10:00:00", facts={"place": ["minors"]}),
        {("CN-VIS-08", "block", "minors")},
    ),
    (
        "a funeral in a hospital: the first word stands",
        "cn",
        visit("2026-11-24T10:00:00", facts={"place": ["funeral", "hospital"]}),
        {("CN-VIS-08", "block", "hospital")},
    ),
    (
        "three talks by two agencies",
        "cn",
        call(
            "2026-11-24T16:00:00",
            contacts=[
                talk("2026-11-24T09:00:00", agency="x"),
                talk("2026-11-24T11:00:00", agency="y"),
                talk("2026-11-24T13:00:00", agency="x"),
            ],
        ),
        {("CN-CALL-01", "block", "")},
    ),
    (
        "two talks today, one yesterday",
        "cn",
        call(
            "2026-11-24T16:00:00",
            contacts=[talk("2026-11-23T21:59:00"), talk("2026-11-24T11:00:00"), talk("2026-11-24T13:00:00")],
        ),
        set(),
    ),
    (
        "the next day is free again",
        "cn",
        call(
            "2026-11-25T08:00:00",
            contacts=[talk("2026-11-24T09:00:00"), talk("2026-11-24T11:00:00"), talk("2026-11-24T13:00:00")],
        ),
        set(),
    ),
    (
        "four not answered",
        "cn",
        call(
            "2026-11-24T16:00:00",
            same=A,
            contacts=[talk(f"2026-11-24T1{n}:00:00", "unanswered", **A) for n in range(4)],
        ),
        set(),
    ),
    (
        "five not answered",
        "cn",
        call(
            "2026-11-24T16:00:00",
            same=A,
            contacts=[talk(f"2026-11-24T1{n}:00:00", "unanswered", **A) for n in range(5)],
        ),
        {("CN-CALL-02", "warn", "near")},
    ),
    (
        "six not answered",
        "cn",
        call(
            "2026-11-24T16:00:00",
            same=A,
            contacts=[talk(f"2026-11-24T1{n}:00:00", "unanswered", **A) for n in range(6)],
        ),
        {("CN-CALL-02", "block", "")},
    ),
    (
        "six at another number",
        "cn",
        call(
            "2026-11-24T16:00:00",
            same=A,
            contacts=[talk(f"2026-11-24T1{n}:00:00", "unanswered", **B) for n in range(6)],
        ),
        set(),
    ),
    (
        "what comes later does not count",
        "cn",
        call(
            "2026-11-24T09:30:00",
            contacts=[talk("2026-11-24T10:00:00"), talk("2026-11-24T11:00:00"), talk("2026-11-24T12:00:00")],
        ),
        set(),
    ),
    (
        "visited six days ago",
        "cn",
        visit("2026-11-24T10:00:00", same=HOME, contacts=[talk("2026-11-18T10:00:00", "met", "visit", **HOME)]),
        {("CN-VIS-06", "warn", "")},
    ),
    (
        "visited seven days ago",
        "cn",
        visit("2026-11-24T10:00:00", same=HOME, contacts=[talk("2026-11-17T23:00:00", "met", "visit", **HOME)]),
        set(),
    ),
    ("a working Saturday is no day off", "cn", visit("2026-10-10T10:00:00", days_off={"2026-10-01": True}), set()),
    (
        "the first of October",
        "cn",
        visit("2026-10-01T10:00:00", days_off={"2026-10-01": True}),
        {("CN-VIS-08-HOLIDAY", "warn", "")},
    ),
    (
        "a festival of a year that is not announced",
        "cn",
        visit("2027-10-01T10:00:00", days_off={"2027-10-01": False}),
        {("CN-VIS-08-HOLIDAY", "warn", "provisional")},
    ),
    (
        "he disputes, and he pays by plan",
        "cn",
        visit("2026-11-24T10:00:00", facts={"dispute_open": True, "plan_performing": True}),
        {("CN-DISP-01", "block", ""), ("CN-PLAN-02", "block", "")},
    ),
    (
        "a mandate that has ended",
        "cn",
        visit("2026-11-24T10:00:00", facts={"mandate": False}),
        {("CN-AGCY-01", "block", "")},
    ),
    (
        "a card plan of 60 months",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "product": "credit-card", "facts": {"months": 60}},
        set(),
    ),
    (
        "a card plan of 61 months",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "product": "credit-card", "facts": {"months": 61}},
        {("CN-PLAN-01", "block", "")},
    ),
    (
        "61 months that are no card's",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "product": "car-loan", "facts": {"months": 61}},
        set(),
    ),
    (
        "40 per cent of the income",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "facts": {"debt_service_ppm": 400000}},
        set(),
    ),
    (
        "a little more",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "facts": {"debt_service_ppm": 400001}},
        {("CN-AFF-01", "warn", "near")},
    ),
    (
        "more than 55 per cent",
        "cn",
        {"act": "terms", "local": "2026-11-24T10:00:00", "facts": {"debt_service_ppm": 550001}},
        {("CN-AFF-01", "require", "")},
    ),
    (
        "a guarantor on the last day",
        "cn",
        {"act": "guarantor", "local": "2027-02-28T10:00:00", "facts": {"guarantee_until": "2027-02-28"}},
        set(),
    ),
    (
        "a guarantor the day after",
        "cn",
        {"act": "guarantor", "local": "2027-03-01T00:00:00", "facts": {"guarantee_until": "2027-02-28"}},
        {("CN-GUAR-02", "block", "")},
    ),
    (
        "limitation in 181 days",
        "cn",
        {"act": "brief", "local": "2026-11-24T10:00:00", "facts": {"limitation_on": "2027-05-24"}},
        set(),
    ),
    (
        "limitation in 180 days",
        "cn",
        {"act": "brief", "local": "2026-11-24T10:00:00", "facts": {"limitation_on": "2027-05-23"}},
        {("CN-LIM-01", "warn", "")},
    ),
    (
        "limitation in 30 days",
        "cn",
        {"act": "brief", "local": "2026-11-24T10:00:00", "facts": {"limitation_on": "2026-12-24"}},
        {("CN-LIM-01", "warn", "")},
    ),
    (
        "limitation yesterday",
        "cn",
        {"act": "brief", "local": "2026-11-24T10:00:00", "facts": {"limitation_on": "2026-11-23"}},
        {("CN-LIM-01", "warn", "past")},
    ),
    (
        "a signature without the cost sheet",
        "cn",
        {"act": "sign", "local": "2026-11-24T10:00:00", "channel": "visit", "facts": {"cost_sheet": False}},
        {("CN-DISC-01", "require", "")},
    ),
    (
        "before the rule on the cost sheet",
        "cn",
        {"act": "sign", "local": "2026-07-31T10:00:00", "channel": "visit", "facts": {"cost_sheet": False}},
        set(),
    ),
    ("in America nine in the evening is outside", "us", visit("2026-11-24T21:00:00"), {("US-TIME-01", "block", "")}),
    ("one second earlier is inside", "us", visit("2026-11-24T20:59:59"), set()),
    (
        "seven calls in seven days",
        "us",
        call(
            "2026-11-24T10:00:00",
            same=DEBT,
            contacts=[talk(f"2026-11-{18 + n}T09:00:00", "unanswered", **DEBT) for n in range(7)],
        ),
        {("US-CALL-01", "block", "")},
    ),
    (
        "six, and one that is eight days old",
        "us",
        call(
            "2026-11-25T10:00:00",
            same=DEBT,
            contacts=[talk(f"2026-11-{18 + n}T09:00:00", "unanswered", **DEBT) for n in range(7)],
        ),
        set(),
    ),
    (
        "six days after a conversation",
        "us",
        call("2026-11-24T10:00:00", same=DEBT, contacts=[talk("2026-11-18T09:00:00", **DEBT)]),
        {("US-CALL-02", "block", "")},
    ),
    (
        "a week after a conversation",
        "us",
        call("2026-11-25T10:00:00", same=DEBT, contacts=[talk("2026-11-18T09:00:00", **DEBT)]),
        set(),
    ),
    (
        "Massachusetts on the 29th day",
        "us",
        visit(
            "2026-11-30T10:00:00",
            region="US-MA",
            same=DEBT,
            contacts=[talk("2026-11-01T10:00:00", "met", "visit", **DEBT)],
        ),
        {("US-MA-VIS", "block", "")},
    ),
    (
        "Massachusetts on the 30th day",
        "us",
        visit(
            "2026-12-01T10:00:00",
            region="US-MA",
            same=DEBT,
            contacts=[talk("2026-11-01T10:00:00", "met", "visit", **DEBT)],
        ),
        set(),
    ),
    (
        "Massachusetts, nobody had opened",
        "us",
        visit(
            "2026-11-10T10:00:00",
            region="US-MA",
            same=DEBT,
            contacts=[talk("2026-11-01T10:00:00", "not-met", "visit", **DEBT)],
        ),
        set(),
    ),
    (
        "Massachusetts, with his written consent",
        "us",
        visit(
            "2026-11-10T10:00:00",
            region="US-MA",
            same=DEBT,
            contacts=[talk("2026-11-01T10:00:00", "met", "visit", **DEBT)],
            consents=[{"for": "frequency", "channel": "visit", "since": "2026-11-02T09:00:00"}],
        ),
        set(),
    ),
    (
        "elsewhere in America",
        "us",
        visit(
            "2026-11-10T10:00:00",
            region="US-NY",
            same=DEBT,
            contacts=[talk("2026-11-01T10:00:00", "met", "visit", **DEBT)],
        ),
        set(),
    ),
    (
        "an attorney is known",
        "us",
        call("2026-11-24T10:00:00", facts={"stopped_by": ["attorney"]}),
        {("US-STOP-01", "block", "attorney")},
    ),
    (
        "the last day of breathing space",
        "gb",
        visit("2026-11-24T10:00:00", facts={"breathing_space": {"from": "2026-09-26", "to": "2026-11-24"}}),
        {("GB-BS-01", "block", "")},
    ),
    (
        "the day after it",
        "gb",
        visit("2026-11-25T10:00:00", facts={"breathing_space": {"from": "2026-09-26", "to": "2026-11-24"}}),
        set(),
    ),
    (
        "asked to leave",
        "gb",
        visit("2026-11-24T10:00:00", facts={"place": ["asked-to-leave"], "visit_notice": True}),
        {("GB-VIS-02", "block", "asked-to-leave")},
    ),
    (
        "no notice of the visit",
        "gb",
        visit("2026-11-24T10:00:00", facts={"visit_notice": False}),
        {("GB-VIS-01", "require", "")},
    ),
    ("seven in the evening in India", "in", visit("2026-11-24T19:00:00"), {("IN-TIME-01", "block", "")}),
    (
        "half past six for a small loan",
        "in",
        visit("2026-11-24T18:30:00", lender="microfinance"),
        {("IN-MFI-01", "block", "")},
    ),
    (
        "at home after one missed meeting",
        "in",
        visit("2026-11-24T10:00:00", lender="microfinance", facts={"no_shows_before_home": 1}),
        {("IN-MFI-01-HOME", "block", "")},
    ),
    (
        "enforcement without a word on forbearance",
        "eu",
        {"act": "enforce", "local": "2026-11-20T10:00:00", "facts": {"forbearance_considered": False}},
        {("EU-FORB-01", "require", "")},
    ),
    (
        "the day before it applies",
        "eu",
        {"act": "enforce", "local": "2026-11-19T10:00:00", "facts": {"forbearance_considered": False}},
        set(),
    ),
]


def main():
    vectors = []
    for name, pack, situation, expected in STORIES:
        verdicts = conduct.weigh(situation, conduct.pack(pack))
        said = {(v.rule, v.effect, v.kind) for v in verdicts if v.effect != "ok"}
        assert said == expected, (name, said, expected)
        out = [{"rule": v.rule, "effect": v.effect, "kind": v.kind, "params": v.params} for v in verdicts]
        vectors.append({"name": name, "in": {"pack": pack, "situation": situation}, "out": out})
    packs = {name: conduct.pack(name) for name in ("cn", "us", "gb", "in", "eu")}
    here = Path(__file__).parent
    (here / "conduct.json").write_text(
        json.dumps({"packs": packs, "vectors": vectors}, ensure_ascii=False, indent=1) + "\n"
    )
    print(len(vectors), "situations")


if __name__ == "__main__":
    main()
