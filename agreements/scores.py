"""What statements and payments add to the scorecard of a case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from fieldvisit import scores
from fieldvisit.models import Case

from .models import Payment
from .rules import affordability
from .statements import latest

DAYS = timedelta(days=90)  # as the criterion's own words say


@scores.also
def facts(cases: Iterable[Case], now: datetime) -> dict:
    """Of the newest statement of each case, and of payments where its creditor has ever told of any."""
    cases, today = list(cases), timezone.localdate(now)
    found = {case.pk: {} for case in cases}
    told = latest(cases)
    for case in cases:
        row = told.get(case.pk)
        if row is None or row.declined:
            continue
        home = affordability.assess(row.said, affordability.policy(today))
        on = timezone.localdate(row.taken_at)
        found[case.pk] = {
            "surplus_fen": (home["surplus_fen"], "statement", on),
            "dependants": (sum(row.dependants.values()), "statement", on),
        }
        savings = next((each["fen"] for each in row.figures if each["item"] == "cash"), None)
        debt = getattr(case, "debt", None)
        if savings is not None and debt and debt.total_fen:
            found[case.pk]["savings_of_debt_ppm"] = (savings * 1_000_000 // debt.total_fen, "statement", on)
    paid = Payment.objects.filter(reverses=None, reversal=None)
    of_creditors = paid.filter(case__creditor__in={case.creditor_id for case in cases})
    telling = set(of_creditors.values_list("case__creditor", flat=True))
    days = list(paid.filter(case__in=cases, paid_on__gt=today - DAYS).values_list("case", flat=True))
    for case in cases:
        if case.creditor_id in telling:
            found[case.pk]["paid_90_days"] = (days.count(case.pk), "payments", today)
    return found
