"""What a stranger with a link, a code or a file may learn: is a paper genuine, and how far has it come. No more.

Nothing here names a person, a sum or a case; a second factor before any of that comes with the debtor's own page.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from fieldvisit import wire
from fieldvisit.models import Event, Status

from . import payments, proposals, timestamps
from .checks import lapsed
from .models import Agreement, Clearance, Offer, Sealed, Signature, State
from .rules import document, standing

MOST_BYTES = 20 * 1024 * 1024
CODE = re.compile(r"[0-9A-F]{4}(-[0-9A-F]{4}){3}")


@dataclass(frozen=True)
class Answer:
    """`state`: by link not_received, checking, rejected, lapsed, sealed, superseded, withdrawn, void, refused; by paper
    genuine, altered, foreign, sealed, superseded, withdrawn, void, settled, unknown, no_square."""

    state: str
    check_code: str = ""
    number: str = ""
    creditor: str = ""
    sealed_at: datetime | None = None
    pdf_sha256: str = ""


def by_token(token: str, *, now: datetime) -> Answer | None:
    """How far the agreement behind a debtor's link has come; None for a link that was never given."""
    offer = Offer.objects.filter(copy_token_sha256=proposals.token_hash(token)).first()
    if offer is None:
        return None
    found = list(
        offer.agreements.annotate(signed=Exists(Signature.objects.filter(agreement=OuterRef("pk"))))
        .select_related("sealed", "case__creditor")
        .order_by("proposed_at", "pk")
    )
    sealed = next((a for a in found if a.state == State.SEALED), None)
    if sealed:
        return _sealed(sealed.sealed)
    # what was sealed once, or taken back before it was
    ended = next((a for a in reversed(found) if a.state in (State.SUPERSEDED, State.VOID)), None)
    if ended and all(a.state not in (State.COLLECTING, State.READY, State.HELD) or not a.signed for a in found):
        return _ended(ended)
    signed = [a for a in found if a.signed and a.state != State.REFUSED]
    # a later one that is still being looked at is the better news, and as true
    signed = [a for a in signed if a.state != State.REJECTED] or signed
    if signed:
        state = "rejected" if signed[-1].state == State.REJECTED else "checking"
        if state == "checking" and lapsed(list(signed[-1].signatures.all()), wire.parse(bytes(offer.body)), now):
            state = "lapsed"
        return Answer(state, document.check_code(signed[-1].terms_sha256), creditor=signed[-1].case.creditor.name)
    if held := _held(offer):
        return Answer(held, creditor=offer.case.creditor.name)
    # proposals that nobody signed are no business of whoever holds the link, unless the last word was no
    asked = [a for a in found if a.state != State.DROPPED]
    return Answer("refused" if asked and asked[-1].state == State.REFUSED else "not_received")


def _held(offer: Offer) -> str:
    """What was signed but waits at the office before it is an agreement at all, or was not let in; "" for neither."""
    came = Event.objects.filter(case=offer.case_id, type__in=("agreement.proposed/1", "signature.captured/1"))
    held, signed = {}, set()
    for kind, status, raw in came.exclude(status=Status.APPLIED).values_list("type", "status", "bytes"):
        said = json.loads(bytes(raw))["body"]["signature" if kind == "signature.captured/1" else "agreement"]
        if not isinstance(said, dict):
            continue  # it may be malformed in any way: that is why it is held
        if kind == "signature.captured/1":
            signed.add(str(said.get("agreement_id")))
        elif said.get("offer_id") == str(offer.pk):
            held[str(said.get("agreement_id"))] = status
    states = {status for agreement_id, status in held.items() if agreement_id in signed}
    return "" if not states else "checking" if Status.HELD in states else "rejected"


def by_code(text: str) -> Answer:
    """Is there a sealed paper with this check code? Blanks, letter case and hyphens are forgiven."""
    bare = re.sub(r"[^0-9A-F]", "", text.upper())
    code = "-".join(bare[i : i + 4] for i in range(0, len(bare), 4))
    if not CODE.fullmatch(code):
        return Answer("unknown")
    row = (
        Sealed.objects.filter(terms_sha256__startswith=bare.lower()).select_related("agreement__case__creditor").first()
    )
    return _sealed(row) if row else Answer("unknown", check_code=code)


def by_square(text: str, *, now: datetime) -> Answer:
    """What the square on a paper or slip leads to: the address of a debtor's link, or a check code."""
    link = re.fullmatch(r"https?://[^/]+/d/([A-Za-z0-9_-]{16,128})/?(?:[?#].*)?", text.strip())
    if link:
        return by_token(link[1], now=now) or Answer("no_square")
    answer = by_code(text)
    return answer if answer.check_code else Answer("no_square")


def by_file(paper: bytes, *, now: datetime) -> Answer:
    """Is this very file one of ours, whole and unchanged? Judged by its own seal, then by our own books."""
    verdict = timestamps.verify(paper)
    row = timestamps.edition(wire.sha256(paper))
    if row and verdict.ok:
        if isinstance(row, Clearance):
            return _settled(row, now)
        answer = _sealed(row)
        return replace(answer, state="genuine") if answer.state == "sealed" else answer
    if verdict.reason in ("altered", "not_whole_file", "several_signatures"):
        return Answer("altered")
    return Answer("foreign")


def _sealed(row: Sealed) -> Answer:
    agreement: Agreement = row.agreement
    answer = Answer("sealed", document.check_code(row.terms_sha256), agreement.number, agreement.case.creditor.name,
                    row.sealed_at, row.pdf_sha256)  # fmt: skip
    return answer if agreement.state == State.SEALED else replace(answer, state=_how(agreement))


def _ended(agreement: Agreement) -> Answer:
    if hasattr(agreement, "sealed"):
        return _sealed(agreement.sealed)
    return Answer(_how(agreement), document.check_code(agreement.terms_sha256), creditor=agreement.case.creditor.name)


def _how(agreement: Agreement) -> str:
    if agreement.state == State.SUPERSEDED:
        return "superseded"
    return "withdrawn" if agreement.voids.filter(withdrawal=True, agreed=True).exists() else "void"


def _settled(made: Clearance, now: datetime) -> Answer:
    """A settlement certificate; void where a payment did not stay after all."""
    agreement = made.agreement
    state = "settled" if payments.plan_of(agreement, now).state == standing.FULFILLED else "void"
    return Answer(state, document.check_code(agreement.terms_sha256), made.number, agreement.case.creditor.name,
                  made.sealed_at, made.pdf_sha256)  # fmt: skip
