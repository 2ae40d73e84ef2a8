"""Chen writes down what secures Dora's debt: its dates alarm, the briefing names it, and it goes to court whole."""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from fieldvisit import alarms, briefing, court, packs, record, securities
from fieldvisit.models import CourtHandover, Security
from fieldvisit.problems import Refused
from fieldvisit.rules import court as papers
from tests.cast import NOW, TODAY

FLAT = {"kind": "home", "what": "Flat 3-402", "mode": "mortgage"}


def page(response):
    return response.content.decode()


def test_a_date_alarms_before_it_runs_out_and_no_more_once_it_was_renewed(sign_in, dora, chen, xu):
    desk, url = sign_in(chen), f"/office/cases/{dora.ref}/securities/"
    soon, late = TODAY + timedelta(days=20), TODAY + timedelta(days=400)
    assert desk.post(url, FLAT | {"insured_until": soon, "registered_until": late}).status_code == 302
    (found,) = securities.running_out(chen, NOW)
    assert (found["end"]["name"], found["end"]["on"]) == ("insured_until", soon)
    assert securities.running_out(xu, NOW) == []
    assert [line.n for line in alarms.watch(chen, NOW).lines if line.page == "securities"] == [1]
    row = Security.objects.get()
    assert desk.post(f"{url}{row.pk}/", FLAT | {"insured_until": late}).status_code == 302
    assert securities.running_out(chen, NOW) == []
    assert desk.get(f"{url}{row.pk}/").status_code == 404  # it was replaced
    assert [line["action"] for line in record.timeline(dora)][-2:] == ["security.written"] * 2
    with pytest.raises(Error), transaction.atomic():
        Security.objects.update(what="x")


def test_a_value_without_its_source_is_refused_and_what_was_typed_stays(sign_in, dora, chen):
    answer = sign_in(chen).post(f"/office/cases/{dora.ref}/securities/", FLAT | {"value": "120000.50"})
    assert answer.status_code == 422 and 'value="120000.50"' in page(answer) and 'value="Flat 3-402"' in page(answer)
    assert not Security.objects.exists()


def test_the_briefing_says_what_secures_the_debt_until_when(sign_in, visit, chen, ana):
    said = FLAT | {"value": "120000.50", "source": "Bank A", "valued_on": TODAY, "registered_until": TODAY}
    sign_in(chen).post(f"/office/cases/{visit.case.ref}/securities/", said)
    seen = packs.scope(ana, NOW)
    (line,) = briefing.prepare(seen.visits[0], seen)["securities"]
    assert (line["row"].value_fen, line["ends"][0]["name"]) == (12_000_050, "registered_until")


def test_a_case_goes_to_court_with_what_is_found_and_says_why_something_is_missing(sign_in, visit, chen):
    case, desk = visit.case, sign_in(chen)
    states = {paper["id"]: paper["state"] for paper in papers.papers(court.facts(case, NOW), set())}
    assert states["balance"] == "found" and states["agreement"] == states["contract"] == "missing"
    refused = desk.post(f"/office/cases/{case.ref}/court/", {"to": "Li & Partners", "paper": "contract"})
    assert refused.status_code == 422 and 'value="Li &amp; Partners"' in page(refused)
    assert 'value="contract" checked' in page(refused) and not CourtHandover.objects.exists()
    with pytest.raises(Refused):
        court.hand_over(case=case, to=" ", by_hand=set(), reason="x", by=chen, now=NOW)
    court.hand_over(case=case, to="Li & Partners", by_hand={"contract"}, reason="time limit", by=chen, now=NOW)
    kept = CourtHandover.objects.get()
    assert (kept.papers["contract"], kept.papers["agreement"], kept.by) == ("by hand", "missing", chen)
    assert "Li &amp; Partners" in page(desk.get(f"/office/cases/{case.ref}/"))
