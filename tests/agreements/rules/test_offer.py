from datetime import date

import pytest

from agreements.rules import offer

from .reading import vectors


@pytest.mark.parametrize("vector", vectors("offer"))
def test_terms_stay_inside_the_offer(vector):
    given = vector["in"]
    today = date.fromisoformat(given["today"])
    assert offer.within(given["offer"], given["terms"], given["rows"], today) == vector["out"]


@pytest.mark.parametrize("terms", [None, {}, [], {"method": "interest-free/1"}])
def test_terms_that_are_no_terms_are_refused(terms):
    assert offer.within({}, terms, [], date(2026, 11, 24)) == ["offer.terms"]


def test_rows_that_are_not_the_plan_are_refused():
    given = vectors("offer")[0].values[0]["in"]
    rows = [dict(row) for row in given["rows"]]
    rows[0]["amount_fen"] += 1
    assert offer.within(given["offer"], given["terms"], rows, date(2026, 11, 24)) == ["offer.terms"]
