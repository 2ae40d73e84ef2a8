"""What somebody wants changed in a creditor or in a mandate. It stands once a second person has approved it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .people import Creditor, Mandate


class CreditorChange(models.Model):
    """`values`: the fields that are to stand. `creditor` null: a new one; so is a "mandate" with `mandate` null."""

    creditor = models.ForeignKey(Creditor, null=True, on_delete=models.PROTECT, related_name="changes")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="changes")
    about = models.CharField(max_length=8, choices=[("creditor", "creditor"), ("mandate", "mandate")])
    values = models.JSONField()
    before = models.JSONField(default=dict)  # what stood when it was asked for
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved=True) | ~Q(decided_by=models.F("by")), name="creditor_change_seen_by_two"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="creditor_change_says_why"),
        ]
