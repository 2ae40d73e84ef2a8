"""Does a clause set say what it must, and nothing that it may not? The checklist is data: checklist/cn.toml.

`findings(clause_set, checklist)` gives everything that is wrong or could be better, in the order of the set. A set with
one finding that is an error is refused: `check` raises Refused("clauses.refused"). Patterns find the plain ways to say
what is forbidden; they do not replace the lawyer.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fieldvisit.rules import speech
from fieldvisit.rules.speech import forbidden

from .refusal import Refused
from .wording import LANGUAGES, PARTS, PLACE, UNFIT

CHECKLIST = Path(__file__).with_name("checklist")


@dataclass(frozen=True)
class Finding:
    """`level`: error or advice; `code`: row, needs, forbidden, …; `where`: clause or paragraph; `row`: the list's."""

    level: str
    code: str
    where: str
    row: str = ""
    articles: tuple[str, ...] = ()
    said: str = ""

    def __str__(self) -> str:
        parts = (f"row {self.row}" if self.row else "", ", ".join(self.articles), self.said)
        return f"{self.level} {self.code} {self.where}: " + " · ".join(part for part in parts if part)


@cache
def checklist(name: str = "cn") -> dict:
    its = tomllib.loads((CHECKLIST / f"{name}.toml").read_text(encoding="utf-8"))
    return its | {"forbidden": {row: rule for row, rule in speech.rules().items() if not rule.get("letters")}}


def check(clause_set: dict, rules: dict | None = None) -> None:
    """Raises Refused("clauses.refused") with the first error in words."""
    for found in findings(clause_set, rules):
        if found.level == "error":
            raise Refused("clauses.refused", why=str(found))


def findings(clause_set: dict, rules: dict | None = None) -> list[Finding]:
    """A rights card (`lines`) is judged by its languages and by what is forbidden; a clause set by all."""
    rules = rules or checklist()
    try:
        if "lines" in clause_set:
            return [*_whole(clause_set, rules), *_forbidden(clause_set, rules)]
        return [
            *_whole(clause_set, rules), *_clauses(clause_set, rules), *_table(clause_set, rules),
            *_rows(clause_set, rules), *_signers(clause_set, rules), *_forbidden(clause_set, rules),
        ]  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as broken:
        return [Finding("error", "form", str(clause_set.get("id", "")), said=repr(broken)[:120])]


def _whole(its: dict, rules: dict) -> Iterator[Finding]:
    name = its["id"]
    if set(its["languages"]) != set(LANGUAGES):
        yield Finding("error", "language", name, said=" ".join(LANGUAGES))
    if type(its["version"]) is not int or not re.fullmatch(r"\d{4}-\d\d-\d\d", str(its["approved_from"])):
        yield Finding("error", "form", name, said="version, approved_from")
    if "lines" in its:
        texts = [its["lines"].get(language) or [] for language in LANGUAGES]
        if len(texts[0]) != len(texts[1]) or not texts[0] or not all(its["heading"].get(one) for one in LANGUAGES):
            yield Finding("error", "language", name)
    for where, _, text in texts_of(its):
        if UNFIT.search(text) or any(unicodedata.category(sign) in ("Cf", "Cc", "Co") for sign in text):
            yield Finding("error", "character", where)


def _clauses(its: dict, rules: dict) -> Iterator[Finding]:
    ids = [clause["id"] for clause in its["clause"]]
    for twice in sorted({one for one in ids if ids.count(one) > 1}):
        yield Finding("error", "id", twice)
    for clause in its["clause"]:
        yield from _clause(clause, rules)


def _clause(clause: dict, rules: dict) -> Iterator[Finding]:
    where = clause["id"]
    for row in clause["rows"]:
        if row in rules["forbidden"]:
            found = rules["forbidden"][row]
            yield Finding("error", "forbidden", where, row, tuple(found["articles"]), found["title"]["en"])
        elif row not in rules["row"]:
            yield Finding("error", "row_unknown", where, row)
    if not clause["required_by"]:
        yield Finding("error", "article", where)
    texts = [clause["text"].get(language) or [] for language in LANGUAGES]
    only = clause.get("only") or ["always"] * len(texts[0])
    headed = all(clause["heading"].get(language, "").strip() for language in LANGUAGES)
    filled = all(text.strip() for both in texts for text in both)
    if not (headed and filled and len(texts[0]) == len(texts[1]) == len(only)):
        yield Finding("error", "language", where)
        return
    if clause["key"] and not all(clause.get("explain", {}).get(language, "").strip() for language in LANGUAGES):
        yield Finding("error", "explain", where)
    for condition in sorted({*clause["when"].split(), *" ".join(only).split()} - set(rules["conditions"]["known"])):
        yield Finding("error", "condition", where, said=condition)
    used = set()
    for i, (zh, en, when) in enumerate(zip(*texts, only, strict=True), 1):
        holds = {"always", *clause["when"].split(), *when.split()}
        yield from _places(f"{where}.{i}", (zh, en), rules["facts"], holds)
        used |= set(PLACE.findall(zh + en))
    if sorted(clause["variables"]) != sorted(used):
        yield Finding("error", "declared", where, said=" ".join(sorted(used ^ set(clause["variables"]))))


