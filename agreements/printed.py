"""The text of a proposal to be signed by hand: the same words under the same hash, drawn from the stored proposal."""

from functools import lru_cache

from django.utils import timezone

from fieldvisit import wire

from . import pdf, proposals
from .models import Agreement
from .rules import document


def text(agreement: Agreement) -> bytes:
    """The PDF: check code and hash on every page, room for a hand, the QR of the debtor's page. Raises Unprintable."""
    return _drawn(agreement.pk)[0]


def pages(agreement: Agreement) -> int:
    return _drawn(agreement.pk)[1]


@lru_cache(maxsize=32)
def _drawn(pk) -> tuple[bytes, int]:
    """A proposal never changes, so its text need not be drawn twice."""
    agreement = Agreement.objects.select_related("offer").get(pk=pk)
    at = timezone.localtime(agreement.proposed_at).isoformat(timespec="seconds")
    facts = {
        "number": agreement.number, "check_code": document.check_code(agreement.terms_sha256),
        "terms_sha256": agreement.terms_sha256, "verify_url": proposals.copy_url(agreement.offer),
        "clocks": [{"event": "proposed", "device": at, "corrected": at, "received": at}],
    }  # fmt: skip
    return pdf.blank(wire.parse(bytes(agreement.body)), facts)
