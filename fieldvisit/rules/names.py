"""Codes of creditors' files in words: names.toml. Pure."""

import tomllib
from functools import cache
from pathlib import Path

NAMES = Path(__file__).with_name("names.toml")


@cache
def names() -> dict:
    return tomllib.loads(NAMES.read_text(encoding="utf-8"))


def named(kind: str, value: str | None, language: str) -> str:
    """`kind`: product or job. What is not known stays as the file has it."""
    pair = names()[kind].get((value or "").strip().lower())
    return pair[language == "en"] if pair else value or ""
