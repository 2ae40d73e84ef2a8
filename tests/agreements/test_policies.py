"""The terms that offers are made from: written by one, approved by another, dated, within the law."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agreements import policies, proposals
from agreements.forms import PolicyForm
from agreements.models import OfferPolicy
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY


def typed(policy, **more):
    """The form as the page shows it, sent back with what is changed."""
    shown = {name: value for name, value in PolicyForm.figures(policy).items() if value is not False}
    return shown | {"valid_from": TODAY.isoformat(), "reason": "A longer plan."} | more


def form(policy, **more):
    made = PolicyForm(typed(policy, **more), stands=policy, today=TODAY)
    assert made.is_valid(), made.errors
    return made


def test_what_the_form_shows_and_sends_back_unchanged_is_the_same_policy(policy):
    said = form(policy).terms()
    assert {name: value for name, value in said.items() if getattr(policy, name) != value} == {"valid_from": TODAY}


def test_new_terms_make_offers_once_a_second_person_has_approved_them(policy, visit, chen, mia):
    terms = form(policy, most_months=7).terms()
    wish = policies.propose(creditor=policy.creditor, terms=terms, reason="x", by=chen, now=NOW)
    assert OfferPolicy.objects.standing(TODAY).last() == policy
    with pytest.raises(Refused) as refused:
        policies.decide(policy=wish, approve=True, by=chen, now=NOW)
    assert refused.value.code == "policy.second"
    policies.decide(policy=wish, approve=True, by=mia, now=NOW)
    assert OfferPolicy.objects.standing(TODAY).last() == wish
    assert OfferPolicy.objects.standing(TODAY - timedelta(days=1)).last() == policy
    assert b'"most_months":7' in bytes(proposals.offer_for(visit.case, now=NOW).body)
    with pytest.raises(Refused) as refused:
        policies.decide(policy=wish, approve=False, by=mia, now=NOW)
    assert refused.value.code == "policy.decided"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lender": "consumer-finance", "rate": "20.1"}, "policy.ceiling"),
        ({"valid_from": "2026-11-23"}, "policy.dates"),
        ({"reason": " "}, "policy.reason"),
    ],
)
def test_terms_that_cannot_stand_are_refused_before_anybody_is_asked(policy, chen, more, code):
    made = PolicyForm(typed(policy, **more), stands=policy, today=TODAY)
    made.is_valid()
    reason = made.data["reason"]
    if code != "policy.reason":
        terms = made.terms()
    else:
        terms = form(policy).terms()
    with pytest.raises(Refused) as refused:
        policies.propose(creditor=policy.creditor, terms=terms, reason=reason, by=chen, now=NOW)
    assert refused.value.code == code


def test_the_page_shows_what_stands_and_keeps_what_was_typed(sign_in, client, policy, chen, olga):
    page = reverse("policies", args=[policy.creditor_id])
    sign_in(olga, client)
    shown = client.get(page).content.decode()
    assert "36" in shown and 'name="rate"' not in shown
    assert client.post(page, typed(policy)).status_code == 403
    sign_in(chen, client)
    refused = client.post(page, typed(policy, most_months="0", balloon="33.25"))
    assert refused.status_code == 422 and 'value="33.25"' in refused.content.decode()
    assert client.post(page, typed(policy, valid_from=date(2026, 12, 1).isoformat())).status_code == 302
    assert client.get(page).content.decode().count('value="withdraw"') == 1
