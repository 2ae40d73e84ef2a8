"""What may be agreed: a creditor's policy, and the offer signed in advance for one case."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid6 import uuid7

from fieldvisit.models import Case, Creditor

from ..rules.ceilings import LENDERS
from ..rules.terms import DAY_COUNTS, DEFERRED

CONFIRMATIONS = ("none", "offered", "required")


class Policies(models.QuerySet):
    def standing(self, on: date) -> "Policies":
        """Those of that day and before, the latest last: there at the start, or approved by a second person."""
        return self.filter(Q(by=None) | Q(approved=True), valid_from__lte=on).order_by("valid_from", "pk")


class OfferPolicy(models.Model):
    """The creditor's terms for offers: data with a date, never constants in code. `by` null: there at the start."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="offer_policies")
    valid_from = models.DateField()
    methods = models.JSONField(default=list)
    lender = models.CharField(
        max_length=20, choices=[(kind, kind) for kind in LENDERS], default="bank", help_text="whose ceilings hold"
    )
    annual_rate_ppm = models.PositiveIntegerField(default=0)
    rates = models.JSONField(default=dict, blank=True, help_text="{method: ppm} where a method bears another rate")
    day_count = models.CharField(max_length=12, choices=[(name, name) for name in DAY_COUNTS], default="monthly")
    working_days = models.BooleanField(default=False, help_text="a due day off moves to the next working day")
    reducible = models.JSONField(default=dict, blank=True, help_text="{head of the balance: ppm that may be let off}")
    waiver_lapses = models.BooleanField(default=True, help_text="a reduction is lost on default until all is paid")
    settlement_months = models.PositiveSmallIntegerField(default=3)
    deferral_months = models.PositiveSmallIntegerField(default=0)
    deferral_interest = models.CharField(max_length=12, choices=[(name, name) for name in DEFERRED], default="none")
    balloon_ppm = models.PositiveIntegerField(default=500_000, help_text="of what is left to pay, in the last row")
    least_fen = models.BigIntegerField()
    most_months = models.PositiveSmallIntegerField()
    valid_days = models.PositiveSmallIntegerField(default=14)
    latest_first_due_days = models.PositiveSmallIntegerField(default=45)
    lapse_days = models.PositiveSmallIntegerField(default=7)
    cooling_off_days = models.PositiveSmallIntegerField(default=3)
    missed = models.PositiveSmallIntegerField(default=2)
    grace_days = models.PositiveSmallIntegerField(default=7)
    allocation = models.JSONField(default=list)
    statement_required = models.BooleanField(
        default=True, help_text="no plan is signed before income and spending were told, or he declined to tell"
    )
    confirmation = models.CharField(
        max_length=8, choices=[(name, name) for name in CONFIRMATIONS], default="offered",
        help_text="a one-time code to the debtor's number; that it is offered is a product default",
    )

    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    objects = Policies.as_manager()

    class Meta:
        verbose_name_plural = "offer policies"
        constraints = [
            models.CheckConstraint(condition=~Q(approved=True) | ~Q(decided_by=F("by")), name="policy_seen_by_two"),
        ]


class Offer(models.Model):
    """`body` is RFC 8785 of offer/1; `sig` is the server's ECDSA P-256 over it, base64url."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    case_version = models.PositiveIntegerField()
    body = models.BinaryField()
    sig = models.CharField(max_length=100)
    key_id = models.CharField(max_length=32)
    valid_from = models.DateField()
    valid_until = models.DateField()
    copy_token_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-valid_until"])]
