"""The letters of the office as data: letters.toml. Pure; `filled` gives the words of one in both languages."""

import re
import tomllib
from functools import cache
from pathlib import Path

from . import speech

LETTERS = Path(__file__).with_name("letters.toml")
LANGUAGES = ("zh-hans", "en")
JOIN = {"zh-hans": "：", "en": ": "}
KINDS = ("visit-notice", "overdue-notice", "authorisation", "documents-receipt")


@cache
def templates() -> dict:
    return tomllib.loads(LETTERS.read_text(encoding="utf-8"))


def lacking(kind: str, facts: dict) -> list[str]:
    """What the letter needs and the case has not: visit, mandate, debt, text."""
    return [name for name in templates()[kind]["needs"] if not facts["has"].get(name)]


def filled(kind: str, facts: dict, text: str) -> list[dict]:
    """[{"language", "title", "to", "paragraphs", "further", "greeting", "complain", "agency", "date", "number", …}]."""
    made = []
    for language in LANGUAGES:
        its, parts = templates()[kind], templates()["parts"][language]
        known = facts["both"] | facts[language] | {"text": text}
        paragraphs = [_filled(words, known) for words in its[language]]
        say = {name: _filled(words, known) for name, words in parts.items() if name != "page"}
        typed = "" if "text" in its["needs"] else text
        made.append(
            say
            | {"language": language, "title": its["title"][language], "paragraphs": paragraphs, "page": parts["page"]}
            | {"further": say["further"] + JOIN[language] + typed if typed else "", "agency": known["agency"]}
        )
    return made


def findings() -> list[tuple]:
    """(kind, language, row, words) of every template that says what may not be said; there must be none."""
    found = []
    for kind in KINDS:
        for language in LANGUAGES:
            for words in [templates()[kind]["title"][language], *templates()[kind][language]]:
                for row, rule in speech.rules().items():
                    if hit := speech.forbidden(words, language, rule):
                        found.append((kind, language, row, hit))
    return found


def _filled(words: str, facts: dict) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: str(facts[place[1]]), words).strip()
