"""The path of a visit, by the vectors that its JavaScript twin reads too."""

import json
from pathlib import Path

import pytest

from fieldvisit.rules.path import STEPS, path

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "path.json").read_text())


@pytest.mark.parametrize("vector", VECTORS, ids=[v["name"] for v in VECTORS])
def test_the_path_follows_from_the_events(vector):
    assert path(vector["in"]["events"]) == vector["out"]


def test_every_step_and_every_blocker_is_in_the_vectors():
    opened = {v["out"]["open"] for v in VECTORS}
    codes = {code for v in VECTORS for codes in v["out"]["blockers"].values() for code in codes}
    assert opened == {*STEPS, "done"}
    assert codes == {"not_started", "no_consent", "no_note"}


def test_the_present_step_is_never_done_nor_passed_by():
    for vector in VECTORS:
        out = path(vector["in"]["events"])
        assert out["open"] not in out["done"] + out["skipped"]
