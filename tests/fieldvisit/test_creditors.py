"""Whom the debtor pays is changed by two people, and both are named."""

import pytest
from django.urls import reverse

from fieldvisit import creditors
from fieldvisit.models import CreditorChange, Mandate
from fieldvisit.problems import Refused
from tests.cast import NOW

SAID = {
    "name": "甲银行股份有限公司", "short_name": "甲银行", "lender_type": "licensed-bank", "complaint_phone": "95500",
    "account_name": "甲银行股份有限公司", "account_bank": "甲银行杭州分行", "account_number": "6222000099998888",
}  # fmt: skip


def ask(creditor, by, **more):
    said = {"values": SAID, "reason": "The account has moved."} | more
    return creditors.propose(creditor=creditor, by=by, now=NOW, **said)


def test_another_account_stands_once_a_second_person_has_approved_it(creditor, chen, mia):
    change = ask(creditor, chen)
    creditor.refresh_from_db()
    assert creditor.account_number == "6222000011113306"
    with pytest.raises(Refused) as refused:
        creditors.decide(change=change, approve=True, by=chen, now=NOW)
    assert refused.value.code == "creditor.second"
    creditors.decide(change=change, approve=True, by=mia, now=NOW)
    creditor.refresh_from_db()
    assert creditor.account_number == "6222000099998888"
    change.refresh_from_db()
    assert (change.by, change.decided_by, change.before["account_number"]) == (chen, mia, "6222000011113306")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": "  "}, "creditor.reason"),
        ({"values": {**SAID, "account_number": "6222000011113306"}}, "creditor.same"),
        ({"values": {**SAID, "name": ""}}, "creditor.wrong"),
    ],
)
def test_what_cannot_stand_is_refused_before_anybody_is_asked(creditor, chen, more, code):
    with pytest.raises(Refused) as refused:
        ask(creditor, chen, **more)
    assert refused.value.code == code and not CreditorChange.objects.exists()


def test_one_change_at_a_time_and_none_over_what_stands_otherwise_now(creditor, chen, mia):
    change = ask(creditor, chen)
    with pytest.raises(Refused) as refused:
        ask(creditor, mia)
    assert refused.value.code == "creditor.waiting"
    creditor.complaint_phone = "95501"
    creditor.save()
    with pytest.raises(Refused) as refused:
        creditors.decide(change=change, approve=True, by=mia, now=NOW)
    assert refused.value.code == "creditor.moved"
    creditors.decide(change=change, approve=False, by=chen, now=NOW)  # who asked may withdraw it
    with pytest.raises(Refused) as refused:
        creditors.decide(change=change, approve=True, by=mia, now=NOW)
    assert refused.value.code == "creditor.decided"


def test_a_new_creditor_and_its_mandate_by_the_pages(sign_in, client, creditor, chen, mia):
    sign_in(chen, client)
    said = {**SAID, "name": "乙银行", "short_name": "乙", "reason": "A new customer."}
    assert client.post(reverse("creditor-new"), said).status_code == 302
    wrong = client.post(reverse("creditor-new"), {**said, "account_number": "?"})
    assert wrong.status_code == 422 and "乙银行" in wrong.content.decode()  # what was typed stays
    change = CreditorChange.objects.get()
    sign_in(mia, client)
    assert "乙银行" in client.get(reverse("creditors")).content.decode()
    client.post(reverse("creditor-decision", args=[change.pk]), {"decision": "approve"})
    change.refresh_from_db()
    made = change.creditor
    days = {"valid_from": "2026-11-01", "valid_until": "2026-10-01"}
    mandate = {"agency": "正和资产服务有限公司", "number": "M-1", "reason": "Signed.", **days}
    page = reverse("mandate-new", args=[made.pk])
    assert client.post(page, mandate).status_code == 422
    assert client.post(page, {**mandate, "valid_until": "2027-10-31"}).status_code == 302
    sign_in(chen, client)
    client.post(reverse("creditor-decision", args=[CreditorChange.objects.latest("pk").pk]), {"decision": "approve"})
    found = Mandate.objects.get(creditor=made)
    assert (found.number, str(found.valid_until)) == ("M-1", "2027-10-31")
    longer = {**mandate, "valid_until": "2028-10-31"}
    assert client.post(reverse("mandate-change", args=[found.pk]), longer).status_code == 302
