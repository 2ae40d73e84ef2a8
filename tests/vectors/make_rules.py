"""Writes the vectors whose answers are whole texts: wording.json, document.json, offer.json.

    python -m tests.vectors.make_rules

Run it after a deliberate change of wording and read the difference: it is what a debtor will be asked to sign.
money.json, dates.json and schedule.json are written by hand from compliance.md part 3; nothing may overwrite them.
"""

import copy
import json
from datetime import date
from pathlib import Path

import rfc8785

from agreements.rules import document, offer, schedule, wording
from agreements.rules.refusal import Refused

HERE = Path(__file__).parent
OFFER = {
    "schema": "offer/1",
    "offer_id": "01938f1a-5c00-7000-8000-00000000000a",
    "case_ref": "LC000388",
    "case_version": 57,
    "parties": {
        "creditor": {
            "name": "甲银行股份有限公司",
            "account_name": "甲银行股份有限公司贷款回收专户",
            "account_bank": "甲银行杭州分行",
            "account_tail": "3306",
            "complaint_phone": "95500",
        },
        "agency": {"name": "乙资产服务有限公司", "mandate": "委字 2026-118", "mandate_until": "2027-03-31"},
        "debtor": {
            "party": "01938f1a-5c00-7000-8000-0000000000d0",
            "name": "傅琳",
            "id_masked": "330105********4076",
            "mobile_masked": "190****0006",
            "address": "浙江省杭州市拱墅区济南街99号24栋1单元1402室",
        },
        "debt": {"contract": "LC000388", "formed_on": "2018-01", "original_fen": 750000, "product": "credit-card"},
    },
    "balance": {
        "principal_fen": 717585,
        "interest_fen": 0,
        "overdue_interest_fen": 71565,
        "penalty_fen": 12000,
        "cost_fen": 0,
        "as_of": "2026-11-24",
    },
    "allocation": ["cost", "interest", "principal", "penalty"],
    "methods": ["interest-free/1", "equal-instalment/1"],
    "annual_rate_ppm": 60000,
    "day_count": "monthly",
    "least_fen": 30000,
    "most_months": 24,
    "largest_reduction_fen": 12000,
    "shift": "none",
    "default": {"missed": 2, "grace_days": 7, "waiver_lapses": True},
    "valid_from": "2026-11-24",
    "valid_until": "2026-12-08",
    "latest_first_due_days": 45,
    "lapse_days": 7,
    "cooling_off_days": 3,
    "copy_token_sha256": "0" * 64,
    "required_signers": [{"role": "debtor", "party": "01938f1a-5c00-7000-8000-0000000000d0"}],
}
CHOICE = {
    "method": "interest-free/1",
    "instalments": 12,
    "anchor_day": 25,
    "first_due": "2026-12-25",
    "interest_from": "2026-11-24",
}
WITH_INTEREST = {"method": "equal-instalment/1", "instalments": 6, "anchor_day": 31, "first_due": "2026-12-31"}
SETS = {"cn-repayment": wording.load("cn-repayment"), "cn-rights": wording.load("cn-rights")}
STEPS = {"method": "graduated/1", "steps": [{"count": 6, "fen": 30000}, {"count": 3, "fen": 60000}]}
BALLOON = {"method": "balloon/1", "steps": [{"count": 11, "fen": 50000}]}
SETTLED = {"method": "settlement/1", "instalments": 3, "reduction_fen": 12000}
SHIFT = {
    "to": "next-working-day",
    "calendar": "cn-2026",
    "published_until": "2026-12-31",
    "off": ["2027-01-01", "2027-02-05", "2027-02-08"],
    "work": ["2026-12-26"],
}
PERSON = {"party": "01938f1a-5c00-7000-8000-0000000000d1", "name": "傅强", "id_masked": "330105********4012"}
NEW = {"kind": "new", "mode": "joint", "scope": "plan", "most_fen": 801150, "until": "2028-05-25"}
GUARANTOR = PERSON | {"role": "guarantor", "relation": "兄弟", "guarantee": NEW}
OTHERS = [
    PERSON | {"role": "co-debtor", "relation": "姐姐"},
    GUARANTOR,
    PERSON | {"role": "spouse", "relation": "配偶", "joins": False},
    PERSON | {"role": "interpreter", "relation": "没有关系", "language": "彝语"},
    {"role": "collector", "party": "ana", "name": "安娜"},
    {"role": "collector", "party": "bruno", "name": "布鲁诺"},
]
ODD_NAMES = [
    "{creditor}",
    "{{debtor}}",
    "傅}{琳",
    "<script>alert(1)</script>",
    "$& $1 $` \\1 \\g<0>",
    'O\'Brien & Söhne "x"',
    "𠮷田 ｛全角｝",
    "阿卜杜·热合曼",
    "constructor",
    "e\u0301 (not composed)",
]
UNFIT_NAMES = ["", " \u3000", "\u200b", "a\nb", "abc\u202edef", "a\u2066b", "a\u0000b"]


