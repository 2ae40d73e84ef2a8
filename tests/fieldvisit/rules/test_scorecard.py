"""Points have reasons; what is unknown is said; care never counts against anybody; who somebody is never counts."""

from datetime import date

import pytest

from fieldvisit.rules import scorecard

TODAY = date(2026, 11, 24)
POLICY = scorecard.policy(TODAY)


def fact(n, source="file"):
    return {"n": n, "source": source, "on": "2026-11-01"}


def dimension(name, facts=None, seen=()):
    found = scorecard.score(facts or {}, [{"id": each, "on": "2026-11-20"} for each in seen], POLICY)
    return next(each for each in found if each["name"] == name)


def test_nothing_known_is_said_and_not_guessed():
    for each in scorecard.score({}, [], POLICY):
        assert (each["level"], each["points"], each["lines"]) == ("unknown", 0, [])
        assert each["unknown"]


@pytest.mark.parametrize(
    ("days", "points", "level"),
    [(0, 3, "strong"), (89, 3, "strong"), (90, 2, "strong"), (180, 1, "weak"), (364, 1, "weak"), (365, 0, "weak")],
)
def test_days_overdue_earn_less_with_every_step(days, points, level):
    found = dimension("history", {"overdue_days": fact(days)})
    assert (found["points"], found["most"], found["level"]) == (points, 3, level)


def test_each_point_has_its_reason_in_both_languages_with_source_and_date():
    (line,) = dimension("ability", {"surplus_fen": fact(123450, "statement")})["lines"]
    assert line["text"] == {"zh-hans": "每月剩 1,234.50 元", "en": "1,234.50 yuan are left each month"}
    assert (line["source"], line["on"], line["points"], line["most"]) == ("statement", "2026-11-01", 2, 3)


def test_what_was_ticked_stands_beside_the_figures():
    found = dimension("willingness", {"kept_ppm": fact(0)}, ["offers", "listens"])
    assert [line["kind"] for line in found["lines"]] == ["figure", "seen", "seen"]
    assert (found["points"], found["most"], found["level"]) == (3, 5, "strong")
    assert dimension("willingness", {"kept_ppm": fact(0)}, ["avoids"])["level"] == "weak"


def test_care_is_due_and_counts_against_nobody():
    plain = scorecard.score({"overdue_days": fact(10)}, [], POLICY)
    ill = scorecard.score({"overdue_days": fact(10)}, [{"id": "illness", "on": "2026-11-20"}], POLICY)
    assert ill[:5] == plain[:5]
    assert ill[5]["level"] == "care"


def test_who_somebody_is_can_never_be_scored():
    for forbidden in ("age", "sex", "ethnicity", "district"):
        assert forbidden in scorecard.data()["never"]
        bad = {"never": [forbidden], "policy": [{"criterion": [{"fact": forbidden, "dimension": "ability"}]}]}
        with pytest.raises(ValueError, match=forbidden):
            scorecard.check(bad)


def test_every_band_speaks_both_languages_and_the_last_takes_the_rest():
    for each in POLICY["criterion"]:
        assert "below" not in each["bands"][-1] and all("below" in band for band in each["bands"][:-1])
        assert all(band["zh-hans"] and band["en"] for band in each["bands"])
