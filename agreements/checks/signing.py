"""Did exactly those sign who must, having read it all, with a drawing that a hand can make, at a time that stands?"""

from collections.abc import Iterator
from datetime import timedelta

from agreements import printed, shapes
from agreements.models import ConfirmationTry, Signature
from agreements.rules import signers as people
from fieldvisit import wire
from fieldvisit.models import Event, Hold, Photo

from .papers import Papers

CONSENTS = {"electronic-form", "read", "no-duress", "copy-received"}
WITNESSING = {"electronic-form", "read"}  # interpreter and collectors owe nothing and get no copy
# How far the phone's corrected time may run ahead of our own; how old its last comparison may be (product defaults).
CLOCK_AHEAD = timedelta(minutes=5)
OFFSET_AGE_S = 72 * 3600


def signers(p: Papers) -> Iterator[str]:
    required = [(s["role"], s["party"]) for s in p.doc["required_signers"]]
    signed = [(s["signer"]["role"], s["signer"]["party"]) for s in p.signed]
    yield from (f"seal.unsigned.{role}" for role, party in required if (role, party) not in signed)
    if len(set(signed)) < len(signed) or not set(signed) <= set(required):
        yield "seal.signer"
    for body in p.signed:
        if body["terms_sha256"] != p.agreement.terms_sha256 or body["agreement_id"] != str(p.agreement.pk):
            yield "seal.terms_hash"
        if people.on_paper(body):
            continue  # what a hand confirms on paper stands in the text above it
        if not set(body["signer"]["consents"]) >= consents(p, body["signer"]):
            yield "seal.consents"
        if body["location"] is not None and "location" not in body["signer"]["consents"]:
            yield "seal.consents"  # sensitive data without its own consent (PIPL 29)
        if body["display"]["reached_end"] is not True:
            yield "seal.not_read"


def consents(p: Papers, signer: dict) -> set[str]:
    """What he must have agreed to one by one; beside the debtor, each confirms in words of the set what he signs as."""
    his = next((each for each in people.of(p.doc["parties"]) if each["party"] == signer["party"]), None)
    if his is None or signer["role"] == "debtor":
        return CONSENTS
    return (CONSENTS if his["role"] in people.LIABLE else WITNESSING) | {f"as:{people.kind(his)}"}


def confirmed(p: Papers) -> Iterator[str]:
    """Where the creditor's policy asks for it: a code that went to the debtor's number was entered for these terms."""
    if p.agreement.offer and p.offer_body.get("confirmation") == "required":
        his = ConfirmationTry.objects.filter(ok=True, code__agreement_id=p.agreement.pk)
        if not his.filter(code__terms_sha256=p.agreement.terms_sha256).exists():
            yield "seal.unconfirmed"


def refused(p: Papers) -> Iterator[str]:
    """Somebody signed and refused the same text on one visit: a person finds out which holds, not who came first."""
    events = Event.objects.filter(visit_id=p.agreement.visit_id, type="signature.refused/1")
    said = [wire.parse(bytes(raw))["body"] for raw in events.values_list("bytes", flat=True)]
    if any(body["agreement_id"] == str(p.agreement.pk) for body in said):
        yield "seal.refused"


def stopped(p: Papers) -> Iterator[str]:
    """The visit was stopped and the case with it: nothing of that visit is sealed until a supervisor has let it go."""
    holds = Hold.objects.filter(event__visit_id=p.agreement.visit_id, event__type="stop.raised/1", released_at=None)
    if holds.exists():
        yield "seal.stopped"


def strokes(p: Papers) -> Iterator[str]:
    for row, body in zip(p.signatures, p.signed, strict=True):
        if people.on_paper(body):
            continue
        if not shapes.possible(body["strokes"]):
            yield "seal.strokes"
        if Signature.objects.filter(strokes_sha256=row.strokes_sha256).exclude(pk=row.pk).exists():
            yield "seal.strokes_copied"


def on_paper(p: Papers) -> Iterator[str]:
    """As many pages as the text has, each a photo of its own, and seen by somebody of the office."""
    papers = [body for body in p.signed if people.on_paper(body)]
    if not papers:
        return
    of_paper = Photo.objects.filter(visit=p.agreement.visit, kind="paper", unreadable="")
    known, pages = set(of_paper.values_list("sha256", flat=True)), printed.pages(p.agreement)
    for body in papers:
        if not (body["pages"] == pages == len(set(body["photos"])) == len(body["photos"])):
            yield "seal.paper_pages"
        if set(body["photos"]) - known:
            yield "seal.photos"
    if not hasattr(p.agreement, "paper_check"):
        yield "seal.paper_unseen"


def photos(p: Papers) -> Iterator[str]:
    named = {sha for body in p.signed for sha in body["photos"]}
    here = Photo.objects.filter(visit=p.agreement.visit, taken_in_at__isnull=False).values_list("sha256", flat=True)
    if not p.agreement.visit.complete_at or named - set(here):
        yield "seal.photos"


def clock(p: Papers) -> Iterator[str]:
    for event in p.events:
        clock = wire.parse(bytes(event.bytes))["clock"]
        known = clock["offset_ms"] is not None and clock["offset_age_s"] is not None
        if not known or clock["offset_age_s"] > OFFSET_AGE_S or event.corrected_at > event.received_at + CLOCK_AHEAD:
            yield "seal.clock"
    if p.agreement.offer and p.agreement.proposed_at < p.agreement.offer.made_at - CLOCK_AHEAD:
        yield "seal.clock"
