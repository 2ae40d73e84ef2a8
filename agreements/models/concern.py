"""What a debtor says on his own page: a complaint, a dispute, a wish for another plan, feedback. And what we did."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from fieldvisit.models import Case, Hold

from .agreement import Agreement


class ConcernKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    DISPUTE = "dispute", _("Dispute of the debt")
    NEW_PLAN = "new-plan", _("Wish for another plan")
    FEEDBACK = "feedback", _("Feedback")


class Concern(models.Model):
    """Kept as it was said; never shown to a collector."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="concerns")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=12, choices=ConcernKind.choices)
    text = models.CharField(max_length=2000, blank=True)
    month_fen = models.BigIntegerField(null=True, help_text=_("what he says he can pay each month"))
    language = models.CharField(max_length=8)
    hold = models.OneToOneField(Hold, null=True, on_delete=models.PROTECT, related_name="concern")
    received_at = models.DateTimeField()


class StepKind(models.TextChoices):
    TAKEN = "taken", _("Taken on")
    EXTENDED = "extended", _("More time taken")
    ANSWERED = "answered", _("Answered")


class ConcernStep(models.Model):
    """One thing that the office did about a concern; the debtor reads what an answer or a longer time says."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=StepKind.choices)
    text = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind="taken") | ~Q(text=""), name="a_step_says_why"),
            models.UniqueConstraint(fields=["concern"], condition=Q(kind="answered"), name="answered_once"),
        ]
