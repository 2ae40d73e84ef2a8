"""Figures of the law as dated, cited data: law/*.toml. No limit stands in code."""

import tomllib
from pathlib import Path

LAW = Path(__file__).with_name("law")


def load(name: str = "cn") -> dict:
    """{"lpr", "limit", "checked_until", "limitation", "guarantee", "penalty", …} of one country."""
    return tomllib.loads((LAW / f"{name}.toml").read_text(encoding="utf-8"))
