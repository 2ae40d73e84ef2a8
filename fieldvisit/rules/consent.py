"""Texts that somebody must agree to before a thing is done, as data: consents/<id>.toml, versioned and cited."""

import tomllib
from functools import cache
from pathlib import Path

CONSENTS = Path(__file__).parent / "consents"


@cache
def read(name: str) -> dict:
    """{"id", "version", "rule", "valid_from": date, "effect", "basis", "citation", "text": {language: text}}."""
    return tomllib.loads((CONSENTS / f"{name}.toml").read_text(encoding="utf-8"))
