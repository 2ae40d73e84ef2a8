"""Ana's day: put in order, moved by hand in the office or on her phone, a visit put off, an unplanned one."""

from datetime import time, timedelta
from itertools import permutations

import pytest
from django.urls import reverse

from fieldvisit import cases, day, day_plan, packs, pauses, routes
from fieldvisit.models import DayOrder, HoldReason, PutOff, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import route
from fieldvisit.rules.route import Stop
from tests.cast import NOW, TODAY
from tests.phone import Phone

TOMORROW = TODAY + timedelta(days=1)
ZIGZAG = [0, 500000, 100000, 400000, 200000, 300000]


@pytest.fixture
def plan(make_case, ana, chen):
    def made(*offsets, on=TODAY):
        his = [make_case(f"户{n}", lat_e7=303000000 + offset) for n, offset in enumerate(offsets)]
        cases.assign(cases=his, collector=ana, by=chen, now=NOW)
        visits = cases.plan_visits(cases=his, collector=ana, second=None, on=on, by=chen, now=NOW)
        return sorted(visits, key=lambda visit: his.index(visit.case))

    return made


def names(user, on=TODAY):
    return [visit.case.parties.get().name for visit in day_plan.to_make(user, on)]


def test_the_solver_finds_the_shortest_way_of_a_small_day():
    stops = [Stop(str(n), 302000000 + a, 1201000000 + a * 7 % 500000) for n, a in enumerate(ZIGZAG)]
    ordered, how = routes.order(stops, mode="e-bike")
    best = min(route.way_of(list(each), "e-bike") for each in permutations(stops))
    assert how == "solver" and route.way_of(ordered, "e-bike") == best


def test_who_promised_to_pay_today_is_visited_before_noon():
    far = Stop("promised", 302900000, 1201000000, points=60)
    near = [Stop(str(n), 302000000 + n * 20000, 1201000000) for n in range(7)]
    ordered, _how = routes.order([*near, far], mode="e-bike")
    laid = dict(zip([each.key for each in ordered], route.lay_out(ordered, mode="e-bike"), strict=True))
    assert laid["promised"][0] < 12 * 3600


def test_without_the_solver_the_day_goes_to_the_nearest_next(plan, ana, monkeypatch):
    monkeypatch.setattr(routes.importlib, "import_module", lambda name: (_ for _ in ()).throw(ImportError(name)))
    plan(*ZIGZAG)
    assert DayOrder.objects.get().how == "nearest"
    assert names(ana) == ["户0", "户2", "户4", "户5", "户3", "户1"]


def test_the_office_moves_a_visit_and_the_phone_has_its_order_and_hours(plan, ana, chen):
    first, *_others = plan(0, 100000, 200000)
    before = [visit.pk for visit in day_plan.to_make(ana, TODAY)]
    last = Visit.objects.get(pk=before[2])
    day_plan.move(visit=last, places=-1, by=chen, now=NOW)
    shown = [row["visit"] for row in day.today(packs.scope(ana, NOW))["rows"]]
    assert [visit.pk for visit in shown] == [before[0], before[2], before[1]]
    assert shown[1].planned_start < shown[2].planned_start
    Visit.objects.filter(pk=first.pk).update(started_at=NOW)
    with pytest.raises(Refused):
        day_plan.move(visit=first, places=1, by=chen, now=NOW)


def test_an_hour_that_he_asked_for_is_kept_whoever_orders(plan, ana, chen):
    first, *_others = plan(0, 100000, 200000)
    day_plan.wish(visit=first, from_hour=time(17, 0), until_hour=time(18, 0), by=chen, now=NOW)
    first.refresh_from_db()
    assert first.planned_start == time(17, 0) and names(ana)[-1] == "户0"
    with pytest.raises(Refused):
        day_plan.wish(visit=first, from_hour=time(18, 0), until_hour=time(17, 0), by=chen, now=NOW)