def changed(base: dict, **paths: object) -> dict:
    """A copy with `a__b__c=value` set at base["a"]["b"]["c"]."""
    copied = copy.deepcopy(base)
    for path, value in paths.items():
        *way, last = path.split("__")
        target = copied
        for name in way:
            target = target[name]
        target[last] = value
    return copied


def build(an_offer: dict, choice: dict, language: str = "zh-hans", others: list | None = None) -> dict:
    return document.build(
        an_offer,
        choice,
        SETS["cn-repayment"],
        SETS["cn-rights"],
        language,
        "01938f1a-5c00-7000-8000-0000000000a1",
        offer_sig="c2ln",
        canonical=rfc8785.dumps,
        others=others,
    )


def document_cases() -> list[tuple[str, dict, dict, str]]:
    reduced = {**CHOICE, "instalments": 6, "reduction_fen": 12000}
    cases = [
        ("the reference paper", OFFER, CHOICE, "zh-hans"),
        ("the same in English", OFFER, CHOICE, "en"),
        ("interest, anchor 31", OFFER, {**CHOICE, **WITH_INTEREST}, "zh-hans"),
        ("interest in English", OFFER, {**CHOICE, **WITH_INTEREST}, "en"),
        ("all at once", OFFER, {**CHOICE, "instalments": 1}, "zh-hans"),
        ("a reduction that lapses on default", OFFER, reduced, "zh-hans"),
        ("a reduction that stands", changed(OFFER, default__waiver_lapses=False), reduced, "en"),
        ("no agency, no mobile", changed(OFFER, parties__agency=None, parties__debtor__mobile_masked=""), CHOICE, "en"),
        (
            "a file that does not say when or how much was lent",
            changed(OFFER, parties__debt__formed_on=None, parties__debt__original_fen=None),
            CHOICE,
            "zh-hans",
        ),
        ("past limitation", changed(OFFER, parties__debt__limitation="possibly-expired"), CHOICE, "zh-hans"),
        (
            "no grace, no cooling-off, one day to seal",
            changed(OFFER, default__grace_days=0, cooling_off_days=0, lapse_days=1),
            CHOICE,
            "en",
        ),
        (
            "a first period so long that the first instalment is larger",
            changed(OFFER, annual_rate_ppm=1_000_000),
            {**CHOICE, "method": "equal-instalment/1", "interest_from": "2026-01-25"},
            "zh-hans",
        ),
    ]
    many = changed(OFFER, methods=["graduated/1", "balloon/1", "settlement/1", "equal-principal/1"])
    paused = {"most_months": 3, "interest": "none"}
    cases += [
        ("steps with interest, then level", many, {**CHOICE, **STEPS}, "zh-hans"),
        ("steps without interest", many | {"rates": {"graduated/1": 0}}, {**CHOICE, **STEPS}, "en"),
        ("a balloon", many, {**CHOICE, **BALLOON}, "zh-hans"),
        ("a balloon in English", many, {**CHOICE, **BALLOON}, "en"),
        ("a settlement in three", many, {**CHOICE, **SETTLED}, "zh-hans"),
        ("a settlement that stands, at once", changed(many, default__waiver_lapses=False),
         {**CHOICE, **SETTLED, "instalments": 1}, "en"),
        ("equal principal on actual days of 360", many | {"day_count": "actual/360"},
         {**CHOICE, "method": "equal-principal/1"}, "zh-hans"),
        ("equal principal on actual days of 365", many | {"day_count": "actual/365"},
         {**CHOICE, "method": "equal-principal/1"}, "en"),
        ("three months without anything", OFFER | {"deferral": paused}, {**CHOICE, "deferral_months": 3}, "zh-hans"),
        ("a month of interest alone", OFFER | {"deferral": paused | {"interest": "paid-monthly"}},
         {**CHOICE, **WITH_INTEREST, "deferral_months": 1}, "en"),
        ("two months whose interest is added", OFFER | {"deferral": paused | {"interest": "added"}},
         {**CHOICE, **WITH_INTEREST, "deferral_months": 2}, "zh-hans"),
        ("due days off move on", OFFER | {"shift": SHIFT},
         {**CHOICE, "anchor_day": 5, "first_due": "2027-01-05"}, "zh-hans"),
    ]  # fmt: skip
    return cases + [(f"the name {n!r}", changed(OFFER, parties__debtor__name=n), CHOICE, "zh-hans") for n in ODD_NAMES]


