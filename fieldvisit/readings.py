"""Every read of a debtor's data is written down: who, which case, what, when. Shown on the page of the case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from . import dossier
from .models import Case, Reading, User

# Product default: the same person at the same thing again within this time is one reading.
ONE = timedelta(hours=1)
LATEST = 30


def note(case_ids: Iterable, *, by: User, what: str, now: datetime) -> None:
    """`what` is a value of Read. Two queries however many cases; one where nothing is new."""
    wanted = set(case_ids)
    lately = Reading.objects.filter(case__in=wanted, by=by, what=what, at__gt=now - ONE)
    new = wanted - set(lately.values_list("case", flat=True)) if wanted else set()
    if new:
        Reading.objects.bulk_create(Reading(case_id=case, by=by, what=what, at=now) for case in new)


@dossier.panels
def panel(case: Case, user: User, now: datetime) -> list[dict]:
    found = Reading.objects.filter(case=case).select_related("by").order_by("-at", "-pk")[:LATEST]
    return [{"template": "fieldvisit/readings/_panel.html", "context": {"readings": found, "latest": LATEST}}]
