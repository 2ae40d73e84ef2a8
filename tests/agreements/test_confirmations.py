"""The debtor's own word for what he signed: a code to his number, on the glass or on his own page."""

import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements import confirmations, facts, proposals
from agreements.checks import papers
from agreements.models import Agreement, ConfirmationCode, ConfirmationTry, OfferPolicy, State
from agreements.rules import document
from fieldvisit import keys, messages, record, wire
from fieldvisit.models import Message
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import SAME_ORIGIN

CODE = re.compile(r"\b(\d{6})\b")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sms(monkeypatch):
    """What went out, newest last: (number, text)."""
    sent = []

    class Way:
        name = "test"

        def send(self, *, to, subject, text):
            sent.append((to, text))

    monkeypatch.setattr(messages, "way", lambda channel: Way())
    return sent


@pytest.fixture
def ask(sms, agreed, offer):
    """ask(agreement, at) → confirmation/1 of a code that was sent."""

    def send(agreement, at=NOW, way="glass"):
        said = confirmations.send(
            offer=offer, agreement_id=agreement["agreement_id"], way=way, language="en", now=at,
            terms_sha256=document.terms_hash(agreement, canonical=wire.canonical),
        )  # fmt: skip
        messages.send_due(now=at + timedelta(seconds=1))
        return said

    return send


def entered(said, code, at=NOW + MINUTE):
    row = ConfirmationCode.objects.select_related("offer__case").get(pk=said["code"])
    return confirmations.enter(code=row, said=code, now=at)


def test_a_code_entered_at_the_door_stands_in_the_evidence_signed_by_the_server(ask, sms, agreed, tell, deliver):
    agreement = agreed()
    said = ask(agreement)  # the proposal itself has not arrived yet
    number, text = sms[-1]
    code = CODE.search(text)[1]
    assert number == "19000000006" and said["number"] == "190****0006"
    assert code not in json.dumps(list(ConfirmationCode.objects.values("code_hash", "number")))
    entered(said, f" {code} ")
    tell(agreement)
    deliver()
    row = Agreement.objects.get()
    assert row.state == State.SEALED, row.codes
    (stated,) = json.loads(facts.evidence_json(papers(row, now=timezone.now())))["confirmations"]
    body = {name: value for name, value in stated.items() if name not in ("sig", "public_key")}
    assert keys.verify(wire.canonical(body), stated["sig"], stated["key_id"])
    assert (body["terms_sha256"], body["way"], body["tries"]) == (row.terms_sha256, "glass", 1) and body["confirmed_at"]
    shown = facts.facts(papers(row, now=timezone.now()), b"", None)
    assert shown["not_done"] == ["own_phone", "qualified_certificate"]
    lines = [line["action"] for line in record.timeline(row.case)]
    assert "confirmation.sent" in lines and "confirmation.entered" in lines
    assert ask(agreement, at=NOW + 5 * MINUTE) == {k: v for k, v in stated.items() if k != "public_key"}
    assert sum("confirms" in text for _to, text in sms) == 1  # who has confirmed gets no second code


def test_wrong_and_late_codes_are_counted_and_refused(ask, sms, agreed):
    agreement, codes = agreed(), []

    def refused(work, *args, **kwargs):
        with pytest.raises(Refused) as why:
            work(*args, **kwargs)
        return why.value.code

    said = ask(agreement)
    code = CODE.search(sms[-1][1])[1]
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert refused(ask, agreement, at=NOW + timedelta(seconds=59)) == "confirm.wait"
    for _ in range(5):
        codes.append(refused(entered, said, wrong))
    assert codes == ["confirm.wrong"] * 4 + ["confirm.over"]
    assert refused(entered, said, code) == "confirm.over"  # the tries are used up, even for the right one
    later = ask(agreement, at=NOW + MINUTE)
    fresh = CODE.search(sms[-1][1])[1]
    assert refused(entered, later, fresh, at=NOW + 12 * MINUTE) == "confirm.over"
    for n in range(3):
        ask(agreement, at=NOW + (n + 2) * MINUTE)
    assert refused(ask, agreement, at=NOW + 9 * MINUTE) == "confirm.too_many"
    assert ConfirmationTry.objects.filter(ok=False).count() == 5


def test_what_was_sent_and_entered_is_never_changed(ask, agreed):
    ask(agreed())
    with pytest.raises(DatabaseError), transaction.atomic():
        ConfirmationCode.objects.update(number="another")


def test_where_the_creditor_asks_for_it_the_seal_waits_until_he_confirms_on_his_own_page(
    sms, policy, tell, deliver, phone, request, django_capture_on_commit_callbacks, monkeypatch
):
    OfferPolicy.objects.filter(pk=policy.pk).update(confirmation="required")
    tell(request.getfixturevalue("agreed")())
    deliver()
    row = Agreement.objects.get()
    assert (row.state, row.codes) == (State.HELD, ["seal.unconfirmed"])
    at = phone.now + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    messages.send_due(now=at)
    assert "/d/" in sms[-1][1]
    client, token = Client(headers={"accept-language": "en"}), proposals.copy_token(row.offer)
    client.post(reverse("copy-key", args=[token]), {"way": "identity", "said": "4076"})
    page = reverse("copy-confirmation", args=[token])
    assert page in client.get(reverse("copy", args=[token])).text
    assert client.get(page).status_code == 200
    assert ConfirmationCode.objects.count() == 0  # looking sends nothing
    assert client.post(page, {"do": "send"}).status_code == 200
    messages.send_due(now=at)
    code = CODE.search(sms[-1][1])[1]
    assert client.post(page, {"do": "enter", "said": f"{(int(code) + 1) % 10**6:06d}"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"do": "enter", "said": code}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.SEALED, row.codes
    shown = facts.facts(papers(row, now=at), b"", None)
    assert shown["not_done"] == ["one_time_code", "qualified_certificate"]
    assert client.get(reverse("copy", args=[token])).text.count("Confirmed with a code to 190****0006") == 1


def test_the_phone_asks_only_for_cases_that_are_its_collectors(sms, agreed, offer, ana, xu, sign_in):
    agreement = agreed()
    said = {"offer_id": str(offer.pk), "agreement_id": agreement["agreement_id"], "language": "en",
            "terms_sha256": document.terms_hash(agreement, canonical=wire.canonical)}  # fmt: skip

    def post(user, name, said):
        return sign_in(user, Client()).post(reverse(name), said, content_type="application/json", headers=SAME_ORIGIN)

    assert post(xu, "sync-confirmations", said).status_code == 404
    answer = post(ana, "sync-confirmations", said)
    assert answer.status_code == 200 and answer["X-Fieldvisit-API"] == "1"
    code = answer.json()["statement"]["code"]
    wrong = post(ana, "sync-confirmations-entered", {"code": code, "said": "1", "language": "zh-hans"})
    assert wrong.status_code == 409 and wrong.json()["code"] == "confirm.wrong"
    assert Message.objects.filter(kind="confirmation.code").count() == 1
