"""What may not be said to a debtor, and where a text says it: speech.toml. Pure.

In templates of ours it stops the work (`tests`, `check_clauses`); what a person types is his own, and he is warned.
"""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("speech.toml")
# A sentence is tried whole and in parts, for `unless` excuses only the part that it stands in: "no other fee, but a
# collection fee". 、 parts nothing: "不收催收费、上门费".
STOPS = re.compile(r"[。！？!?\n]|\.(?!\d)")
PAUSES = re.compile(r"[，；;]|,(?!\d)")
# re.ASCII below: \w and \b mean what they mean in the twin, static/src/rules/speech.js
HAN_SPACE = re.compile(r"(?<=[\u3007\u3400-\u9fff])\s+(?=[\u3007\u3400-\u9fff])")


@cache
def rules() -> dict:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


@cache
def for_people() -> dict:
    """{row: {"title", "zh-hans", "en", "unless"}} of what is looked for in what people type; for the twin too."""
    kept = ("title", "zh-hans", "en", "unless")
    return {
        row: {name: rule[name] for name in kept if name in rule} for row, rule in rules().items() if rule.get("typed")
    }


def typed(text: str) -> list[tuple[str, str]]:
    """[(row, the words)] that a person should not have typed, in either language."""
    found = []
    for row, rule in for_people().items():
        if hit := forbidden(text, "zh-hans", rule) or forbidden(text, "en", rule):
            found.append((row, hit))
    return found


def forbidden(text: str, language: str, rule: dict) -> str:
    """The words that a rule forbids in this text, or an empty string. A part that says the contrary passes."""
    unless = rule.get("unless", {}).get(language, [])
    sentences = STOPS.split(plain(text))
    for part in [*sentences, *(part for sentence in sentences for part in PAUSES.split(sentence))]:
        if any(re.search(pattern, part, re.ASCII) for pattern in unless):
            continue
        for pattern in rule[language]:
            if hit := re.search(pattern, part, re.ASCII):
                return hit[0].strip()
    return ""


def plain(text: str) -> str:
    """As a reader takes it in: one form for each sign, small letters, nothing hidden, no gaps between Chinese signs."""
    shown = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return HAN_SPACE.sub("", " ".join(shown.casefold().split()))
