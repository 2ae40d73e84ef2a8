"""An invented agreement in which every fact of the clauses has a value: what an editor sees in the place of braces."""

from functools import cache

from .rules import document, schedule, wording
from .rules.refusal import Refused

OFFER = {
    "parties": {
        "creditor": {"name": "示例银行股份有限公司", "account_name": "示例银行还款专户",
                     "account_bank": "示例银行杭州分行", "account_tail": "0000", "complaint_phone": "000-0000"},
        "agency": {"name": "示例资产服务有限公司", "mandate": "示例 2026-1", "mandate_until": "2027-03-31"},
        "debtor": {"party": "-", "name": "张示例", "id_masked": "330000********0000", "mobile_masked": "100****0000",
                   "address": "浙江省杭州市示例街 1 号"},
        "debt": {"contract": "SL-000001", "formed_on": "2024-01", "original_fen": 3000000, "limitation": "expired"},
        "others": [
            {"party": "-", "role": "co-debtor", "name": "李示例", "id_masked": "330000********0001",
             "relation": "兄弟"},
            {"party": "-", "role": "guarantor", "name": "王示例", "id_masked": "330000********0002",
             "relation": "朋友",
             "guarantee": {"kind": "new", "mode": "joint", "scope": "plan", "most_fen": 2500000,
                           "until": "2028-06-30"}},
            {"party": "-", "role": "spouse", "name": "赵示例", "id_masked": "330000********0003", "relation": "配偶",
             "joins": True},
            {"party": "-", "role": "interpreter", "name": "周示例", "id_masked": "330000********0004",
             "relation": "没有关系", "language": "维吾尔语"},
            {"party": "-", "role": "collector", "name": "钱示例"},
        ],
    },
    "balance": {"principal_fen": 2400000, "interest_fen": 120000, "overdue_interest_fen": 36000, "penalty_fen": 12000,
                "cost_fen": 0, "as_of": "2026-11-24"},
    "allocation": ["cost", "interest", "principal", "penalty"],
    "annual_rate_ppm": 60000,
    "day_count": "monthly",
    "shift": "none",
    "default": {"missed": 2, "grace_days": 7, "waiver_lapses": True},
    "deferral": {"most_months": 1, "interest": "none"},
    "lapse_days": 7,
    "cooling_off_days": 3,
}  # fmt: skip
CHOICE = {
    "method": "graduated/1", "instalments": 12, "anchor_day": 31, "first_due": "2026-12-31",
    "interest_from": "2026-11-24", "reduction_fen": 12000, "steps": [{"count": 6, "fen": 150000}], "deferral_months": 1,
}  # fmt: skip


@cache
def facts(language: str) -> dict:
    agreed = document.terms(OFFER, CHOICE)
    return wording.facts(
        {"language": language, "terms": agreed, "parties": OFFER["parties"], "schedule": schedule.plan(agreed)}
    )


def clauses(body: dict) -> list[dict]:
    """Each clause [{"id", "key", "when", "rows", "articles", "heading", "explain", "pairs"}], every paragraph filled.

    `pairs`: [(condition, {language: template}, {language: filled})]. What cannot be filled stands as it is written.
    """
    if "lines" in body:
        lines = zip(*(body["lines"][one] for one in wording.LANGUAGES), strict=True)
        pairs = [_pair("", zh, en, {}) for zh, en in lines]
        heading = _named(body["heading"])
        return [{"id": "lines", "key": False, "heading": heading, "explain": None, "pairs": pairs}]
    known = {one: wording.stated(body, facts(one)) for one in wording.LANGUAGES}
    found = []
    for clause in body["clause"]:
        texts = [clause["text"][one] for one in wording.LANGUAGES]
        only = (when.replace("always", "") for when in clause.get("only") or [""] * len(texts[0]))
        found.append({
            "id": clause["id"], "key": clause["key"], "when": clause["when"].replace("always", ""),
            "rows": clause.get("rows", []), "articles": clause["required_by"], "heading": _named(clause["heading"]),
            "explain": _named(clause["explain"]) if "explain" in clause else None,
            "pairs": [_pair(when, zh, en, known) for when, zh, en in zip(only, *texts, strict=True)],
        })  # fmt: skip
    return found


def _named(texts: dict) -> dict:
    return {"zh": texts["zh-hans"], "en": texts["en"]}


def _pair(when: str, zh: str, en: str, known: dict) -> tuple[str, dict, dict]:
    raw = {"zh": zh, "en": en}
    return when, raw, {"zh": _filled(zh, known.get("zh-hans")), "en": _filled(en, known.get("en"))}


def _filled(template: str, known: dict | None) -> str:
    try:
        return wording.fill(template, known) if known else template
    except Refused:
        return template
