"""Statutory days off, against a second library for the years that are published."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from fieldvisit.rules.days_off import days_off


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_published_years_agree_with_a_second_library(year):
    ours = days_off(date(year, 1, 1), date(year, 12, 31))
    assert set(ours.values()) == {True}
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if year % 4 == 0 else 365)]
    theirs = {day.isoformat() for day in every if all(chinese_calendar.get_holiday_detail(day))}
    assert theirs <= set(ours)
    # a weekend that only touches a festival is free anyway
    assert all(date.fromisoformat(day).weekday() >= 5 for day in set(ours) - theirs)


def test_a_working_saturday_is_no_day_off():
    assert "2026-10-10" not in days_off(date(2026, 10, 1), date(2026, 10, 31))


def test_a_year_without_a_notice_has_its_festivals_provisionally():
    ours = days_off(date(2027, 1, 1), date(2027, 12, 31))
    assert ours["2027-05-01"] is False and ours["2027-10-01"] is False
    assert "2027-10-04" not in ours
