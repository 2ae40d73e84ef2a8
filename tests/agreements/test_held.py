"""A held agreement and the person who decides: checked again, or rejected with a reason, and what the debtor reads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from agreements import decisions, portal, proposals, signing
from agreements.models import Agreement, Rejection, Sealed, State
from fieldvisit import cases as case_verbs
from fieldvisit import held, people, record
from fieldvisit.models import Debt, Event, Role
from fieldvisit.problems import Refused
from tests.cast import NOW, PASSWORD

from .conftest import signature

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def stuck(agreed, tell, deliver):
    """Held, because the balance in the office's books differs for now."""
    Debt.objects.update(principal_fen=700000)
    tell(agreed())
    deliver()
    agreement = Agreement.objects.select_related("visit", "case").get()
    assert (agreement.state, agreement.codes) == (State.HELD, ["seal.ledger"])
    return agreement


def actions(agreement):
    return [line["action"] for line in record.timeline(agreement.case) if line["action"].startswith("agreement.")]


def token(agreement):
    return proposals.copy_token(agreement.offer)


def test_checked_again_after_the_cause_is_gone_it_is_sealed(stuck, olga):
    Debt.objects.update(principal_fen=717585)
    assert decisions.check_again(agreement=stuck, by=olga, now=LATER).state == State.SEALED
    assert Sealed.objects.get().agreement == stuck
    assert actions(stuck)[-2:] == ["agreement.checked_again", "agreement.sealed"] and record.verify(stuck.case) == []


def test_checked_again_while_the_cause_stands_it_is_held_again(stuck, olga):
    again = decisions.check_again(agreement=stuck, by=olga, now=LATER)
    assert (again.state, again.codes) == (State.HELD, ["seal.ledger"])
    assert actions(stuck)[-2:] == ["agreement.checked_again", "agreement.held"]


def test_rejected_it_is_never_sealed_and_the_debtor_reads_so(stuck, olga, visit, client):
    decisions.reject(agreement=stuck, reason="The balance was wrong.", by=olga, now=LATER)
    Debt.objects.update(principal_fen=717585)
    visit.refresh_from_db()
    signing.refresh(visit)
    stuck.refresh_from_db()
    assert stuck.state == State.REJECTED and not Sealed.objects.exists()
    assert portal.by_token(token(stuck), now=NOW).state == "rejected"
    page = client.get(reverse("copy", args=[token(stuck)])).content.decode()
    assert "has not accepted this agreement. It has no effect" in page
    assert "The balance was wrong." not in page and "朵拉" not in page
    with pytest.raises(Refused) as refused:
        decisions.check_again(agreement=stuck, by=olga, now=LATER)
    assert refused.value.code == "agreement.not_held"


def test_a_reason_is_needed_and_who_was_there_does_not_decide(stuck, olga, visit, chen):
    with pytest.raises(Refused) as refused:
        decisions.reject(agreement=stuck, reason=" ", by=olga, now=LATER)
    assert refused.value.code == "agreement.reason"
    visit.refresh_from_db()
    visit.second = chen
    visit.save()
    stuck.visit = visit
    for verb in (lambda: decisions.reject(agreement=stuck, reason="x", by=chen, now=LATER),
                 lambda: decisions.check_again(agreement=stuck, by=chen, now=LATER)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "agreement.own"
    assert not Rejection.objects.exists()


def test_the_panel_offers_both_and_says_what_was_decided(stuck, olga, sign_in, visit):
    client, page = sign_in(olga), reverse("review", args=[visit.pk])
    assert "Check again" in client.get(page).content.decode()
    answer = client.post(reverse("agreement-checks", args=[stuck.pk]), follow=True)
    assert "Checked again: Held for review" in answer.content.decode()
    answer = client.post(reverse("agreement-rejection", args=[stuck.pk]), {"reason": ""}, follow=True)
    assert "only with a reason" in answer.content.decode()
    answer = client.post(reverse("agreement-rejection", args=[stuck.pk]), {"reason": "A wrong balance."}, follow=True)
    said = answer.content.decode()
    assert "Rejected by the office: A wrong balance." in said and "Check again" not in said


def test_the_page_of_held_work_leads_to_it(stuck, olga, xu, sign_in):
    page = sign_in(olga).get(reverse("held")).content.decode()
    assert reverse("review", args=[stuck.visit_id]) in page and "What is owed has changed" in page
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)
    assert str(stuck.visit_id) not in sign_in(wang).get(reverse("held")).content.decode()


def test_a_supervisor_of_another_team_finds_none_of_it(stuck, xu, sign_in):
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)
    client = sign_in(wang)
    for name in ("agreement-checks", "agreement-rejection"):
        assert client.post(reverse(name, args=[stuck.pk]), {"reason": "x"}).status_code == 404
    stuck.refresh_from_db()
    assert stuck.state == State.HELD


def test_a_signed_proposal_held_by_reassignment_is_accepted_checked_and_sealed(
    agreed, tell, deliver, visit, xu, mia, chen, django_capture_on_commit_callbacks
):
    """Ana's whole visit arrives after the case went to Xu; the administrator accepts, and the checks run as ever."""
    tell(agreed())
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(minutes=2))
    deliver()
    proposal = Event.objects.get(type="agreement.proposed/1")
    assert (proposal.status, proposal.code) == ("held", "after_reassignment")
    assert portal.by_token(proposals.copy_token(visit.case.offers.get()), now=NOW).state == "checking"
    with django_capture_on_commit_callbacks(execute=True):
        held.decide(event=proposal, accept=True, reason="Signed in Ana's time.", by=mia, now=LATER)
    agreement = Agreement.objects.get()
    assert agreement.state == State.SEALED, agreement.codes
    assert {row.status for row in Event.objects.all()} == {"applied"}


def test_a_signed_proposal_that_is_not_let_in_is_no_agreement_and_the_debtor_reads_so(
    agreed, tell, deliver, visit, xu, mia, chen, client
):
    tell(agreed())
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(minutes=2))
    deliver()
    held.decide(event=Event.objects.get(type="agreement.proposed/1"), accept=False, reason="No.", by=mia, now=LATER)
    link = proposals.copy_token(visit.case.offers.get())
    assert portal.by_token(link, now=NOW).state == "rejected" and not Agreement.objects.exists()
    assert client.get(reverse("copy", args=[link])).status_code == 200


def test_a_signature_that_came_for_nothing_is_tried_again_when_its_agreement_is_here(
    agreed, tell, deliver, phone, visit, chen
):
    agreement = agreed()
    signed = phone.append("signature.captured/1", {"signature": signature(agreement)}, visit=visit)
    deliver()
    row = Event.objects.get(pk=signed.id)
    with pytest.raises(Refused) as refused:
        held.decide(event=row, accept=True, reason="x", by=chen, now=LATER)
    assert refused.value.code == "held.still"
    tell.sign(agreement, signed=[])
    deliver(phone.outbox[1:])
    held.decide(event=row, accept=True, reason="It is here now.", by=chen, now=LATER)
    assert Agreement.objects.get().signatures.count() == 1
