"""What the demo's creditors allow to be agreed. Invented."""

from datetime import date, datetime

from fieldvisit import demo, imports
from fieldvisit.models import Creditor

from .models import OfferPolicy

VALID_FROM = date(2026, 1, 1)
MOST_MONTHS = {"bank-a": 36, "bank-b": 36, "bank-c": 24}


@demo.also
def load(*, now: datetime) -> None:
    for profile, most_months in MOST_MONTHS.items():
        OfferPolicy.objects.get_or_create(
            creditor=Creditor.objects.get(name=imports.profile_named(profile).creditor["name"]),
            valid_from=VALID_FROM,
            defaults={
                "methods": ["interest-free/1", "equal-instalment/1"],
                "annual_rate_ppm": 60000,
                "least_fen": 10000,
                "most_months": most_months,
                "allocation": ["cost", "interest", "principal", "penalty"],
            },
        )
