"""A signed, sealed and partly paid agreement in the demo's database, for journeys at the debtor's page and at the desk.

Run inside a server's own environment: manage.py shell -c "from tests.agreements.played import debtor; debtor()".
"""

import contextlib
from datetime import timedelta

import rfc8785
from django.utils import timezone
from uuid6 import uuid7

from agreements import concerns, limitation, payments, proposals, sealing
from agreements.models import Agreement, Concern, OfferPolicy
from agreements.rules import document, schedule, wording
from fieldvisit import wire
from fieldvisit.models import Consent, Party, User, Visit
from fieldvisit.problems import Refused
from tests.agreements.conftest import signature
from tests.phone import HOME, Phone


def debtor(language="zh-hans"):
    """Prints the address of the debtor's page and the last four places of his identity number."""
    now = timezone.now()
    OfferPolicy.objects.update(statement_required=False)
    visits = Visit.objects.filter(collector__username="zhoumin", started_at=None)
    visits = visits.order_by("planned_on", "place")
    chen = User.objects.get(username="chenjing")
    for visit in visits:  # the demo's loans may be past their time limit: a supervisor has released them
        with contextlib.suppress(Refused):
            limitation.release(case=visit.case, reason="He was told.", by=chen, now=now)
    offers = proposals.offers_for([visit.case for visit in visits], now=now)
    visit = next(visit for visit in visits if visit.case_id in offers)
    offer = offers[visit.case_id]
    today = timezone.localdate(now)
    choice = {"method": "interest-free/1", "instalments": 12, "anchor_day": 25, "interest_from": today.isoformat(),
              "first_due": schedule.first_due(today, 25).isoformat()}  # fmt: skip
    agreed = document.build(
        wire.parse(bytes(offer.body)), choice, wording.load("cn-repayment"), wording.load("cn-rights"), language,
        str(uuid7()), offer_sig=offer.sig, canonical=rfc8785.dumps,
    )  # fmt: skip
    phone = Phone(visit.collector, now=now)
    second = User.objects.get(username="shenwei")
    phone.started(visit)
    phone.append("visit.consent/1", {"identity_shown": True, "recording_announced": True, "present": ["debtor"],
                                     "second": second.username, "entry": "given"}, visit=visit)  # fmt: skip
    phone.note(visit)
    proposal = phone.append("agreement.proposed/1", {"agreement": agreed}, visit=visit)
    said = signature(agreed) | {"collectors": [visit.collector.username, second.username], "location": HOME}
    phone.append("signature.captured/1", {"signature": said}, visit=visit, depends_on=[proposal])
    phone.ended(visit)
    phone.deliver(now=now + timedelta(seconds=1))
    sealing.seal_due(now=now + timedelta(seconds=2))
    agreement = Agreement.objects.get(pk=agreed["agreement_id"])
    assert agreement.state == "sealed", (agreement.state, agreement.codes, Consent.objects.count())
    first = payments.plan_of(agreement, now).rows[0]
    payments.record_payment(case=agreement.case, reference="20261201-0001", fen=first.amount_fen + 12300, paid_on=today,
                            by=None, now=now)  # fmt: skip
    made = concerns.receive(offer=offer, agreement=agreement, kind="feedback", text="两位都很客气，讲得清楚。",
                            month_fen=None, language="zh-hans", now=now)  # fmt: skip
    reviewer = User.objects.get(username="hejing")
    concerns.step(concern=made, kind="answered", text="谢谢您告诉我们。", by=reviewer, now=now)
    assert Concern.objects.count() == 1
    party = Party.objects.get(case=agreement.case, role="debtor")
    print(f"{proposals.copy_url(offer)} {party.id_number[-4:]}")
