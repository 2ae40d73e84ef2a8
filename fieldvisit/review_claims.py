"""Who looks at which visit: claim(visit=…) when it is opened, so that two reviewers do not decide the same one."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from .models import ReviewClaim, User, Visit
from .rules import desk


def claim(*, visit: Visit, by: User, now: datetime) -> ReviewClaim:
    """The claim that stands: his own, made or prolonged, or another's. A person holds one visit at a time."""
    until = now + timedelta(minutes=desk.policy()["review"]["claim_min"])
    ReviewClaim.objects.filter(by=by).exclude(visit=visit).delete()
    if ReviewClaim.objects.filter(visit=visit, by=by).update(until=until):
        return ReviewClaim(visit=visit, by=by, until=until)
    ReviewClaim.objects.filter(visit=visit, until__lte=now).delete()
    try:
        with transaction.atomic():
            return ReviewClaim.objects.create(visit=visit, by=by, until=until)
    except IntegrityError:  # somebody else was there first
        return ReviewClaim.objects.select_related("by").get(visit=visit)


def others(visits: list[Visit], by: User, now: datetime) -> dict:
    """{visit id: claim} of those that somebody else looks at now; one query."""
    found = ReviewClaim.objects.filter(visit__in=visits, until__gt=now).exclude(by=by).select_related("by")
    return {claim.visit_id: claim for claim in found}


def end(visit: Visit) -> None:
    ReviewClaim.objects.filter(visit=visit).delete()
