"""The text of an agreement: reviewed clauses, filled once with facts. Twin: static/src/rules/wording.js.

A fact is text and nothing else. It is put in once and never read again, so a name with braces stays a name.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from . import cost_sheet, dates, schedule, signers
from .money import capital, percent, yuan
from .refusal import Refused
from .terms import deferred

CLAUSES = Path(__file__).with_name("clauses")
LANGUAGES = ("zh-hans", "en")
FINAL = {"paid-in-full": "reduction-conditional", "in-effect": "reduction-final"}
PARTS = ("principal", "interest", "penalty", "cost")
PLACE = re.compile(r"\{([a-z_]+)\}")
BLANK = re.compile("[ \u00a0\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]*")
# Line breaks, controls and signs that turn the reading order round: they could make a paper show what it does not say.
UNFIT = re.compile("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def names() -> list[str]:
    """The sets that come with the program."""
    return sorted(path.stem for path in CLAUSES.glob("*.toml") if "@" not in path.stem)


def load(set_id: str, version: int | None = None) -> dict:
    """The clause set as plain data. An older version is kept beside the current one as `<id>@<version>.toml`.

    Raises Refused("wording.unknown_set"): the id may come from a phone.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", str(set_id)) or type(version) not in (int, type(None)):
        raise Refused("wording.unknown_set", id=str(set_id))
    for path in (CLAUSES / f"{set_id}.toml", CLAUSES / f"{set_id}@{version}.toml"):
        if path.is_file():
            found = tomllib.loads(path.read_text(encoding="utf-8"))
            if version in (None, found["version"]):
                return found
    raise Refused("wording.unknown_set", id=str(set_id))


def render(clause_set: dict, facts: dict) -> list[dict]:
    """Paragraphs [{"id","clause","key","heading","text"}], the plan's rows last. `facts` as `facts()` gives them.

    Raises Refused: wording.unknown (no such fact), .blank (a fact that is empty), .brace, .character, .language.
    """
    language = facts["language"]
    if language not in clause_set["languages"]:
        raise Refused("wording.language", language=language)
    known = stated(clause_set, facts)
    paragraphs = []
    for clause in clause_set["clause"]:
        texts = clause["text"][language]
        for i, (only, text) in enumerate(zip(clause.get("only") or ["always"] * len(texts), texts, strict=True), 1):
            if {*clause["when"].split(), *only.split()} <= set(facts["holds"]):
                paragraphs.append(_paragraph(clause["id"], i, clause["key"], clause["heading"][language], text, known))
    table = clause_set["schedule"]
    for row in facts["rows"]:
        words = [fill(table["parts"][language][name], row) for name in PARTS if row[f"row_{name}"] != yuan(0)]
        row = {**row, "row_parts": table["join"][language].join(words)}
        paragraphs.append(
            _paragraph("schedule", row["row_n"], False, table["heading"][language], table["row"][language], row)
        )
    paragraphs.append(
        _paragraph("schedule", "total", False, table["heading"][language], table["foot"][language], known)
    )
    return paragraphs


def stated(clause_set: dict, facts: dict) -> dict:
    """The facts with those that the set itself puts into words: order of allocation, steps of the plan."""
    language = facts["language"]
    known = {**facts, "allocation_words": _allocation(clause_set["allocation"][language], facts["allocation"])}
    if "steps" in clause_set:
        known["steps_words"] = _steps(clause_set["steps"][language], facts["runs"])
    return known


def fill(template: str, facts: dict) -> str:
    """Put the facts in, in one pass over the template."""
    if re.search(r"[{}]", PLACE.sub("", template)):
        raise Refused("wording.brace", template=template)

    def fact(found: re.Match) -> str:
        value = facts.get(found[1])
        if found[1] not in facts:
            raise Refused("wording.unknown", fact=found[1])
        if not isinstance(value, str) or BLANK.fullmatch(value):
            raise Refused("wording.blank", fact=found[1])
        if UNFIT.search(value):
            raise Refused("wording.character", fact=found[1])
        return value

    return PLACE.sub(fact, template)


