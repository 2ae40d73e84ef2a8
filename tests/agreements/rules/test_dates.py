import re
from datetime import date

import pytest

from agreements.rules import dates, schedule

from .reading import vectors


@pytest.mark.parametrize("vector", vectors("dates"))
def test_dates_follow_the_anchor_and_the_code(vector):
    name, arguments = vector["in"]["function"], vector["in"]["arguments"]
    call = getattr(schedule if name == "first_due" else dates, name)
    if name != "written":
        arguments = [dates.parse(value) if isinstance(value, str) else value for value in arguments]
    if "refused" in vector:
        with pytest.raises(ValueError, match=re.escape(vector["refused"])):
            call(*arguments)
    else:
        result = call(*arguments)
        assert (result.isoformat() if isinstance(result, date) else result) == vector["out"]


@pytest.mark.parametrize(
    "text", ["2026-W48-2", "20261124", "2026-11-24T00:00", " 2026-11-24", "２０２６-11-24", None, 0]
)
def test_only_one_form_of_date_is_read(text):
    with pytest.raises(ValueError, match=r"dates\.date"):
        dates.parse(text)


def test_a_year_of_due_dates_comes_back_to_the_anchor():
    for anchor in range(1, 32):
        due = [dates.anchored(dates.add_months(date(2026, 1, 1), 0, anchor), anchor, n) for n in range(13)]
        assert due[12] == due[0].replace(year=2027)
        assert max(day.day for day in due) == anchor
