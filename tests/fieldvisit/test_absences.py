"""Who is away gets nothing new; what was planned goes to colleagues and comes back; cases are shared out evenly."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldvisit import absences, cases, people
from fieldvisit.models import Assignment, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import desk
from tests.cast import NOW, TODAY

LATER = NOW + timedelta(hours=1)


def whose(*some):
    return [Assignment.objects.get(case=case, until_at=None).collector.username for case in some]


@pytest.fixture
def away(visit, ana, chen):
    return absences.add(collector=ana, first=TODAY, last=TODAY + timedelta(days=2), by=chen, now=NOW)


def test_nothing_is_planned_on_days_off(away, make_case, ana, chen):
    for on, code in ((TODAY + timedelta(days=2), "absence.away"), (TODAY + timedelta(days=3), None)):
        plan = {"cases": [make_case("甲")], "collector": ana, "second": None, "on": on, "by": chen, "now": NOW}
        if code:
            with pytest.raises(Refused) as refused:
                cases.plan_visits(**plan)
            assert refused.value.code == code
        else:
            assert cases.plan_visits(**plan)


def test_her_visits_are_proposed_to_who_is_there_and_last_to_her_companion(away, visit, bruno, chen):
    third = people.new_user(username="dana", name="Dana", role="collector", password="x", team=chen.team)
    assert absences.proposed(away, chen) == [(visit, third)]  # Bruno was to go along with her
    absences.add(collector=third, first=TODAY, last=TODAY, by=chen, now=NOW)
    assert absences.proposed(away, chen) == [(visit, bruno)]
    absences.add(collector=bruno, first=TODAY, last=TODAY, by=chen, now=NOW)
    assert absences.proposed(away, chen) == [(visit, None)]
    with pytest.raises(Refused):
        absences.cover(absence=away, by=chen, now=LATER)


def test_cases_go_to_the_proposed_and_come_back(away, visit, dora, ana, bruno, chen):
    Visit.objects.filter(pk=visit.pk).update(second=None)
    assert absences.cover(absence=away, by=chen, now=LATER) == 1
    assert whose(dora) == ["bruno"]
    assert Visit.objects.filter(case=dora, collector=bruno, planned_on=TODAY, started_at=None).count() == 1
    assert absences.hand_back(absence=away, by=chen, now=LATER + timedelta(days=3)) == 1
    assert whose(dora) == ["ana"]
    with pytest.raises(Refused):
        absences.hand_back(absence=away, by=chen, now=LATER + timedelta(days=3))
    rows = Assignment.objects.filter(case=dora).order_by("from_at").values_list("collector__username", "until_at")
    assert [name for name, _until in rows] == ["ana", "bruno", "ana"]


def test_days_off_do_not_overlap_and_are_not_over(away, ana, chen, xu):
    for first, last, code in ((2, 4, "absence.there"), (5, 4, "absence.days"), (-9, -8, "absence.days")):
        days = {"first": TODAY + timedelta(days=first), "last": TODAY + timedelta(days=last)}
        with pytest.raises(Refused) as refused:
            absences.add(collector=ana, by=chen, now=NOW, **days)
        assert refused.value.code == code
    with pytest.raises(Refused):
        absences.add(collector=xu, first=TODAY, last=TODAY, by=chen, now=NOW)
    absences.withdraw(absence=away, by=chen, now=LATER)
    with pytest.raises(Refused):
        absences.withdraw(absence=away, by=chen, now=LATER)


def test_the_page_of_the_day_does_all_of_it(client, sign_in, chen, visit, ana, dora):
    desk_, today = sign_in(chen), timezone.localdate()
    Visit.objects.filter(pk=visit.pk).update(planned_on=today, second=None)
    address = reverse("day-absences", args=[ana.pk])
    desk_.post(address, {"action": "add", "first": today.isoformat(), "last": today.isoformat()})
    page = desk_.get(f"/office/days/?collector={ana.pk}").content.decode()
    assert dora.contract_number in page and 'value="cover"' in page
    row = ana.absences.get()
    assert desk_.post(address, {"action": "cover", "pk": row.pk}).status_code == 302
    assert desk_.post(address, {"action": "nothing", "pk": row.pk}).status_code == 422


def test_nobody_gets_more_than_the_limit(make_case, ana, chen, monkeypatch):
    monkeypatch.setitem(desk.policy()["queue"], "most_cases", 2)
    three = [make_case(name) for name in "甲乙丙"]
    with pytest.raises(Refused) as refused:
        cases.assign(cases=three, collector=ana, by=chen, now=NOW)
    assert refused.value.code == "assign.full" and not Assignment.objects.exists()
    cases.assign(cases=three[:2], collector=ana, by=chen, now=NOW)
    assert cases.assign(cases=three[:2], collector=ana, by=chen, now=NOW) == 0  # hers already
    with pytest.raises(Refused) as refused:
        cases.share(cases=three[2:], among=[ana], by=chen, now=NOW)
    assert refused.value.code == "assign.full_team"


def test_shared_out_everybody_ends_with_as_many_and_neighbours_stay_together(make_case, ana, bruno, chen):
    old = [make_case(f"旧{n}") for n in range(3)]
    cases.assign(cases=old, collector=ana, by=chen, now=NOW)
    new = [make_case(f"新{n}") for n in range(5)]
    for case, street in zip(new, ("东街1号", "西街1号", "东街2号", "西街2号", "东街3号"), strict=True):
        case.parties.get().addresses.update(street=street)
    given = cases.share(cases=new, among=[ana, bruno], by=chen, now=LATER)
    assert {user.username: len(its) for user, its in given.items()} == {"ana": 1, "bruno": 4}
    assert cases.load([ana, bruno]) == {ana.pk: 4, bruno.pk: 4}
    assert whose(new[0]) == ["ana"] and set(whose(*new[1:])) == {"bruno"}


def test_sharing_out_by_the_page_leaves_out_who_is_away(client, sign_in, make_case, ana, bruno, chen):
    today = timezone.localdate()
    absences.add(collector=ana, first=today, last=today, by=chen, now=timezone.now())
    two = [make_case("甲"), make_case("乙")]
    said = {"cases": [case.ref for case in two], "share": "on", "on": today.isoformat()}
    assert sign_in(chen).post(reverse("assignments"), said).status_code == 302
    assert whose(*two) == ["bruno", "bruno"]
    assert Visit.objects.filter(collector=bruno, planned_on=today).count() == 2
