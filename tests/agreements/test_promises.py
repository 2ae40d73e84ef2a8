"""Promises and what was paid: on the page of the case, on the phone, and where a return visit is planned."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from agreements import payments, promises
from agreements.models import Agreement
from fieldvisit import cases as case_verbs
from fieldvisit import fragments, packs, people
from fieldvisit.models import Promise, Role, Visit
from fieldvisit.promises import of
from tests.cast import NOW, PASSWORD

DUE = "2026-12-01"


def on(day):
    return datetime.combine(date.fromisoformat(day), NOW.timetz())


@pytest.fixture
def promised(phone, visit, deliver):
    """promised(fen, day) → the row; Ana's visit to Dora has ended."""
    phone.started(visit)

    def make(fen=50_000, day=DUE):
        phone.promise(visit, fen, day)
        deliver()
        return Promise.objects.order_by("pk").last()

    return make


@pytest.fixture
def pay(dora, olga):
    def pay(fen, day, reference=None):
        return payments.record_payment(
            case=dora, reference=reference or f"R-{day}", fen=fen, paid_on=date.fromisoformat(day), by=olga, now=on(day)
        )[0]

    return pay


def broken(day):
    return promises.broken(Promise.objects.all(), on(day))


def test_a_payment_keeps_it_and_one_that_went_back_does_not(promised, pay, dora, olga):
    promised()
    (row,) = of([dora.pk], on("2026-11-25"))[dora.pk]
    assert row.kept.state == "open"
    payment = pay(50_000, "2026-12-01")
    assert of([dora.pk], on("2026-12-02"))[dora.pk][0].kept.state == "kept"
    payments.reverse(payment=payment, reason="returned by the bank", by=olga, now=on("2026-12-02"))
    assert of([dora.pk], on("2026-12-05"))[dora.pk][0].kept.state == "broken"


def test_a_broken_one_is_listed_after_its_grace_until_somebody_has_been_there(promised, dora):
    promised()
    assert broken("2026-12-04") == []
    (row,) = broken("2026-12-05")
    assert (row.case, row.kept.since) == (dora, date(2026, 12, 5))
    Visit.objects.update(started_at=on("2026-12-06"))
    assert broken("2026-12-07") == []


def test_a_new_promise_or_the_money_takes_it_from_the_list(promised, pay):
    promised()
    pay(50_000, "2026-12-06")
    assert broken("2026-12-07") == []
    promised(60_000, "2026-12-20")
    assert broken("2026-12-07") == []
    assert [row.on.isoformat() for row in broken("2026-12-24")] == ["2026-12-20"]


def test_an_agreement_in_force_takes_its_place(agreed, tell, phone, visit, deliver):
    tell(agreed())
    phone.promise(visit, 50_000, DUE)
    deliver()
    assert Agreement.objects.get().state == "sealed"
    assert broken("2026-12-05") == []


def test_it_leads_to_the_plan_of_a_visit_in_one_tap(promised, client, sign_in, chen, dora, monkeypatch):
    promised()
    monkeypatch.setattr("django.utils.timezone.now", lambda: on("2026-12-05"))
    page = sign_in(chen, client).get(reverse("payments")).content.decode()
    assert "承诺没有兑现" in page
    assert f"{reverse('assignments')}?cases={dora.ref}" in page
    assert "没有兑现，未收到款项" in client.get(reverse("case", args=[dora.ref])).content.decode()


def test_another_team_does_not_see_it(promised, client, sign_in, xu, dora, monkeypatch):
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)
    promised()
    monkeypatch.setattr("django.utils.timezone.now", lambda: on("2026-12-05"))
    assert dora.contract_number not in sign_in(wang, client).get(reverse("payments")).content.decode()


def test_the_phone_reads_kept_and_broken_in_both_languages(promised, pay, ana, bruno, chen, dora):
    promised(20_000, "2026-11-25")
    promised(50_000, DUE)
    pay(20_000, "2026-11-25")
    now = on("2026-12-06")
    case_verbs.plan_visits(cases=[dora], collector=ana, second=bruno, on=now.date(), by=chen, now=now)
    seen = packs.scope(ana, now)
    assert [one["state"] for one in seen.data["promises"][dora.ref]] == ["broken", "kept"]
    visit = next(visit for visit in seen.visits if visit.planned_on == now.date())
    page = fragments.render(packs.fragment("prepare", visit, seen), "en")
    assert "500.00 yuan by 2026-12-01" in page and "Promise not kept" in page and "Promise kept" in page
    assert "没有兑现" in fragments.render(packs.fragment("prepare", visit, seen), "zh-hans")


def test_many_promises_cost_as_many_queries_as_one(promised, pay, dora, django_assert_num_queries):
    promised()
    for more in range(2):
        with django_assert_num_queries(2):
            of([dora.pk], NOW + timedelta(days=9))
        promised(10_000 + more)
