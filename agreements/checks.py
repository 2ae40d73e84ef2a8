"""What must hold before an agreement is sealed. Each check is a function that gives the codes of what does not hold.

The order is that of the protocol (design: evidence). Nothing is changed here; a code's sentence stands in problems.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import rfc8785
from django.utils import timezone

from fieldvisit import flags, keys, review, wire
from fieldvisit.bodies import Misshapen
from fieldvisit.models import HEADS, Assignment, Event, Mandate, Party, Photo, Visit
from fieldvisit.rules import identity

from . import shapes
from .models import Agreement, Signature, State
from .rules import document, offer, schedule, wording
from .rules.refusal import Refused

CONSENTS = {"electronic-form", "read", "no-duress", "copy-received"}
# How far the phone's corrected time may run ahead of our own; how old its last comparison may be (product defaults).
CLOCK_AHEAD = timedelta(minutes=5)
OFFSET_AGE_S = 72 * 3600


@dataclass
class Papers:
    """One agreement with all that the checks read, fetched once."""

    agreement: Agreement
    signatures: list[Signature]
    now: datetime

    @cached_property
    def doc(self) -> dict:
        return wire.parse(bytes(self.agreement.body))

    @cached_property
    def signed(self) -> list[dict]:
        return [wire.parse(bytes(s.body)) for s in self.signatures]

    @cached_property
    def offer_body(self) -> dict:
        return wire.parse(bytes(self.agreement.offer.body))

    @property
    def day(self):
        """The debtor's date when the terms were proposed."""
        return timezone.localdate(self.agreement.proposed_at)

    @property
    def events(self) -> list:
        return [self.agreement.event, *(s.event for s in self.signatures)]


def papers(agreement: Agreement, *, now: datetime) -> Papers:
    signatures = agreement.signatures.select_related("event__device").order_by("event__seq", "pk")
    return Papers(agreement, list(signatures), now)


def failed(p: Papers) -> list[str]:
    """Codes of every check that fails, in order, each once. Empty: it may be sealed."""
    codes = []
    for check in CHECKS:
        try:
            codes += check(p)
        except STUMBLES:
            # content from a phone may be malformed in any way; whatever a check stumbles over does not hold
            codes.append(STUMBLED[check])
    return list(dict.fromkeys(codes))


def _form(p: Papers) -> list[str]:
    for body in p.signed:
        shapes.SIGNATURE(body, "signature")
    return []


def _hash(p: Papers) -> Iterator[str]:
    for event in p.events:
        raw = bytes(event.bytes)
        public = wire.unb64url(event.device.public_key)
        if wire.sha256(raw) != event.sha256 or not wire.signed_by(public, raw, bytes(event.signature)):
            yield "seal.hash"


def _canonical(p: Papers) -> Iterator[str]:
    proposed = wire.parse(bytes(p.agreement.event.bytes))["body"]["agreement"]
    if rfc8785.dumps(proposed) != bytes(p.agreement.body):
        yield "seal.canonical"
    for row, body in zip(p.signatures, p.signed, strict=True):
        if wire.parse(bytes(row.event.bytes))["body"]["signature"] != body:
            yield "seal.canonical"


def _clauses(p: Papers) -> Iterator[str]:
    for key, code in (("clauses", "seal.clauses"), ("rights_card", "seal.rights")):
        said = p.doc[key]
        approved = wording.load(said["id"], said["version"])
        known = offer.same(document.reference(approved, canonical=rfc8785.dumps), said)
        if not known or approved["approved_from"] > p.day.isoformat():
            yield code


def _schedule(p: Papers) -> Iterator[str]:
    if not offer.same(schedule.plan(p.doc["terms"]), p.doc["schedule"]):
        yield "seal.schedule"


def _text(p: Papers) -> Iterator[str]:
    clauses = wording.load(p.doc["clauses"]["id"], p.doc["clauses"]["version"])
    if not offer.same(wording.render(clauses, wording.facts(p.doc)), p.doc["rendered_text"]):
        yield "seal.text"


def _offer(p: Papers) -> Iterator[str]:
    row = p.agreement.offer
    if row is None or row.case_id != p.agreement.case_id or p.doc["offer_id"] != str(row.pk):
        yield "seal.offer_unknown"
        return
    if p.doc["offer_sig"] != row.sig or not keys.verify(bytes(row.body), row.sig, row.key_id):
        yield "seal.offer_signature"
    given = p.offer_body
    if not (offer.same(p.doc["parties"], given["parties"]) and p.doc["required_signers"] == given["required_signers"]):
        yield "seal.parties"
    yield from offer.within(given, p.doc["terms"], p.doc["schedule"], p.day)
    if p.doc["supersedes"] is not None or p.doc["affordability"] is not None:
        yield "agreement.malformed"


def _case(p: Papers) -> Iterator[str]:
    if p.agreement.case.closed_at is not None:
        yield "seal.case_closed"


def _capacity(p: Papers) -> Iterator[str]:
    """Who is not of age cannot sign alone (Civil Code 18, 19, 22)."""
    born = Party.objects.filter(case=p.agreement.case, birth_date__isnull=False).values_list("birth_date", flat=True)
    if any(identity.age(day, p.day) < identity.OF_AGE for day in born):
        yield "seal.minor"


def _lapse(p: Papers) -> Iterator[str]:
    """By its own words (c11a) it is void when the seal comes too late; the day of signing does not count (CC 201)."""
    if p.agreement.offer and lapsed(p.signatures, p.offer_body, p.now):
        yield "seal.lapsed"


