"""Who may reach what: a collector his own cases, a supervisor his team's, the office all; a stranger nothing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from fieldvisit import access
from fieldvisit import cases as case_verbs
from fieldvisit.problems import Refused


def test_each_role_reaches_its_cases(visit, dora, ana, bruno, chen, olga, mia, xu):
    assert [list(access.cases(user)) for user in (ana, chen, olga, mia)] == [[dora]] * 4
    assert [list(access.cases(user)) for user in (bruno, xu, AnonymousUser())] == [[]] * 3


def test_a_disabled_user_reaches_nothing(visit, ana):
    ana.is_active = False
    assert not access.cases(ana).exists()
    assert not access.visits(ana).exists()


def test_a_supervisor_without_a_team_reaches_nothing(visit, chen):
    chen.team = None
    assert not access.cases(chen).exists()


def test_after_reassignment_nothing_of_the_case_reaches_the_first_collector(visit, dora, ana, bruno, chen, now):
    case_verbs.assign(cases=[dora], collector=bruno, by=chen, now=now)
    assert not access.cases(ana).exists()
    assert not access.visits(ana).exists()
    assert list(access.cases(bruno)) == [dora]
    (his,) = access.visits(bruno)  # not yet begun: it goes with the case, under a name of its own
    assert (his.planned_on, his.planned_start, his.collector) == (visit.planned_on, visit.planned_start, bruno)
    assert his.pk != visit.pk


def test_assigning_twice_changes_nothing(visit, dora, ana, chen, now):
    assert case_verbs.assign(cases=[dora], collector=ana, by=chen, now=now) == 0
    assert dora.assignments.count() == 1


def test_only_collectors_are_assigned(dora, olga, chen, now):
    with pytest.raises(Refused) as refused:
        case_verbs.assign(cases=[dora], collector=olga, by=chen, now=now)
    assert refused.value.code == "assign.not_a_collector"


def test_no_page_of_the_office_stays_in_the_browser_after_signing_out(client, sign_in, visit, dora, olga):
    sign_in(olga)
    for address in ("/office/", "/office/cases/", f"/office/cases/{dora.ref}/", f"/office/visits/{visit.pk}/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
