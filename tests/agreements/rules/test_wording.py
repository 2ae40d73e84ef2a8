import copy
import re

import pytest
import rfc8785

from agreements.rules import wording
from agreements.rules.refusal import Refused
from tests.vectors.make_rules import (
    CHOICE,
    ODD_NAMES,
    OFFER,
    SETS,
    UNFIT_NAMES,
    WITH_INTEREST,
    build,
    changed,
    document_cases,
    signer_cases,
)

from .reading import vectors

SET = SETS["cn-repayment"]
CONDITIONS = {"contract-date", "original",
    "always", "interest", "interest-free", "several", "single", "level", "varied", "agency", "direct", "month-end",
    "reduction", "reduction-conditional", "reduction-final", "grace", "cooling-off", "mobile", "expired",
    "graduated", "balloon", "deferral-none", "deferral-paid-monthly", "deferral-added", "shift",
    "monthly", "actual-360", "actual-365", "co-debtor", "guarantor", "guarantor-new", "guarantor-stands",
    "guarantee-joint", "guarantee-general", "guarantee-plan", "guarantee-all", "spouse", "spouse-joins", "spouse-knows",
    "interpreter", "collectors",
}  # fmt: skip


@pytest.mark.parametrize("vector", vectors("wording"))
def test_the_phone_has_the_clauses_of_the_server(vector):
    """If this fails after a change of wording: python -m tests.vectors.make_rules"""
    assert wording.load(vector["name"]) == vector["out"]
    assert rfc8785.dumps(wording.load(vector["name"]))


@pytest.mark.parametrize(
    "set_id", ["../../../etc/passwd", "cn-repayment.toml", "", "CN", "nowhere", None, "cn-repayment@1"]
)
def test_an_unknown_set_is_refused(set_id):
    with pytest.raises(Refused, match=r"wording\.unknown_set"):
        wording.load(set_id)


def test_a_version_never_published_is_refused():
    assert [wording.load("cn-repayment", version)["version"] for version in (1, 2, 3, 4)] == [1, 2, 3, 4]
    with pytest.raises(Refused, match=r"wording\.unknown_set"):
        wording.load("cn-repayment", 99)


@pytest.mark.parametrize("clause", SET["clause"], ids=lambda clause: clause["id"])
def test_each_clause_is_whole_in_both_languages(clause):
    assert len(clause["text"]["zh-hans"]) == len(clause["text"]["en"]) == len(clause.get("only", clause["text"]["en"]))
    assert set(clause["heading"]) == {"zh-hans", "en"}
    assert clause["required_by"]
    assert bool(clause.get("explain")) == clause["key"], "a key term has its one plain sentence"
    assert {*clause["when"].split(), *" ".join(clause.get("only", [])).split()} <= CONDITIONS
    for zh, en in zip(clause["text"]["zh-hans"], clause["text"]["en"], strict=True):
        # The words for a sum stand in the Chinese text; the translation repeats them where the sum is a new one.
        drop = {name for name in wording.PLACE.findall(zh) if name.endswith("_capital")}
        assert set(wording.PLACE.findall(zh)) - drop == set(wording.PLACE.findall(en)) - drop


def test_sentences_are_short():
    for clause in SET["clause"]:
        for text in clause["text"]["en"]:
            for sentence in re.split(r"(?<=[.:])\s", text):
                assert len(sentence.split()) < 25, sentence
        for text in clause["text"]["zh-hans"]:
            for sentence in re.split(r"[。：]", wording.PLACE.sub("", text)):
                assert len(sentence) <= 40, sentence


@pytest.mark.parametrize("case", document_cases(), ids=lambda case: case[0])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_paragraph_is_empty_or_left_open(case, language):
    _, an_offer, choice, _ = case
    paragraphs = build(changed(an_offer, parties__debtor__name="傅琳"), choice, language)["rendered_text"]
    assert len({paragraph["id"] for paragraph in paragraphs}) == len(paragraphs)
    for paragraph in paragraphs:
        assert set(paragraph) == {"id", "clause", "key", "heading", "text"}
        assert paragraph["text"].strip() and paragraph["heading"].strip()
        assert not re.search(r"[{}]|None|undefined|  ", paragraph["text"])


