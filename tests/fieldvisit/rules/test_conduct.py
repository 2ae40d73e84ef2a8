"""The rules of conduct: the engine by the shared vectors, the packs by what a lawyer must find in every row."""

import json
import re
from pathlib import Path

import pytest

from fieldvisit.rules import conduct

SHARED = json.loads((Path(__file__).parents[2] / "vectors/conduct.json").read_text(encoding="utf-8"))
PACKS = ("cn", "us", "gb", "in", "eu")
EVERY = [(name, rule, its) for name in PACKS for rule, its in conduct.pack(name)["rules"].items()]
# the rows of the table of rules that the packs were written from
ROWS = [
    "CN-TIME-01",
    "CN-CALL-01",
    "CN-CALL-02",
    "CN-CALL-03",
    "CN-3P-01",
    "CN-3P-02",
    "CN-3P-03",
    "CN-3P-04",
    "CN-VIS-01",
    "CN-VIS-02",
    "CN-VIS-03",
    "CN-VIS-04",
    "CN-VIS-05",
    "CN-VIS-06",
    "CN-VIS-07",
    "CN-VIS-08",
    "CN-COND-01",
    "CN-COND-02",
    "CN-COND-03",
    "CN-COND-04",
    "CN-AGCY-01",
    "CN-AGCY-02",
    "CN-DISP-01",
    "CN-COMP-01",
    "CN-REC-01",
    "CN-REC-02",
    "CN-PLAN-01",
    "CN-PLAN-02",
    "CN-RATE-01",
    "CN-RATE-02",
    "CN-RATE-03",
    "CN-RATE-04",
    "CN-DISC-01",
    "CN-LIM-01",
    "CN-LIM-02",
    "CN-GUAR-01",
    "CN-GUAR-02",
    "CN-SIGN-01",
    "CN-SIGN-02",
    "CN-SIGN-03",
    "CN-SIGN-04",
    "CN-PII-01",
    "CN-PII-02",
    "CN-PII-03",
    "CN-PII-04",
    "CN-PII-05",
    "CN-AFF-01",
    "US-TIME-01",
    "US-CALL-01",
    "US-CALL-02",
    "US-VAL-01",
    "US-STOP-01",
    "US-LIM-01",
    "US-REC-01",
    "US-ESIG-01",
    "US-MA-VIS",
    "GB-VIS-01",
    "GB-VIS-02",
    "GB-BS-01",
    "GB-FORB-01",
    "IN-TIME-01",
    "IN-MFI-01",
    "IN-OCC-01",
    "IN-GRV-01",
    "EU-FORB-01",
]
GOOD = {
    "collectors": 2, "identity_shown": True, "recording_announced": True, "entry_asked": True, "place": [],
    "noted": True,
    "metres": {"n": 38, "kind": "start"}, "no_position": "", "photos_missing": 0, "photos_unreadable": 0,
    "clock_minutes": {"n": 1, "kind": "slow"}, "after_reassignment": False, "chain": True, "held": [],
}  # fmt: skip


@pytest.mark.parametrize("story", SHARED["vectors"], ids=lambda story: story["name"])
def test_a_situation_is_weighed_as_the_vectors_say(story):
    pack, situation = story["in"]["pack"], story["in"]["situation"]
    verdicts = conduct.weigh(situation, conduct.pack(pack))
    assert [vars(verdict) for verdict in verdicts] == story["out"]


def test_the_vectors_were_made_from_these_packs():
    assert SHARED["packs"] == {name: conduct.pack(name) for name in PACKS}


def test_every_row_of_the_table_is_in_a_pack():
    assert set(ROWS) <= {rule for _pack, rule, _its in EVERY}