def facts(agreement: dict) -> dict:
    """Every figure, name and date of agreement/1 as text, with `language`, the conditions that hold, and the rows.

    Raises Refused: wording.language, money.* and dates.date where the case file holds a bad amount or date.
    """
    language = agreement["language"]
    if language not in LANGUAGES:
        raise Refused("wording.language", language=language)
    terms, rows, parties = agreement["terms"], agreement["schedule"], agreement["parties"]
    creditor, agency, debtor, debt = (parties.get(name) for name in ("creditor", "agency", "debtor", "debt"))
    summary, cost = schedule.summary(terms, rows), cost_sheet.sheet(terms)
    balance, reduction = terms["balance"], terms["reduction"]["fen"]
    total = sum(balance[head] for head in schedule.HEADS)
    found = {
        "creditor": creditor["name"],
        "account_name": creditor["account_name"],
        "account_bank": creditor["account_bank"],
        "account_tail": creditor["account_tail"],
        "complaint_phone": creditor["complaint_phone"],
        "debtor": debtor["name"],
        "debtor_id_masked": debtor["id_masked"],
        "debtor_mobile_masked": debtor["mobile_masked"],
        "address": debtor["address"],
        "contract": debt["contract"],
        "as_of": dates.written(balance["as_of"], language),
        "interest_from": dates.written(schedule.bears_from(terms).isoformat(), language),
        "first_due": dates.written(rows[0]["due"], language),
        "last_due": dates.written(summary["until"], language),
        "n": str(summary["count"]),
        "anchor_day": str(terms["anchor_day"]),
        "rate": percent(terms["annual_rate_ppm"]),
        "rate_yearly": percent(cost.yearly_ppm),
        "nominal": percent(cost.nominal_ppm),
        "effective": percent(cost.effective_ppm),
        "in_use": yuan(cost.in_use_fen),
        "fees": yuan(cost.fees_fen),
        "new_interest": yuan(summary["interest_fen"]),
        "deferral": _months(deferred(terms)[0], language),
        "after_reduction": yuan(total - reduction),
        "missed": str(terms["default"]["missed"]),
        "grace_days": str(terms["default"]["grace_days"]),
        "grace": _days(terms["default"]["grace_days"], language),
        "lapse_days": str(terms["effect"]["lapse_days"]),
        "lapse": _days(terms["effect"]["lapse_days"], language),
        "cooling_off_days": str(terms["effect"]["cooling_off_days"]),
        "cooling_off": _days(terms["effect"]["cooling_off_days"], language),
        "allocation": " ".join(terms["allocation"]),
        **{head.removesuffix("_fen"): yuan(balance[head]) for head in schedule.HEADS},
    }
    if agency:
        found |= {
            "agency": agency["name"],
            "mandate": agency["mandate"],
            "mandate_until": dates.written(agency["mandate_until"], language),
        }
    if debt["formed_on"] is not None:
        found["contract_date"] = dates.written(debt["formed_on"], language)
    for name, fen in {
        "original": debt["original_fen"], "total": total, "each": summary["each_fen"], "first": rows[0]["amount_fen"],
        "last": summary["last_fen"], "in_all": summary["total_fen"], "reduction": reduction,
    }.items():  # fmt: skip
        if fen is not None:
            found |= {name: yuan(fen), f"{name}_capital": capital(fen)}
    return {
        **found,
        **signers.facts(signers.of(parties), language),
        "language": language,
        "holds": sorted(_holds(agreement)),
        "runs": [{"from": str(first), "to": str(last), "fen": yuan(fen)} for first, last, fen in schedule.runs(rows)],
        "rows": [
            {
                "row_n": str(row["n"]),
                "row_due": dates.written(row["due"], language),
                "row_amount": yuan(row["amount_fen"]),
                "row_balance": yuan(row["balance_fen"]),
                **{f"row_{name}": yuan(row[f"{name}_fen"]) for name in PARTS},
            }
            for row in rows
        ],
    }


def _holds(agreement: dict) -> Iterator[str]:
    """The conditions a clause may name in `when` or `only`."""
    terms, parties, rows = agreement["terms"], agreement["parties"], agreement["schedule"]
    yield "always"
    yield "interest" if terms["annual_rate_ppm"] else "interest-free"
    yield "several" if len(rows) > 1 else "single"
    level = len({row["amount_fen"] for row in rows[:-1]}) < 2 and terms["method"] != "balloon/1"
    yield "level" if level else "varied"
    yield terms["method"].removesuffix("/1")
    yield terms["day_count"].replace("/", "-")
    if terms["deferral"]:
        yield f"deferral-{terms['deferral']['interest']}"
    if terms["shift"] != "none":
        yield "shift"
    yield "agency" if parties.get("agency") else "direct"
    if terms["anchor_day"] > 28:
        yield "month-end"
    if terms["reduction"]["fen"]:
        yield "reduction"
        yield FINAL[terms["reduction"]["becomes_final"]]
    if terms["default"]["grace_days"]:
        yield "grace"
    if terms["effect"]["cooling_off_days"]:
        yield "cooling-off"
    if parties["debt"]["formed_on"] is not None:
        yield "contract-date"
    if parties["debt"]["original_fen"] is not None:
        yield "original"
    if parties["debtor"]["mobile_masked"]:
        yield "mobile"
    if parties["debt"].get("limitation") in ("expired", "possibly-expired"):
        yield "expired"
    yield from signers.holds(signers.of(parties))


def _paragraph(clause: str, i: object, key: bool, heading: str, text: str, known: dict) -> dict:
    return {"id": f"{clause}.{i}", "clause": clause, "key": key, "heading": heading, "text": fill(text, known)}


def _allocation(words: dict, order: str) -> str:
    heads = order.split()
    steps = ["first", *["next"] * (len(heads) - 2), "last"]
    return words["join"].join(fill(words[step], {"head": words[head]}) for step, head in zip(steps, heads, strict=True))


def _steps(words: dict, runs: list[dict]) -> str:
    """ "instalments 1 to 6 CNY 500.00 each; …", in the words of the set."""
    return words["join"].join(fill(words["one" if run["from"] == run["to"] else "span"], run) for run in runs)


def _months(count: int, language: str) -> str:
    if language == "en":
        return f"{count} month" if count == 1 else f"{count} months"
    return f"{count} 个月"


def _days(count: int, language: str) -> str:
    if language == "en":
        return f"{count} day" if count == 1 else f"{count} days"
    return f"{count} 天"