def lapsed(signatures: list[Signature], offer_body: dict, now: datetime) -> bool:
    last = max((s.signed_at for s in signatures), default=now)
    return timezone.localdate(now) > timezone.localdate(last) + timedelta(days=offer_body["lapse_days"])


def _signers(p: Papers) -> Iterator[str]:
    required = [(s["role"], s["party"]) for s in p.doc["required_signers"]]
    if sorted(required) != sorted((s["signer"]["role"], s["signer"]["party"]) for s in p.signed):
        yield "seal.signer"
    for body in p.signed:
        if body["terms_sha256"] != p.agreement.terms_sha256 or body["agreement_id"] != str(p.agreement.pk):
            yield "seal.terms_hash"
        if not set(body["signer"]["consents"]) >= CONSENTS:
            yield "seal.consents"
        if body["location"] is not None and "location" not in body["signer"]["consents"]:
            yield "seal.consents"  # sensitive data without its own consent (PIPL 29)
        if body["display"]["reached_end"] is not True:
            yield "seal.not_read"


def _refused(p: Papers) -> Iterator[str]:
    """He signed and he refused the same text on one visit: a person finds out which holds, not the order of arrival."""
    events = Event.objects.filter(visit_id=p.agreement.visit_id, type="signature.refused/1")
    said = [wire.parse(bytes(raw))["body"] for raw in events.values_list("bytes", flat=True)]
    if any(body["agreement_id"] == str(p.agreement.pk) for body in said):
        yield "seal.refused"


def _terms_hash(p: Papers) -> Iterator[str]:
    if document.terms_hash(p.doc, canonical=rfc8785.dumps) != p.agreement.terms_sha256:
        yield "seal.terms_hash"


def _strokes(p: Papers) -> Iterator[str]:
    for row, body in zip(p.signatures, p.signed, strict=True):
        if not shapes.possible(body["strokes"]):
            yield "seal.strokes"
        if Signature.objects.filter(strokes_sha256=row.strokes_sha256).exclude(pk=row.pk).exists():
            yield "seal.strokes_copied"


def _photos(p: Papers) -> Iterator[str]:
    named = {sha for body in p.signed for sha in body["photos"]}
    here = Photo.objects.filter(visit=p.agreement.visit, taken_in_at__isnull=False).values_list("sha256", flat=True)
    if not p.agreement.visit.complete_at or named - set(here):
        yield "seal.photos"


def _clock(p: Papers) -> Iterator[str]:
    for event in p.events:
        clock = wire.parse(bytes(event.bytes))["clock"]
        known = clock["offset_ms"] is not None and clock["offset_age_s"] is not None
        if not known or clock["offset_age_s"] > OFFSET_AGE_S or event.corrected_at > event.received_at + CLOCK_AHEAD:
            yield "seal.clock"
    if p.agreement.offer and p.agreement.proposed_at < p.agreement.offer.made_at - CLOCK_AHEAD:
        yield "seal.clock"


def _in_force(p: Papers) -> Iterator[str]:
    others = Agreement.objects.filter(case=p.agreement.case, state=State.SEALED).exclude(pk=p.agreement.pk)
    if others.exists():
        yield "seal.in_force"


def _authority(p: Papers) -> Iterator[str]:
    at, agreement = p.agreement.proposed_at, p.agreement
    assigned = Assignment.objects.filter(case=agreement.case, from_at__lte=at).values_list("collector", "until_at")
    covered = {collector for collector, until in assigned if until is None or until >= at}
    # proposal and signatures alike: nobody lets a debtor sign on the phone of somebody without the case
    if not {event.device.user_id for event in p.events} <= covered:
        yield "seal.authority"
    mandate = Mandate.objects.filter(creditor=agreement.case.creditor, valid_from__lte=p.day, valid_until__gte=p.day)
    if not mandate.filter(number=p.doc["parties"]["agency"]["mandate"]).exists():
        yield "seal.authority"


def _conduct(p: Papers) -> Iterator[str]:
    (visit,) = review.gather(Visit.objects.filter(pk=p.agreement.visit_id))
    if any(flag.level == "block" for flag in flags.own(visit) if flag.code.startswith("CN-")):
        yield "seal.conduct"


def _ledger(p: Papers) -> Iterator[str]:
    debt, agreed = p.agreement.case.debt, p.doc["terms"]["balance"]
    if any(getattr(debt, head) != agreed[head] for head in HEADS):
        yield "seal.ledger"


# The code that stands for a check that could not even be made.
STUMBLES = (
    Refused, Misshapen, wire.Broken, LookupError, ArithmeticError, TypeError, ValueError, AttributeError,
    RecursionError,
)  # fmt: skip
STUMBLED = {
    _form: "agreement.malformed",
    _hash: "seal.hash", _canonical: "seal.canonical", _clauses: "seal.clauses", _schedule: "seal.schedule",
    _text: "seal.text",
    _offer: "seal.offer_unknown", _case: "seal.case_closed", _capacity: "seal.minor", _lapse: "seal.lapsed",
    _terms_hash: "seal.terms_hash", _signers: "seal.signer",
    _refused: "seal.refused",
    _strokes: "seal.strokes", _photos: "seal.photos", _clock: "seal.clock", _in_force: "seal.in_force",
    _authority: "seal.authority", _conduct: "seal.conduct", _ledger: "seal.ledger",
}  # fmt: skip
CHECKS = tuple(STUMBLED)