@pytest.mark.parametrize(("pack", "rule", "its"), EVERY, ids=[rule for _pack, rule, _its in EVERY])
def test_every_rule_can_be_read_by_a_lawyer_and_by_the_person_it_stops(pack, rule, its):
    assert its["test"] in conduct.TESTS and its["acts"]
    assert its["effect"] in ("block", "require", "warn") and its.get("review", "warn") in ("block", "warn")
    assert its["weight"] in ("law", "rule", "standard", "association", "product", "draft")
    assert its["confidence"] in ("S", "P", "N", "M", "I")
    if its["weight"] == "product":
        assert its["confidence"] == "I" and "产品默认" in its["citation"]["zh-hans"]
    if its["weight"] == "draft":
        assert "草案" in its["citation"]["zh-hans"] and "draft" in its["citation"]["en"]
    said = [key for key in its if key == "say" or key.startswith("say-")]
    assert said and {f"say-{word}" for word in its.get("words", [])} <= set(said)
    for key in ("title", "citation", *said):
        chinese, english = its[key]["zh-hans"], its[key]["en"]
        assert chinese and english and (key == "citation" or re.search(r"[\u4e00-\u9fff]", chinese))
        assert set(re.findall(r"{\w+}", chinese)) == set(re.findall(r"{\w+}", english)), (rule, key)


def test_what_is_missed_in_the_vectors_has_a_sentence():
    for story in SHARED["vectors"]:
        for verdict in story["out"]:
            rule = SHARED["packs"][story["in"]["pack"]]["rules"][verdict["rule"]]
            if verdict["effect"] != "ok":
                said = rule[f"say-{verdict['kind']}" if verdict["kind"] else "say"]
                assert "{" not in said["en"].format(**verdict["params"])


def missed(**changes):
    situation = {"act": "review", "local": "2026-11-24T10:05:00", "facts": GOOD | changes}
    return {(v.rule, v.effect, v.kind) for v in conduct.weigh(situation, conduct.pack()) if v.effect != "ok"}


def test_a_good_visit_keeps_every_rule_that_looks_back():
    pack = conduct.pack()
    situation = {"act": "review", "local": "2026-11-24T10:05:00", "facts": GOOD}
    verdicts = conduct.weigh(situation, pack)
    assert {v.rule for v in verdicts} == {rule for rule, its in pack["rules"].items() if "review" in its["acts"]}
    assert {v.effect for v in verdicts} == {"ok"}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"collectors": 1}, ("CN-VIS-01", "block", "")),
        ({"identity_shown": False}, ("CN-VIS-02", "require", "")),
        ({"recording_announced": False}, ("CN-VIS-03", "require", "")),
        ({"entry_asked": False}, ("CN-VIS-04", "block", "")),
        ({"place": ["minors"]}, ("CN-VIS-08", "block", "minors")),
        ({"metres": {"n": 201, "kind": "start"}}, ("FV-PLACE-01", "warn", "start")),
        ({"no_position": "denied"}, ("FV-PLACE-02", "warn", "denied")),
        ({"photos_missing": 2}, ("FV-PHOTO-01", "warn", "")),
        ({"photos_unreadable": 1}, ("FV-PHOTO-02", "block", "")),
        ({"clock_minutes": {"n": 6, "kind": "fast"}}, ("FV-CLOCK-01", "warn", "fast")),
        ({"after_reassignment": True}, ("FV-LATE-01", "warn", "")),
        ({"chain": False}, ("FV-CHAIN-01", "warn", "")),
        ({"noted": False}, ("FV-NOTE-01", "warn", "")),
        ({"held": ["agreement.second"]}, ("FV-HELD-01", "warn", "")),
    ],
)
def test_each_miss_raises_its_own_rule_and_no_other(changes, rule):
    assert missed(**changes) == {rule}


def test_what_nobody_knows_is_not_measured():
    assert conduct.weigh({"act": "visit", "local": "2026-11-24T10:00:00"}, conduct.pack())[0].rule == "CN-TIME-01"
    assert len(conduct.weigh({"act": "visit", "local": "2026-11-24T10:00:00"}, conduct.pack())) == 1
