"""What may be agreed: a creditor's policy, and the offer signed in advance for one case."""

from django.db import models
from uuid6 import uuid7

from fieldvisit.models import Case, Creditor


class OfferPolicy(models.Model):
    """The creditor's terms for offers. Product data with a date, never constants in code."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="offer_policies")
    valid_from = models.DateField()
    methods = models.JSONField(default=list)
    annual_rate_ppm = models.PositiveIntegerField(default=0)
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

    class Meta:
        verbose_name_plural = "offer policies"
        constraints = [models.UniqueConstraint(fields=["creditor", "valid_from"], name="one_policy_per_day")]


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
