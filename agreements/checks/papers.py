"""One agreement with all that the checks read, fetched once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from agreements.models import Agreement, Signature
from fieldvisit import wire


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
    def passed(self) -> set:
        """Codes that a second person let pass for this agreement."""
        approval = getattr(self.agreement, "approval", None)
        return set(approval.codes) if approval else set()

    @property
    def events(self) -> list:
        return [self.agreement.event, *(s.event for s in self.signatures)]


def papers(agreement: Agreement, *, now: datetime) -> Papers:
    signatures = agreement.signatures.select_related("event__device").order_by("event__seq", "pk")
    return Papers(agreement, list(signatures), now)
