"""What the demo's creditors allow to be agreed. Invented."""

from datetime import date, datetime

from fieldvisit import demo, imports
from fieldvisit.models import Creditor

from .models import OfferPolicy

VALID_FROM = date(2026, 1, 1)
COMMON = {
    "annual_rate_ppm": 60000,
    "least_fen": 10000,
    "most_months": 36,
    "allocation": ["cost", "interest", "principal", "penalty"],
    "reducible": {"penalty_fen": 1_000_000, "overdue_interest_fen": 500_000},
}
POLICIES = {
    # a bank: free of interest, small steps first, a reduction for who settles in three months; due days off move
    "bank-a": {
        "methods": ["interest-free/1", "graduated/1", "settlement/1", "equal-instalment/1"],
        "rates": {"graduated/1": 0}, "working_days": True,
    },
    # a bank with interest: level, falling, or a larger last payment
    "bank-b": {
        "methods": ["interest-free/1", "equal-instalment/1", "equal-principal/1", "balloon/1"], "most_months": 36,
        "day_count": "actual/365",
    },
    # a consumer finance company: two months may be waited at no cost; the waiver stands once in effect
    "bank-c": {
        "methods": ["interest-free/1", "settlement/1", "equal-instalment/1"], "most_months": 24,
        "lender": "consumer-finance", "deferral_months": 2, "deferral_interest": "none", "waiver_lapses": False,
    },
}  # fmt: skip


@demo.also
def load(*, now: datetime) -> None:
    for profile, policy in POLICIES.items():
        OfferPolicy.objects.get_or_create(
            creditor=Creditor.objects.get(name=imports.profile_named(profile).creditor["name"]),
            valid_from=VALID_FROM,
            defaults=COMMON | policy,
        )
