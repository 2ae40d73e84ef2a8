"""Income and spending as a household told it, and a second person's consent to a plan beyond the limits."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fieldvisit.models import Case, Event, Visit

from .agreement import Agreement


class Statement(models.Model):
    """Written once; the newest of a case governs, the older ones are its history. Sums per month in fen."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="statements")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(help_text="corrected time of capture")
    declined = models.BooleanField(help_text="the debtor would rather not say")
    figures = models.JSONField(help_text='[{"item", "fen", "source": said | seen | document, "photo": sha256 or null}]')
    dependants = models.JSONField(help_text="counts only: children, elders, others")

    class Meta:
        indexes = [models.Index(fields=["case", "-taken_at"])]

    @property
    def said(self) -> dict:
        """As the rules take it."""
        return {"declined": self.declined, "figures": self.figures, "dependants": self.dependants}


class Approval(models.Model):
    """A second person lets these reasons pass for one agreement, and says why."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="approval")
    codes = models.JSONField(help_text="the reasons for which it was held")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="approved_with_a_reason")]
