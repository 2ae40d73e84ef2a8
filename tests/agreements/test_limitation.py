"""A debt past limitation: no offer, no seal, until a supervisor releases it; then its notice is in the text."""

from datetime import date, timedelta

import pytest
import rfc8785
from django.db import DatabaseError, transaction
from uuid6 import uuid7

from agreements import limitation, proposals
from agreements.models import Agreement, LimitationRelease
from agreements.rules import document, wording
from fieldvisit import conduct, record, wire
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY

LONG_AGO = date(2023, 11, 23)


@pytest.fixture
def old(dora, policy):
    """Dora's debt fell due three years and a day ago, and nothing is known since."""
    dora.debt.due_since, dora.debt.term_months = LONG_AGO, None
    dora.debt.save()
    return dora


@pytest.fixture
def agreed_for():
    """agreed_for(case) → agreement/1 over twelve months under the case's own offer of today."""

    def build(case):
        offer = proposals.offer_for(case, now=NOW)
        choice = {"method": "interest-free/1", "instalments": 12, "anchor_day": 25, "first_due": "2026-12-25",
                  "interest_from": TODAY.isoformat()}  # fmt: skip
        sets = wording.load("cn-repayment"), wording.load("cn-rights")
        return document.build(wire.parse(bytes(offer.body)), choice, *sets, "zh-hans", str(uuid7()),
                              offer_sig=offer.sig, canonical=rfc8785.dumps)  # fmt: skip

    return build


def status(case, on=TODAY):
    return limitation.of([case], on=on)[case.pk].status


def refused(case, reason, by) -> str:
    with pytest.raises(Refused) as refusal:
        limitation.release(case=case, reason=reason, by=by, now=NOW)
    return refusal.value.code


def test_the_last_day_still_runs(old):
    assert status(old, TODAY - timedelta(days=1)) == "running"
    assert status(old) == "expired"


def test_the_last_instalment_of_the_loan_keeps_it_open_for_doubt(old):
    """Civil Code 189: until three years after the last instalment the creditor may say that it runs."""
    old.debt.formed_on, old.debt.term_months = date(2023, 1, 1), 36
    old.debt.save()
    assert status(old) == "possibly-expired"


def test_an_old_debt_gets_no_offer_until_a_supervisor_releases_it(old, chen):
    assert proposals.offered([old], now=NOW)[1][old.pk].code == "no_offer.limitation"
    limitation.release(case=old, reason="he asked for it himself", by=chen, now=NOW)
    body = wire.parse(bytes(proposals.offer_for(old, now=NOW).body))
    assert body["parties"]["debt"]["limitation"] == "expired"
    assert record.verify(old) == []


def test_its_notice_stands_in_what_he_reads_and_signs(old, chen, visit, tell, deliver, agreed_for):
    limitation.release(case=old, reason="he asked for it himself", by=chen, now=NOW)
    agreement = agreed_for(old)
    notice = [paragraph for paragraph in agreement["rendered_text"] if paragraph["clause"] == "c12"]
    assert len(notice) == 4
    assert all(paragraph["key"] for paragraph in notice)
    tell(agreement)
    deliver()
    assert Agreement.objects.get().state == "sealed"


def test_what_was_offered_while_it_ran_is_not_sealed_once_it_is_over(offer, agreed, tell, deliver, dora):
    agreement = agreed()
    dora.debt.due_since, dora.debt.term_months = LONG_AGO, None
    dora.debt.save()
    tell(agreement)
    deliver()
    held = Agreement.objects.get()
    assert (held.state, held.codes) == ("held", ["seal.limitation"])


def test_only_a_supervisor_with_a_reason_releases_and_only_once(old, chen, ana):
    for by, reason, code in [
        (ana, "x", "limitation.supervisor"),
        (chen, "  ", "limitation.reason"),
    ]:
        assert refused(old, reason, by) == code
    limitation.release(case=old, reason="x", by=chen, now=NOW)
    assert refused(old, "x", chen) == "limitation.released"


def test_a_debt_that_runs_needs_no_release(dora, policy, chen):
    assert refused(dora, "x", chen) == "limitation.running"


def test_a_release_is_never_changed(old, chen):
    limitation.release(case=old, reason="x", by=chen, now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        LimitationRelease.objects.update(reason="y")


def test_a_plan_that_was_sealed_starts_the_time_again(offer, agreed, tell, deliver, dora):
    tell(agreed(instalments=12))
    deliver()
    assert Agreement.objects.get().state == "sealed"
    dora.debt.due_since, dora.debt.term_months = LONG_AGO, None
    dora.debt.save()
    found = limitation.of([dora], on=TODAY)[dora.pk]
    assert (found.status, found.alarm.isoformat(), found.governing.isoformat()) == (
        "running", "2029-11-24", "2030-11-25",
    )  # fmt: skip


def test_the_case_page_says_how_it_stands_and_lets_a_supervisor_release_it(old, chen, sign_in):
    page = sign_in(chen)
    shown = page.get(f"/office/cases/{old.ref}/").content.decode()
    assert "2026-11-23" in shown
    assert f"/office/cases/{old.ref}/limitation/" in shown
    assert page.post(f"/office/cases/{old.ref}/limitation/", {"reason": "he asked himself"}).status_code == 302
    shown = page.get(f"/office/cases/{old.ref}/").content.decode()
    assert "he asked himself" in shown
    assert f"/office/cases/{old.ref}/limitation/" not in shown


def test_the_rules_of_conduct_know_the_alarm_and_stop_a_promise_on_an_old_debt(old, chen):
    def facts():
        return conduct.situations([old], NOW)[old.pk]["facts"]

    assert (facts()["limitation_on"], facts()["limitation_open"]) == ("2026-11-23", True)
    assert "CN-LIM-02" in stopped(old, "promise")
    limitation.release(case=old, reason="he asked himself", by=chen, now=NOW)
    assert facts()["limitation_open"] is False
    assert "CN-LIM-02" not in stopped(old, "promise")


def stopped(case, act):
    return [verdict.rule for verdict in conduct.weigh(case, act, at=NOW)[1] if verdict.effect != "ok"]