def offer_cases() -> list[tuple[str, dict, dict, str]]:
    terms = document.terms(OFFER, CHOICE)
    interest = document.terms(OFFER, {**CHOICE, **WITH_INTEREST})
    reduced = document.terms(OFFER, {**CHOICE, "reduction_fen": 12000})
    day = "2026-11-24"
    return [
        ("within", OFFER, terms, day),
        ("with interest", OFFER, interest, day),
        ("with a reduction", OFFER, reduced, day),
        ("a method not offered", changed(OFFER, methods=["equal-instalment/1"]), terms, day),
        ("25 months", OFFER, changed(terms, instalments=25), day),
        ("instalments under the least", changed(OFFER, least_fen=66764), terms, day),
        ("exactly the least", changed(OFFER, least_fen=66763), terms, day),
        (
            "a debt under the least, in one payment",
            changed(OFFER, least_fen=900000),
            changed(terms, instalments=1),
            day,
        ),
        ("another rate", OFFER, changed(interest, annual_rate_ppm=59999), day),
        ("an inflated debt", OFFER, changed(terms, balance__principal_fen=717586), day),
        ("a smaller debt", OFFER, changed(terms, balance__penalty_fen=0), day),
        ("too large a reduction", changed(OFFER, largest_reduction_fen=11999), reduced, day),
        ("a reduction made final early", OFFER, changed(reduced, reduction__becomes_final="in-effect"), day),
        ("the last day", OFFER, changed(terms, first_due="2027-01-22", anchor_day=22), "2026-12-08"),
        ("a day late", OFFER, terms, "2026-12-09"),
        ("a day early", OFFER, terms, "2026-11-23"),
        ("first due too late", OFFER, changed(terms, first_due="2027-01-25"), day),
        ("first due on the 45th day", OFFER, changed(terms, first_due="2027-01-08", anchor_day=8), day),
        ("first due today", OFFER, changed(terms, first_due=day, anchor_day=24), day),
        ("a harsher default", OFFER, changed(terms, default__missed=1), day),
        ("no cooling-off", OFFER, changed(terms, effect__cooling_off_days=0), day),
        ("interest from before the balance", OFFER, changed(interest, interest_from="2026-11-23"), day),
        ("true is not one", OFFER, changed(terms, default__missed=True), day),
        ("one key more", OFFER, {**terms, "fee_fen": 1}, day),
        *bounds(day),
        ("no plan at all", OFFER, changed(terms, instalments=0), day),
        (
            "many at once",
            OFFER,
            changed(terms, instalments=36, balance__cost_fen=1, first_due="2027-02-25"),
            "2027-01-01",
        ),
    ]


