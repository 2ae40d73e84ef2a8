"""Who signs beside the debtor: `parties.others` of agreement/1, at most one a role and two collectors.

    {"party","role","name","id_masked","relation"}      co-debtor: joins the debt (Civil Code 552)
    + "guarantee": {"kind":"new","mode","scope","most_fen","until"} or {"kind":"stands","until"}      guarantor
    + "joins": true | false                             spouse: owes it too, or merely knows of it (1064)
    + "language": "…"                                   interpreter
    {"party": username, "role", "name"}                 collector: says that he was there

Twin: static/src/rules/signers.js.
"""

from collections.abc import Iterator

from . import dates
from .money import capital, yuan
from .refusal import Refused

ROLES = ("co-debtor", "guarantor", "spouse", "interpreter", "collector")
LIABLE = ("co-debtor", "guarantor", "spouse")
FORM = {"party", "role", "name", "id_masked", "relation"}
MORE = {"co-debtor": set(), "guarantor": {"guarantee"}, "spouse": {"joins"}, "interpreter": {"language"}}
NEW = {"kind", "mode", "scope", "most_fen", "until"}
ON_PAPER = "signature-paper/1"  # a signature by hand: photographs of the pages stand where a drawing would


def of(parties: dict) -> list[dict]:
    return parties.get("others", [])


def on_paper(signature: dict) -> bool:
    return signature.get("schema") == ON_PAPER


def kind(person: dict) -> str:
    """The name of his card and consent in a clause set: `[signer.<kind>]`."""
    if person["role"] == "spouse":
        return "spouse-joins" if person["joins"] else "spouse-knows"
    stands = person["role"] == "guarantor" and person["guarantee"]["kind"] == "stands"
    return "guarantor-stands" if stands else person["role"]


def required(debtor: dict, others: list[dict]) -> list[dict]:
    """`required_signers`: the debtor, then the others in their order."""
    return [{"role": "debtor", "party": debtor["party"]}] + [{"role": p["role"], "party": p["party"]} for p in others]


def wrong(others: list[dict], known: list[dict], served: list[str], *, last_due: str, in_all_fen: int) -> list[str]:
    """Codes of what speaks against these people, each once; [] where they may sign.

    `known`: the people of the case, as the offer names them; `served`: roles that the clause set has clauses for.
    """
    codes = []
    seen = [("debtor", "")]
    for person in others:
        try:
            codes += _wrong(person, known, served, last_due, in_all_fen)
            seen.append((person["role"], person["party"] if person["role"] == "collector" else ""))
        except (KeyError, TypeError, AttributeError, Refused):
            codes.append("signer.form")
    rank = [ROLES.index(role) for role, _ in seen[1:] if role in ROLES]
    if len(set(seen)) < len(seen) or len(others) > len(ROLES) + 1 or rank != sorted(rank):
        codes.append("signer.form")
    return list(dict.fromkeys(codes))


def _wrong(person: dict, known: list[dict], served: list[str], last_due: str, in_all_fen: int) -> Iterator[str]:
    role = person["role"]
    if role not in served:
        yield "signer.role"
    if role == "collector":
        if set(person) != {"party", "role", "name"}:
            yield "signer.form"
        return
    if set(person) != FORM | MORE[role] or not all(isinstance(person[name], str) and person[name] for name in FORM):
        yield "signer.form"
    if role == "spouse" and not isinstance(person["joins"], bool):
        yield "signer.form"
    his = next((each for each in known if each["party"] == person["party"]), None)
    if his and any(his[name] != person[name] for name in ("role", "name", "id_masked")):
        yield "signer.known"
    if role == "guarantor":
        yield from _guarantee(person["guarantee"], his, last_due, in_all_fen)


def _guarantee(said: dict, his: dict | None, last_due: str, in_all_fen: int) -> Iterator[str]:
    """After its period nothing revives a guarantee (Security interpretation 34); while it runs, no change of the plan
    moves it (Civil Code 695). A new one names mode, scope, sum and a last day after the last instalment (692)."""
    former = his and his["guarantee"]
    if former and former["ended"]:
        yield "guarantee.ended"
    elif former:
        if said != {"kind": "stands", "until": former["until"]}:
            yield "guarantee.period"
    elif set(said) != NEW or said["kind"] != "new":
        yield "signer.form"
    else:
        if said["mode"] not in ("joint", "general") or said["scope"] not in ("plan", "all"):
            yield "signer.form"
        if type(said["most_fen"]) is not int or not 0 < said["most_fen"] <= in_all_fen:
            yield "guarantee.most"
        if dates.parse(said["until"]) <= dates.parse(last_due):
            yield "guarantee.until"


def holds(others: list[dict]) -> Iterator[str]:
    """The conditions that clauses may name."""
    for person in others:
        role = person["role"]
        yield "collectors" if role == "collector" else role
        if role == "spouse":
            yield kind(person)
        if role == "guarantor":
            said = person["guarantee"]
            yield f"guarantor-{said['kind']}"
            if said["kind"] == "new":
                yield f"guarantee-{said['mode']}"
                yield f"guarantee-{said['scope']}"


def facts(others: list[dict], language: str) -> dict[str, str]:
    """The facts that clauses may name."""
    found = {}
    for person in others:
        role = person["role"].replace("-", "_")
        if role == "collector":
            join = ", " if language == "en" else "、"
            found["collectors"] = join.join(filter(None, [found.get("collectors"), person["name"]]))
            continue
        found |= {role: person["name"], f"{role}_id": person["id_masked"], f"{role}_relation": person["relation"]}
        if role == "interpreter":
            found["interpreter_language"] = person["language"]
        if role == "guarantor":
            said = person["guarantee"]
            found["guarantee_until"] = dates.written(said["until"], language)
            if said["kind"] == "new":
                found |= {"guarantee_most": yuan(said["most_fen"]), "guarantee_most_capital": capital(said["most_fen"])}
    return found
