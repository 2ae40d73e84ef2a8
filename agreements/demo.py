"""What the demo's creditors allow to be agreed. Invented."""

from datetime import date, datetime

from django.db.models import F

from fieldvisit import demo, imports
from fieldvisit.models import Case, Creditor, Party, Visit

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


# who stands in a case beside the debtor: (the number of Zhou Min's visit of the day, role, name, identity number)
BESIDE = [(0, "co-debtor", "傅明", "330105197802284013"), (1, "guarantor", "许立", "330106198306152338")]


@demo.also
def people(*, now: datetime) -> None:
    """A co-debtor and a guarantor, so that the step Agree has somebody to name."""
    visits = list(Visit.objects.filter(collector__username="zhoumin").order_by("planned_on", "place", "pk")[:2])
    for place, role, name, number in BESIDE:
        if place < len(visits) and not Party.objects.filter(role=role, name=name).exists():
            case = visits[place].case
            Party.objects.create(case=case, role=role, name=name, id_number=number, mobile="")
            Case.objects.filter(pk=case.pk).update(version=F("version") + 1)


@demo.also
def load(*, now: datetime) -> None:
    for profile, policy in POLICIES.items():
        OfferPolicy.objects.get_or_create(
            creditor=Creditor.objects.get(name=imports.profile_named(profile).creditor["name"]),
            valid_from=VALID_FROM,
            defaults=COMMON | policy,
        )
