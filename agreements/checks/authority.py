"""Was it offered, to somebody who may sign, by somebody who had the right, and does the case still stand so?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from agreements import clause_sets, limitation
from agreements.models import Agreement, Signature, State
from agreements.rules import offer, schedule, signers
from fieldvisit import flags, keys, review
from fieldvisit.models import HEADS, Assignment, Consent, Hold, Mandate, Party, User, Visit
from fieldvisit.rules import identity

from .papers import Papers


def offered(p: Papers) -> Iterator[str]:
    row = p.agreement.offer
    if row is None or row.case_id != p.agreement.case_id or p.doc["offer_id"] != str(row.pk):
        yield "seal.offer_unknown"
        return
    if p.doc["offer_sig"] != row.sig or not keys.verify(bytes(row.body), row.sig, row.key_id):
        yield "seal.offer_signature"
    given = p.offer_body
    others = signers.of(p.doc["parties"])
    alone = {name: value for name, value in p.doc["parties"].items() if name != "others"}
    required = signers.required(given["parties"]["debtor"], others) if others else given["required_signers"]
    if not (offer.same(alone, given["parties"]) and p.doc["required_signers"] == required):
        yield "seal.parties"
    yield from offer.within(given, p.doc["terms"], p.doc["schedule"], p.day)
    if p.doc["supersedes"] != given.get("supersedes"):
        yield "seal.supersedes"


def others(p: Papers) -> Iterator[str]:
    """Who signs beside the debtor: served by the clauses, described as agreed, and able to by the law."""
    people = signers.of(p.doc["parties"])
    if not people and "others" not in p.doc["parties"]:
        return
    served = clause_sets.load(p.doc["clauses"]["id"], p.doc["clauses"]["version"])["serves"]
    last = schedule.summary(p.doc["terms"], p.doc["schedule"])
    yield from signers.wrong(
        people, p.offer_body.get("people", []), served, last_due=last["until"], in_all_fen=last["total_fen"]
    )
    names = {str(person["party"]): person["name"] for person in people if person["role"] == "collector"}
    visit = p.agreement.visit
    seconds = Consent.objects.filter(visit=visit).values_list("second_username", flat=True)
    there = User.objects.filter(username__in=[visit.collector.username, *seconds])
    if not names.items() <= {user.username: str(user) for user in there}.items():
        yield "signer.collector"


def case(p: Papers) -> Iterator[str]:
    if p.agreement.case.closed_at is not None:
        yield "seal.case_closed"
    if Hold.objects.standing(timezone.localdate(p.now)).filter(case=p.agreement.case).exists():
        yield "seal.on_hold"


def capacity(p: Papers) -> Iterator[str]:
    """Who is not of age cannot sign alone (Civil Code 18, 19, 22)."""
    born = Party.objects.filter(case=p.agreement.case, birth_date__isnull=False).values_list("birth_date", flat=True)
    if any(identity.age(day, p.day) < identity.OF_AGE for day in born):
        yield "seal.minor"


def in_time(p: Papers) -> Iterator[str]:
    """A debt past limitation: the notice stands in what was read, and a supervisor let it be spoken of (CC 192)."""
    status = limitation.of([p.agreement.case], on=p.day)[p.agreement.case_id].status
    said = p.doc["parties"]["debt"].get("limitation") in limitation.OPEN
    if status in limitation.OPEN and not (said and limitation.released([p.agreement.case])):
        yield "seal.limitation"


def lapse(p: Papers) -> Iterator[str]:
    """By its own words (c11a) it is void when the seal comes too late; the day of signing does not count (CC 201)."""
    if p.agreement.offer and lapsed(p.signatures, p.offer_body, p.now):
        yield "seal.lapsed"


def lapsed(signatures: list[Signature], offer_body: dict, now: datetime) -> bool:
    last = max((s.signed_at for s in signatures), default=now)
    return timezone.localdate(now) > timezone.localdate(last) + timedelta(days=offer_body["lapse_days"])


def in_force(p: Papers) -> Iterator[str]:
    others = Agreement.objects.filter(case=p.agreement.case, state=State.SEALED).exclude(pk=p.agreement.pk)
    # the one that it replaces goes when this one is sealed, if the office lets it
    if others.exclude(terms_sha256=p.doc["supersedes"] or "", renewal__isnull=False).exists():
        yield "seal.in_force"


def authority(p: Papers) -> Iterator[str]:
    at, agreement = p.agreement.proposed_at, p.agreement
    assigned = Assignment.objects.filter(case=agreement.case, from_at__lte=at).values_list("collector", "until_at")
    covered = {collector for collector, until in assigned if until is None or until >= at}
    # proposal and signatures alike: nobody lets a debtor sign on the phone of somebody without the case
    if not {event.device.user_id for event in p.events} <= covered:
        yield "seal.authority"
    mandate = Mandate.objects.filter(creditor=agreement.case.creditor, valid_from__lte=p.day, valid_until__gte=p.day)
    if not mandate.filter(number=p.doc["parties"]["agency"]["mandate"]).exists():
        yield "seal.authority"


def conduct(p: Papers) -> Iterator[str]:
    (visit,) = review.gather(Visit.objects.filter(pk=p.agreement.visit_id))
    if any(flag.level == "block" for flag in flags.own(visit) if flag.code.startswith("CN-")):
        yield "seal.conduct"


def ledger(p: Papers) -> Iterator[str]:
    debt, agreed = p.agreement.case.debt, p.doc["terms"]["balance"]
    if any(getattr(debt, head) != agreed[head] for head in HEADS):
        yield "seal.ledger"
