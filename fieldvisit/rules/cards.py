"""Training cards and the version in which each must have been read: its own, and that of the rules it names. Pure."""

import hashlib
import json
import tomllib
from functools import cache
from pathlib import Path


@cache
def data() -> list[dict]:
    """cards.toml's cards: [{"id", "version", "rules"?, "title", "lines"}]."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["card"]


def versions(pack: dict) -> dict[str, str]:
    """{card id: "1" or "1-5f3a9c21"}: the second part changes with the rules named, as they stand in this pack."""
    return {card["id"]: _version(card, pack) for card in data()}


def _version(card: dict, pack: dict) -> str:
    if not (names := card.get("rules")):
        return str(card["version"])
    known = pack["version"] if names == ["*"] else [pack["rules"].get(name) for name in names]
    text = json.dumps(known, ensure_ascii=False, sort_keys=True)
    return f"{card['version']}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