def test_every_clause_and_paragraph_stands_in_some_agreement():
    seen = {p["id"] for _, an_offer, choice, _ in document_cases() for p in build(an_offer, choice)["rendered_text"]}
    seen |= {
        p["id"] for _, others, _ in signer_cases() for p in build(OFFER, CHOICE, others=others)["rendered_text"]
    }
    for clause in SET["clause"]:
        for i in range(len(clause["text"]["en"])):
            assert f"{clause['id']}.{i + 1}" in seen


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_name_is_text_and_is_put_in_once(name, language):
    plain = [p["text"] for p in build(changed(OFFER, parties__debtor__name="傅琳"), CHOICE, language)["rendered_text"]]
    odd = [p["text"] for p in build(changed(OFFER, parties__debtor__name=name), CHOICE, language)["rendered_text"]]
    assert odd == [text.replace("傅琳", name) for text in plain]


@pytest.mark.parametrize("name", UNFIT_NAMES)
def test_a_field_is_never_blank_and_never_turns_the_reading_order(name):
    for path in (
        "creditor__name", "creditor__account_name", "creditor__account_bank", "creditor__account_tail",
        "creditor__complaint_phone", "agency__name", "agency__mandate", "debtor__name", "debtor__id_masked",
        "debtor__address", "debt__contract",
    ):  # fmt: skip
        with pytest.raises(Refused, match=r"wording\.(blank|character)"):
            build(changed(OFFER, **{f"parties__{path}": name}), CHOICE)


@pytest.mark.parametrize("day", ["", "2026-13", "soon", None])
def test_a_date_is_never_blank(day):
    for path in ("agency__mandate_until", "debt__formed_on"):
        if day is None and path == "debt__formed_on":
            continue  # a file that does not say when: the sentence is left out, see below
        with pytest.raises(ValueError, match=r"dates\.date"):
            build(changed(OFFER, **{f"parties__{path}": day}), CHOICE)


def test_what_a_file_does_not_say_is_left_out():
    full = build(OFFER, CHOICE)["rendered_text"]
    unsaid = changed(OFFER, parties__debt__formed_on=None, parties__debt__original_fen=None)
    bare = build(unsaid, CHOICE)["rendered_text"]
    assert [p["id"] for p in full if p not in bare] == ["c2.2", "c2.3"]
    assert [p for p in full if p in bare] == bare


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{nobody}", "wording.unknown"), ("{debtor", "wording.brace"), ("debtor}", "wording.brace"),
        ("{}", "wording.brace"), ("{{debtor}}", "wording.brace"), ("{Debtor}", "wording.brace"),
        ("{n }", "wording.brace"), ("{number}", "wording.blank"),
    ],
)  # fmt: skip
def test_a_template_with_a_hole_is_refused(template, code):
    with pytest.raises(Refused, match=re.escape(code)):
        wording.fill(template, {"debtor": "傅琳", "number": 5})


def test_a_language_without_text_is_refused():
    with pytest.raises(Refused, match=r"wording\.language"):
        build(OFFER, CHOICE, "fr")


def test_the_figures_read_are_the_figures_reckoned():
    agreement = build(OFFER, CHOICE | WITH_INTEREST)
    text = "\n".join(paragraph["text"] for paragraph in agreement["rendered_text"])
    for row in agreement["schedule"]:
        assert f"还 {wording.yuan(row['amount_fen'])} 元" in text
    assert text.count("第一期：2026 年 12 月 31 日") == 1


def test_the_key_terms_are_marked():
    keys = {p["clause"] for p in build(OFFER, CHOICE)["rendered_text"] if p["key"]}
    assert {"c3", "c4", "c5", "c6", "c9", "c11a", "c22"} <= keys
    assert not {"c1", "c7", "schedule"} & keys


def test_the_rights_card_says_the_same_in_both_languages():
    card = SETS["cn-rights"]
    assert len(card["lines"]["zh-hans"]) == len(card["lines"]["en"])
    for words in ("不签", "核对", "12378", "现金", "投诉", "证件", "离开"):
        assert any(words in line for line in card["lines"]["zh-hans"])


def test_rendering_leaves_its_arguments_alone():
    agreement, clauses = build(OFFER, CHOICE), copy.deepcopy(SET)
    facts = wording.facts(agreement)
    before = copy.deepcopy(facts)
    wording.render(clauses, facts)
    assert (clauses, facts) == (SET, before)