def bounds(day: str) -> list[tuple[str, dict, dict, str]]:
    """The bounds of settlement, deferral, balloon, ceiling and shift."""
    many = OFFER | {
        "methods": ["settlement/1", "balloon/1", "graduated/1"], "settlement_months": 3, "balloon_ppm": 500_000,
        "deferral": {"most_months": 2, "interest": "none"}, "ceiling": {"ppm": 240_000}, "shift": SHIFT,
    }  # fmt: skip
    settled = document.terms(many, {**CHOICE, **SETTLED})
    balloon = document.terms(many, {**CHOICE, **BALLOON})
    later = document.terms(many, {**CHOICE, **STEPS, "deferral_months": 2})
    return [
        ("a settlement", many, settled, day),
        ("a settlement over too many months", many | {"settlement_months": 2}, settled, day),
        ("a balloon", many, balloon, day),
        ("too much at the end", many | {"balloon_ppm": 100_000}, balloon, day),
        ("a balloon where the offer says nothing of the end", {**many, "balloon_ppm": 0}, balloon, day),
        ("steps after two months", many, later, day),
        ("more months than may be waited", many | {"deferral": {"most_months": 1, "interest": "none"}}, later, day),
        ("waiting on other terms", many | {"deferral": {"most_months": 2, "interest": "added"}}, later, day),
        ("waiting that is not offered", many | {"deferral": None}, later, day),
        ("the months of waiting count", many | {"most_months": 13}, later, day),
        ("a rate at the ceiling", many | {"ceiling": {"ppm": 60_000}}, balloon, day),
        ("a rate above the ceiling", many | {"ceiling": {"ppm": 59_999}}, balloon, day),
        ("at the ceiling on 360 days is above it", many | {"ceiling": {"ppm": 60_000}, "day_count": "actual/360"},
         balloon | {"day_count": "actual/360"}, day),
        ("another calendar", many, changed(balloon, shift__off=[]), day),
        ("no shift where one is offered", many, balloon | {"shift": "none"}, day),
    ]  # fmt: skip


def signer_cases() -> list[tuple[str, list, str]]:
    general = NEW | {"mode": "general", "scope": "all", "most_fen": 300000}
    return [
        ("all who may sign", OTHERS, "zh-hans"),
        ("all who may sign, in English", OTHERS, "en"),
        ("a general guarantee", [GUARANTOR | {"guarantee": general}], "zh-hans"),
        ("an earlier guarantee", [GUARANTOR | {"guarantee": {"kind": "stands", "until": "2027-01-29"}}], "en"),
        ("a spouse who joins", [OTHERS[2] | {"joins": True}], "zh-hans"),
    ]


def main() -> None:
    documents, offers = [], []
    for name, an_offer, choice, language in document_cases():
        given = {"offer": an_offer, "choice": choice, "language": language}
        agreement = build(an_offer, choice, language)
        sha256 = document.terms_hash(agreement, canonical=rfc8785.dumps)
        texts = [paragraph["text"] for paragraph in agreement["rendered_text"]]
        out = {"terms_sha256": sha256, "check_code": document.check_code(sha256), "texts": texts}
        documents.append({"name": name, "in": given, "out": out})
    for name, others, language in signer_cases():
        agreement = build(OFFER, CHOICE, language, others)
        sha256 = document.terms_hash(agreement, canonical=rfc8785.dumps)
        texts = [paragraph["text"] for paragraph in agreement["rendered_text"]]
        out = {"terms_sha256": sha256, "check_code": document.check_code(sha256), "texts": texts}
        given = {"offer": OFFER, "choice": CHOICE, "language": language, "others": others}
        documents.append({"name": name, "in": given, "out": out})
    for name in UNFIT_NAMES:
        given = {"offer": changed(OFFER, parties__debtor__name=name), "choice": CHOICE, "language": "zh-hans"}
        try:
            build(*given.values())
        except Refused as refusal:
            documents.append({"name": f"unfit name {name!r}", "in": given, "refused": refusal.code})
    for name, an_offer, terms, today in offer_cases():
        try:
            rows = schedule.plan(terms)
        except Refused:
            rows = []
        out = offer.within(an_offer, terms, rows, date.fromisoformat(today))
        offers.append(
            {"name": name, "in": {"offer": an_offer, "terms": terms, "rows": rows, "today": today}, "out": out}
        )
    write("wording", [{"name": set_id, "in": {}, "out": found} for set_id, found in SETS.items()])
    write("document", documents)
    write("offer", offers)


def write(name: str, vectors: list[dict]) -> None:
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
