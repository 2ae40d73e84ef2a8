"""What a creditor lets be agreed: new terms are written by one person and stand once a second has approved them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fieldvisit.models import Creditor, User
from fieldvisit.problems import Refused

from .models import OfferPolicy
from .rules import ceilings, interest, law
from .rules.cost_sheet import year
from .rules.terms import FREE


@transaction.atomic
def propose(*, creditor: Creditor, terms: dict, reason: str, by: User, now: datetime) -> OfferPolicy:
    """`terms`: the fields of OfferPolicy. Refused("policy.reason" | ".dates" | ".ceiling")."""
    if not reason.strip():
        raise Refused("policy.reason")
    row = OfferPolicy(creditor=creditor, **terms, reason=reason.strip(), by=by, at=now)
    _may_stand(row, timezone.localdate(now))
    row.save()
    return row


def _may_stand(row: OfferPolicy, today: date) -> None:
    if row.valid_from < today:
        raise Refused("policy.dates")
    ceiling = ceilings.blocking(ceilings.ceilings(law.load(), row.lender, None, row.valid_from))
    bearing = [row.rates.get(method, row.annual_rate_ppm) for method in row.methods if method not in FREE]
    basis = year({"day_count": row.day_count})
    if ceiling and any(interest.yearly(ppm, basis) > ceiling.ppm for ppm in bearing):
        raise Refused("policy.ceiling")


@transaction.atomic
def decide(*, policy: OfferPolicy, approve: bool, by: User, now: datetime) -> None:
    """Refused("policy.decided"), ("policy.second") for the one who wrote it, ("policy.dates") where its day is over."""
    row = OfferPolicy.objects.select_for_update().get(pk=policy.pk)
    if row.by_id is None or row.decided_at:
        raise Refused("policy.decided")
    if approve:
        if row.by_id == by.pk:
            raise Refused("policy.second")
        _may_stand(row, timezone.localdate(now))
    row.decided_by, row.decided_at, row.approved = by, now, approve
    row.save(update_fields=["decided_by", "decided_at", "approved"])