def test_her_own_order_from_the_phone_stands_and_an_older_one_does_not_undo_it(plan, ana, chen):
    first, second, third = plan(0, 100000, 200000)
    phone = Phone(ana)
    ids = [str(each.pk) for each in (third, first, second)]
    new = phone.append("plan.ordered/1", {"on": TODAY.isoformat(), "order": ids}, visit_id="", case_ref=first.case.ref)
    old = phone.append(
        "plan.ordered/1", {"on": TODAY.isoformat(), "order": ids[::-1]}, visit_id="", case_ref=first.case.ref,
        at=NOW,
    )  # fmt: skip
    assert [(each["status"], each.get("code")) for each in phone.deliver([new, old])] == [("applied", "")] * 2
    assert names(ana) == ["户2", "户0", "户1"]
    assert str(new.id) in day.today(packs.scope(ana, NOW))["ordered"]


def put_off(phone, visit, new_on=None):
    body = {"visit": str(visit.pk), "reason": "asked", "text": "孩子发烧", "new_on": new_on and new_on.isoformat()}
    return phone.deliver([phone.append("plan.put_off/1", body, visit_id="", case_ref=visit.case.ref)])


def test_a_visit_that_cannot_be_made_goes_to_its_new_day_with_its_reason(plan, ana, chen, client, sign_in):
    first, second = plan(0, 100000)
    phone = Phone(ana)
    put_off(phone, first, TOMORROW)
    put_off(phone, second)
    assert names(ana) == [] and names(ana, TOMORROW) == ["户0"]
    assert [(row.reason, row.new_on) for row in PutOff.objects.order_by("pk")] == [("asked", TOMORROW), ("asked", None)]
    rows = day.today(packs.scope(ana, NOW))["rows"]
    assert [row["state"] for row in rows] == ["put_off"]
    page = sign_in(chen).get(reverse("days"), {"collector": ana.pk, "on": TODAY.isoformat()}).content.decode()
    assert "尚未定新日期" in page


def test_a_visit_under_way_is_not_moved_by_what_comes_late(plan, ana):
    (visit,) = plan(0)
    Visit.objects.filter(pk=visit.pk).update(started_at=NOW)
    put_off(Phone(ana), visit, TOMORROW)
    visit.refresh_from_db()
    assert visit.planned_on == TODAY and PutOff.objects.get().text == "孩子发烧"


def test_she_finds_her_own_cases_only_and_wants_one_visited_today(plan, ana, xu, make_case, client, sign_in):
    (visit,) = plan(0, on=TODAY + timedelta(days=5))
    make_case("户别人")
    found = sign_in(ana).get(reverse("sync-cases"), {"q": "户"}).json()["cases"]
    assert found == []  # one character names half the town
    found = client.get(reverse("sync-cases"), {"q": "户0"}).json()["cases"]
    assert [row["case"] for row in found] == [visit.case.ref]
    phone = Phone(ana)
    want = phone.append("plan.wanted/1", {"on": TODAY.isoformat()}, visit_id="", case_ref=visit.case.ref)
    assert phone.deliver([want])[0]["status"] == "applied"
    assert names(ana) == ["户0"]


def test_nobody_goes_unplanned_where_the_case_is_paused(plan, ana, chen):
    (visit,) = plan(0, on=TODAY + timedelta(days=5))
    pauses.place(case=visit.case, reason=HoldReason.DISPUTE, text="他不认这笔债", by=chen, now=NOW)
    phone = Phone(ana)
    want = phone.append("plan.wanted/1", {"on": TODAY.isoformat()}, visit_id="", case_ref=visit.case.ref)
    assert phone.deliver([want])[0]["status"] in ("held", "rejected")
    assert names(ana) == []


def test_the_order_of_a_day_is_asked_in_the_same_number_of_queries(plan, ana, django_assert_max_num_queries):
    plan(0, 100000, 200000, 300000)
    with django_assert_max_num_queries(24):
        day_plan.arrange(collector=ana, on=TODAY, by=None, now=NOW, mode="car")
    assert DayOrder.objects.order_by("pk").last().mode == "car"
