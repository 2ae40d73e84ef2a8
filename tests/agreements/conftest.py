"""Dora's visit, told by Ana's phone up to a signed agreement."""

from datetime import date, timedelta

import pytest
import rfc8785
from uuid6 import uuid7

from agreements import proposals
from agreements.models import OfferPolicy
from agreements.rules import document, schedule, wording
from fieldvisit import wire
from tests.cast import NOW, TODAY
from tests.phone import HOME, Phone

STROKES = {
    "pad": [35800, 16800],
    "pointer": "touch",
    "data": [
        [[10760 + 300 * i, 2530 + 200 * i, 16 * i, 500] for i in range(20)],
        [[20000, 4000 + 250 * i, 600 + 16 * i, 480] for i in range(15)],
    ],
}


def strokes(n: int) -> dict:
    """Another drawing for every n."""
    return STROKES | {"data": [[[x + n, y, t, p] for x, y, t, p in stroke] for stroke in STROKES["data"]]}


@pytest.fixture
def policy(creditor):
    return OfferPolicy.objects.create(
        creditor=creditor, valid_from=date(2026, 1, 1), methods=["interest-free/1", "equal-instalment/1"],
        annual_rate_ppm=60000, least_fen=10000, most_months=36, allocation=["cost", "interest", "principal", "penalty"],
        statement_required=False,  # what the household told has its own stories in test_statements.py
    )  # fmt: skip


@pytest.fixture
def offer(policy, visit):
    return proposals.offer_for(visit.case, now=NOW - timedelta(hours=1))


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def agreed(offer):
    """agreed(instalments=12, …) → agreement/1 as the phone builds it."""

    def build(*, language="zh-hans", method="interest-free/1", instalments=12, agreement_id=None, day=TODAY):
        choice = {"method": method, "instalments": instalments, "anchor_day": 25, "interest_from": day.isoformat(),
                  "first_due": schedule.first_due(day, 25).isoformat()}  # fmt: skip
        return document.build(
            wire.parse(bytes(offer.body)), choice, wording.load("cn-repayment"), wording.load("cn-rights"), language,
            agreement_id or str(uuid7()), offer_sig=offer.sig, canonical=rfc8785.dumps,
        )  # fmt: skip

    return build


def signature(agreement: dict, **changes) -> dict:
    """signature/1 of the debtor; `changes` replace top-level keys."""
    (signer,) = agreement["required_signers"]
    consents = ["electronic-form", "read", "no-duress", "copy-received", "location"]
    return {
        "schema": "signature/1",
        "agreement_id": agreement["agreement_id"],
        "terms_sha256": document.terms_hash(agreement, canonical=rfc8785.dumps),
        "signer": signer | {"id_check": "seen:id-card", "consents": consents},
        "display": {"w": 412, "h": 915, "font_px": 20, "reached_end": True, "visible_ms": 48200},
        "strokes": STROKES,
        "collectors": ["ana", "bruno"],
        "location": HOME,
        "photos": [],
    } | changes


@pytest.fixture
def tell(phone, visit):
    """tell(agreement, signed=[signature/1, …]) → the events of a whole visit in which Dora signs, still on the phone.

    tell.sign(agreement, signed=…) adds only the proposal and its signatures.
    """

    def events(agreement, *, signed=None, second="bruno"):
        phone.started(visit)
        consent(second)
        phone.note(visit)
        sign(agreement, signed)
        phone.ended(visit)
        return phone.outbox

    def consent(second="bruno"):
        phone.append("visit.consent/1", {"identity_shown": True, "recording_announced": True, "present": ["debtor"],
                                         "second": second, "entry": "given"}, visit=visit)  # fmt: skip

    def sign(agreement, signed=None):
        proposal = phone.append("agreement.proposed/1", {"agreement": agreement}, visit=visit)
        for each in [signature(agreement)] if signed is None else signed:
            phone.append("signature.captured/1", {"signature": each}, visit=visit, depends_on=[proposal])

    events.sign, events.consent = sign, consent
    return events


@pytest.fixture
def deliver(phone, django_capture_on_commit_callbacks, monkeypatch):
    """deliver() → the verdicts of all that waits on the phone; the worker's task runs as after a commit, at that time.

    deliver.later = timedelta(…) lets time pass between the visit and its arrival.
    """
    monkeypatch.setattr("django.utils.timezone.now", lambda: phone.now + timedelta(minutes=5) + now.later)

    def now(events=None):
        with django_capture_on_commit_callbacks(execute=True):
            return phone.deliver(events, now=phone.now + timedelta(minutes=5) + now.later)

    now.later = timedelta()
    return now
