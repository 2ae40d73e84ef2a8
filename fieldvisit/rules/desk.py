"""How the desk works: desk.toml, all of it product defaults."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def policy() -> dict:
    """{"review": {"undo_s", "claim_min", "sample_percent", …}, "queue": {…}}"""
    return tomllib.loads(Path(__file__).with_name("desk.toml").read_text(encoding="utf-8"))
