"""What was paid to the creditor. A row is never changed: what was wrong is taken back by a row of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from fieldvisit.models import Case, Creditor, ImportRun

from .agreement import Agreement


class Payment(models.Model):
    """`fen` is below zero in a reversal. `reference` is the creditor's own: the same one twice is one payment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="payments")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="payments")
    agreement = models.ForeignKey(
        Agreement, null=True, on_delete=models.PROTECT, related_name="payments",
        help_text=_("the plan in force when it was taken in"),
    )  # fmt: skip
    reference = models.CharField(max_length=64)
    fen = models.BigIntegerField()
    paid_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    run = models.ForeignKey(ImportRun, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["creditor", "reference"], name="one_payment_per_reference"),
            models.CheckConstraint(
                condition=Q(fen__gt=0, reverses=None) | Q(fen__lt=0, reverses__isnull=False),
                name="a_payment_or_its_reversal",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="a_payment_has_a_reference"),
        ]
        indexes = [models.Index(fields=["case", "paid_on"])]