def _places(where: str, texts: tuple[str, str], facts: dict, holds: set[str]) -> Iterator[Finding]:
    """Braces are whole; facts are known, there when the paragraph stands, and the same in both languages."""
    zh, en = (set(PLACE.findall(text)) for text in texts)
    if any(re.search(r"[{}]", PLACE.sub("", text)) for text in texts):
        yield Finding("error", "brace", where)
    needs = {name: condition for condition, names in facts.items() for name in names}
    for name in sorted(zh | en):
        if name not in needs:
            yield Finding("error", "variable", where, said=name)
        elif needs[name] not in holds:
            yield Finding("error", "blank", where, said=f"{name}: {needs[name]}")
    # the words for a sum stand in the Chinese text, which governs; the translation need not repeat them
    if apart := {name for name in zh ^ en if not name.endswith("_capital")}:
        yield Finding("error", "mismatch", where, said=" ".join(sorted(apart)))


def _table(its: dict, rules: dict) -> Iterator[Finding]:
    table = its["schedule"]
    if not all(table["heading"].get(one) and table["join"].get(one) for one in LANGUAGES):
        yield Finding("error", "language", "schedule")
    yield from _places("schedule.row", tuple(table["row"][one] for one in LANGUAGES), rules["facts-of-row"], {"always"})
    yield from _places("schedule.total", tuple(table["foot"][one] for one in LANGUAGES), rules["facts"], {"always"})
    for name in PARTS:
        texts = tuple(table["parts"][one][name] for one in LANGUAGES)
        yield from _places(f"schedule.{name}", texts, rules["facts-of-row"], {"always"})
        if not all(its["allocation"][one][name] for one in LANGUAGES):
            yield Finding("error", "language", f"allocation.{name}")


def _rows(its: dict, rules: dict) -> Iterator[Finding]:
    serves = set(its["serves"])
    for row, rule in rules["row"].items():
        title, articles, when = rule["title"]["en"], tuple(rule["articles"]), {"always", rule.get("when", "always")}
        if rule.get("served", "") and rule["served"] not in serves:
            continue
        having = [c for c in its["clause"] if row in c["rows"]]
        covering = [c for c in having if set(c["when"].split()) <= when and _stands(c, when)]
        if not covering:
            level = "error" if rule["status"] == "required" else "advice"
            yield Finding(level, "row" if level == "error" else "advice", its["id"], row, articles, title)
            continue
        stated = {name for clause in covering for text in clause["text"]["zh-hans"] for name in PLACE.findall(text)}
        if missing := set(rule.get("needs", [])) - stated:
            yield Finding("error", "needs", covering[0]["id"], row, articles, " ".join(sorted(missing)))


def _signers(its: dict, rules: dict) -> Iterator[Finding]:
    """Whom the set serves reads a card of his own and confirms a sentence of his own, in both languages."""
    for role, kinds in rules.get("signers", {}).items():
        for kind in kinds if role in its["serves"] else ():
            said = its.get("signer", {}).get(kind, {"rights": {}, "consent": {}})
            cards = [said["rights"].get(one) or [""] for one in LANGUAGES]
            texts = [*cards[0], *cards[1], *(said["consent"].get(one, "") for one in LANGUAGES)]
            if len(cards[0]) != len(cards[1]) or not all(text.strip() for text in texts):
                yield Finding("error", "signer", f"signer.{kind}")


def _stands(clause: dict, when: set[str]) -> bool:
    """Something of it is read whenever the row is needed: a paragraph for all, or for either of two opposites."""
    only = [set(one.split()) - when for one in clause.get("only") or ["always"]]
    opposites = ({"interest"}, {"interest-free"}), ({"several"}, {"single"}), ({"agency"}, {"direct"})
    return set() in only or any(one in only and other in only for one, other in opposites)


def _forbidden(its: dict, rules: dict) -> Iterator[Finding]:
    for where, language, text in texts_of(its):
        for row, rule in rules["forbidden"].items():
            if hit := forbidden(text, language, rule):
                said = f"{rule['title']['en']}: {hit}"
                yield Finding("error", "forbidden", where, row, tuple(rule["articles"]), said)


def texts_of(its: dict) -> Iterator[tuple[str, str, str]]:
    """(where, language, text) of everything in the set that somebody may read."""
    for language in LANGUAGES:
        if "lines" in its:
            yield "heading", language, its["heading"].get(language, "")
            yield from ((f"lines.{i}", language, line) for i, line in enumerate(its["lines"].get(language) or [], 1))
            continue
        for clause in its["clause"]:
            yield f"{clause['id']}.heading", language, clause["heading"].get(language, "")
            texts = enumerate(clause["text"].get(language) or [], 1)
            yield from ((f"{clause['id']}.{i}", language, text) for i, text in texts)
            yield f"{clause['id']}.explain", language, clause.get("explain", {}).get(language, "")
        for kind, words in its.get("signer", {}).items():
            lines = enumerate([*words["rights"].get(language, []), words["consent"].get(language, "")], 1)
            yield from ((f"signer.{kind}.{i}", language, line) for i, line in lines)
        table = its["schedule"]
        yield from ((f"schedule.{key}", language, table[key][language]) for key in ("heading", "row", "foot", "join"))
        for name, words in (("parts", table["parts"]), ("allocation", its["allocation"]), ("steps", its["steps"])):
            yield from ((f"{name}.{key}", language, text) for key, text in words[language].items())
