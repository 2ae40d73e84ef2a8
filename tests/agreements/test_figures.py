"""The evaluation against a set counted by hand: every figure of docs/figures.md, by each way to look at it."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from agreements import figures, payments
from agreements.models import Agreement, Concern
from fieldvisit import cases as case_verbs
from fieldvisit.models import Team, Visit
from tests.agreements.conftest import signature
from tests.cast import NOW, TODAY

FIRST = date(2026, 11, 1)
LAST = date(2026, 12, 31)


@pytest.fixture
def told(visit, phone, agreed, tell, deliver, make_case, ana, xu, chen, mia, olga):
    """By hand: Dora (car, Ana, team one): one visit, met, one plan of three rows, promise of 500 kept, one of 900
    broken, paid 500, and 100 taken back. Gao (home, Xu, another team): three visits, two met, a complaint, paid 2."""
    doc = agreed(instalments=3)
    phone.promise(visit, 50_000, "2026-11-27")
    phone.promise(visit, 90_000, "2026-12-01")
    tell(doc, signed=[signature(doc)])
    deliver()
    plan = Agreement.objects.get()
    assert plan.state == "sealed", plan.codes
    pay = {"by": olga, "now": NOW + timedelta(days=3)}
    payments.record_payment(case=visit.case, reference="a", fen=50_000, paid_on=date(2026, 11, 26), **pay)
    back, _new = payments.record_payment(case=visit.case, reference="b", fen=10_000, paid_on=date(2026, 11, 26), **pay)
    payments.reverse(payment=back, reason="=HYPERLINK(1)", by=olga, now=NOW + timedelta(days=4))
    gao = make_case("高", contract="=1+1")
    gao.product, gao.team = "home", xu.team
    gao.save()
    case_verbs.assign(cases=[gao], collector=xu, by=mia, now=NOW - timedelta(days=20))
    gao.refresh_from_db()
    for days, outcome in ((1, "no_agreement"), (2, "not_met"), (9, "refused"), (90, "refused")):
        at = NOW - timedelta(days=days)
        Visit.objects.create(case=gao, collector=xu, planned_on=at.date(), started_at=at,
                             ended_at=at + timedelta(minutes=20), outcome=outcome)  # fmt: skip
    payments.record_payment(case=gao, reference="c", fen=200, paid_on=date(2026, 11, 23), by=olga, now=NOW)
    for days, kind in ((1, "complaint"), (1, "feedback")):
        Concern.objects.create(case=gao, kind=kind, language="en", received_at=NOW - timedelta(days=days), text="x")
    return {"dora": visit.case, "gao": gao, "plan": plan}


DORA = {"visits": 1, "met": 1, "due": 2, "kept": 1, "signed": 1, "in_force": 1, "performing": 1, "recovered": 50_000,
        "looked": 1}  # fmt: skip
GAO = {"visits": 3, "met": 2, "recovered": 200, "complaints": 1, "looked": 3}
LATER = NOW + timedelta(days=14)  # both promises are over, the first instalment is not


def counted(user, by):
    rows = figures.table(figures.items(user, FIRST, LAST, LATER), by)
    drop = {"flagged"}  # which acts are flagged is the rules' own story: tests/fieldvisit/test_conduct.py
    return {row["name"]: {k: n for k, n in row["sums"].items() if k not in drop} for row in rows}


def test_every_figure_is_what_was_counted_by_hand(told, mia):
    assert counted(mia, "team") == {told["dora"].team.name: DORA, "广州一组": GAO}
    assert counted(mia, "collector") == {"Ana": DORA, "Xu": GAO}
    assert counted(mia, "product") == {"car": DORA, "home": GAO}
    weeks = counted(mia, "week")
    assert list(weeks) == ["2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30"]
    assert weeks["2026-11-09"] == {"visits": 1, "met": 1, "looked": 1}
    assert weeks["2026-11-16"] == {"visits": 1, "looked": 1}
    assert weeks["2026-11-30"] == {"due": 1}
    assert weeks["2026-11-23"] == {
        "visits": 2, "met": 2, "due": 1, "kept": 1, "signed": 1, "in_force": 1, "performing": 1, "recovered": 50_200,
        "complaints": 1, "looked": 2,
    }  # fmt: skip


def test_a_supervisor_counts_his_own_team_only(told, chen):
    assert counted(chen, "team") == {told["dora"].team.name: DORA}


def test_shares_are_of_what_they_say(told, mia):
    sums = figures.total(figures.items(mia, FIRST, LAST, LATER))
    said = {name: figures.ratio(sums, of, per) for name, of, per in figures.COLUMNS if per}
    assert (said["contact"], said["kept"], said["performing"], said["complaint_rate"]) == (75, 50, 100, 25)
    assert figures.ratio({}, "met", "visits") is None


def test_a_cohort_is_judged_on_its_own_days(told, mia, olga):
    (line,) = figures.cohorts(mia, datetime(2026, 12, 25, 4, tzinfo=NOW.tzinfo))
    assert (line["month"], line["plans"], line["shares"][:2]) == (date(2026, 11, 1), 1, [100, None])
    (line,) = figures.cohorts(mia, datetime(2027, 3, 1, 4, tzinfo=NOW.tzinfo))
    assert line["shares"][:4] == [100, 0, 0, None], "the first instalment stayed away beyond its grace"


def test_the_number_of_queries_does_not_grow(told, mia, make_case, xu, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as few:
        figures.table(figures.items(mia, FIRST, LAST, LATER), "collector")
    for n in range(8):
        case = make_case()
        Visit.objects.create(case=case, collector=xu, planned_on=TODAY, started_at=NOW, ended_at=NOW, outcome="refused")
        payments.record_payment(case=case, reference=f"m{n}", fen=1, paid_on=TODAY, by=None, now=NOW)
    with django_assert_max_num_queries(len(few)):
        figures.table(figures.items(mia, FIRST, LAST, LATER), "collector")


def test_the_page_leads_to_the_cases_and_gives_both_files(told, mia, sign_in, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    client, days = sign_in(mia), "first=2026-11-01&last=2026-12-31"
    page = client.get(f"/office/figures/?by=product&{days}").content.decode()
    assert "75.0%" in page and "502.00" in page and "25.0" in page
    cases = client.get(f"/office/figures/cases/?figure=recovered&by=product&key=home&{days}").content.decode()
    assert told["gao"].ref in cases and told["dora"].ref not in cases and "2.00" in cases
    text = client.get(f"/office/figures/cases/?figure=recovered&{days}&format=csv").content.decode("utf-8-sig")
    assert "'=1+1," in text and "\n=" not in text
    book = client.get(f"/office/figures/cases/?figure=recovered&{days}&format=xlsx")
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}, "no cell is a formula"
    assert sum(row[3] for row in sheet.iter_rows(min_row=2, values_only=True)) == 502
    rows = list(load_workbook(io.BytesIO(client.get(f"/office/figures/?by=product&{days}&format=xlsx").content)).active)
    assert [cell.value for cell in rows[-1]][1:] == [4, 75, 50, 1, 100, 502, 25, rows[-1][8].value]


def test_a_period_that_is_none_shows_the_last_weeks(told, mia, sign_in):
    english = {"accept-language": "en"}
    page = sign_in(mia).get("/office/figures/?first=2026-12-31&last=2026-01-01", headers=english).content.decode()
    assert "at most a year apart" in page
    assert Team.objects.count() == 2
