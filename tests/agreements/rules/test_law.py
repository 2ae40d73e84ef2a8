"""Interest, ceilings, annualised rate, limitation, guarantee, waiver: the worked examples of compliance.md part 3."""

from dataclasses import asdict
from datetime import date, timedelta

import chinese_calendar
import pytest

from agreements.rules import annualised, ceilings, dates, guarantee, interest, law, limitation, waiver, workdays
from agreements.rules.allocation import Parts
from agreements.rules.refusal import Refused

from .reading import vectors

LAW = law.load()


def day(text):
    return None if text is None else date.fromisoformat(text)


def plain(value):
    """Dataclasses and dates as the JSON of the vectors."""
    found = asdict(value) if hasattr(value, "__dataclass_fields__") else value
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in found.items()}


def _ceilings(lender, formed, on):
    formed = tuple(map(day, formed)) if isinstance(formed, list) else day(formed)
    found = ceilings.ceilings(LAW, lender, formed, day(on))
    return [{name: getattr(one, name) for name in ("ppm", "rule", "effect", "provisional")} for one in found]


def _limitation(due, happened, on, last_instalment, years, off):
    events = [limitation.Happened(event["kind"], day(event["on"])) for event in happened]
    found = plain(
        limitation.limitation(day(due), events, on=day(on), last_instalment=day(last_instalment), years=years, off=off)
    )
    return {name: found[name] for name in ("governing", "alarm", "status")}


def _standing(period, on, demanded_on, changed, consented):
    given = guarantee.Period(day(period["until"]), day(period["expires"]), period["agreed"])
    found = guarantee.standing(given, on=day(on), demanded_on=day(demanded_on), changed=changed, consented=consented)
    return asdict(found)


def _after_default(claim, reduction, paid_fen, becomes_final, order):
    return asdict(waiver.after_default(Parts(**claim), Parts(**reduction), paid_fen, becomes_final, order))


VERBS = {
    "table": lambda: LAW,
    "simple": interest.simple,
    "overdue_rate": interest.overdue_rate,
    "yearly": interest.yearly,
    "clip": lambda **given: asdict(interest.clip(**given)),
    "highest_restated": interest.highest_restated,
    "over_the_whole": interest.over_the_whole,
    "penalty_test": lambda **given: asdict(interest.penalty_test(**given)),
    "rate": lambda **given: asdict(annualised.rate(**given)),
    "days": lambda start, end: dates.days(day(start), day(end)),
    "prime_rate": lambda day: ceilings.prime_rate(LAW, date.fromisoformat(day)),
    "ceilings": _ceilings,
    "add_years": lambda day, years: dates.add_months(date.fromisoformat(day), 12 * years).isoformat(),
    "next_working_day": lambda day, known: workdays.next_working_day(date.fromisoformat(day), known).isoformat(),
    "period": lambda due, agreed_end, default_months, off: plain(
        guarantee.period(day(due), day(agreed_end), default_months=default_months, off=off)
    ),
    "standing": _standing,
    "limitation": _limitation,
    "after_default": _after_default,
}


def answer(verb: str, given: dict) -> object:
    return VERBS[verb](**given)


@pytest.mark.parametrize("vector", vectors("law"))
def test_a_figure_of_the_law_is_exact(vector):
    if "refused" in vector:
        with pytest.raises(Refused) as refusal:
            answer(vector["verb"], vector["in"])
        assert refusal.value.code == vector["refused"]
    else:
        assert answer(vector["verb"], vector["in"]) == vector["out"]


def test_every_limit_of_the_law_is_dated_and_cited():
    for row in LAW["limit"]:
        assert date.fromisoformat(row["valid_from"])
        assert row["citation"]
        assert row["confidence"] in {"S", "P", "N", "M-hi", "M-med"}
        assert set(row["lenders"]) <= set(ceilings.LENDERS)
    assert [row["from"] for row in LAW["lpr"]] == sorted(row["from"] for row in LAW["lpr"])


def test_the_days_off_are_those_of_a_second_library():
    calendar = workdays.load()
    until, at = date.fromisoformat(calendar["published_until"]), date(2024, 1, 1)
    while at <= until:
        assert workdays.is_off(at, calendar) == chinese_calendar.is_holiday(at), at
        at += timedelta(days=1)


def test_a_shift_carries_the_days_it_needs_and_no_more():
    shift = workdays.shift(workdays.load(), date(2026, 9, 1), date(2026, 10, 1))
    assert shift["off"] == ["2026-09-25", "2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"]
    assert shift["work"] == ["2026-09-20", "2026-10-10"]
    assert shift["published_until"] == "2026-12-31"
