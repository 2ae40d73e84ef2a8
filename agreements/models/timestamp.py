"""What an authority said of the time, and the editions of a paper that it gave rise to. Added, never changed.

Agreements and settlement certificates have a table each, of one form; agreements/timestamps.py treats them alike.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agreement import Sealed
from .clearance import Clearance


class Over(models.TextChoices):
    EVIDENCE = "evidence", _("over the evidence")
    SEAL = "seal", _("over the seal")
    ARCHIVE = "archive", _("over the whole paper")


class Said(models.Model):
    """`pdf`: the paper with it, where it is inside; the newest edition is the one that is handed out."""

    over = models.CharField(max_length=8, choices=Over.choices)
    at = models.DateTimeField(help_text="the authority's time")
    authority = models.CharField(max_length=200)
    good_until = models.DateTimeField(help_text="when the first of its certificates ends")
    token = models.BinaryField(help_text="RFC 3161, DER; empty where it lies in the paper")
    pdf = models.FileField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, null=True, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["pk"]


class Timestamp(Said):
    """Of an agreement."""

    sealed = models.ForeignKey(Sealed, on_delete=models.PROTECT, related_name="timestamps")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(over="evidence") | ~Q(pdf=""), name="stamped_paper_is_kept"),
            models.UniqueConstraint(
                fields=["sealed", "over"], condition=~Q(over="archive"), name="one_time_over_evidence_and_seal"
            ),
        ]


class ClearanceTimestamp(Said):
    """Of a settlement certificate: over its seal, which covers what is attached, and over the whole paper."""

    clearance = models.ForeignKey(Clearance, on_delete=models.PROTECT, related_name="timestamps")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(over__in=("seal", "archive")) & ~Q(pdf=""), name="stamped_clearance_is_kept"
            ),
            models.UniqueConstraint(
                fields=["clearance", "over"], condition=~Q(over="archive"), name="one_time_over_a_clearance"
            ),
        ]
