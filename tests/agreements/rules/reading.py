"""The shared vectors: the same JSON is read by node (tests/js/vectors.js)."""

import json
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> list:
    """One pytest parameter per vector of tests/vectors/<name>.json, named as the vector."""
    found = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(vector, id=vector["name"]) for vector in found]
