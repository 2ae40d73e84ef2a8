"""What the office decided about a visit: one row per decision, the latest that was not taken back counts."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..rules import desk
from .visit import Visit


class Decision(models.TextChoices):
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Sent back")


class Decisions(models.QuerySet):
    def stood(self):
        """Without those that were taken back."""
        return self.filter(undone=None)

    def told(self, now: datetime):
        """Those that can be taken back no more: only of these a phone is told."""
        return self.stood().filter(at__lte=now - timedelta(seconds=desk.policy()["review"]["undo_s"]))


class ReviewDecision(models.Model):
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    sentence = models.CharField(
        max_length=500, blank=True, help_text=_("what the collector reads when it is sent back")
    )
    marked = models.CharField(max_length=64, blank=True, help_text="what it is about: a part of the visit, photo:<id>")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = Decisions.as_manager()

    class Meta:
        get_latest_by = "id"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision="returned", sentence=""), name="sent_back_with_a_sentence"
            ),
        ]


class DecisionUndone(models.Model):
    """Taken back within the time for it; the row it was stays."""

    decision = models.OneToOneField(ReviewDecision, on_delete=models.PROTECT, related_name="undone")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ReviewClaim(models.Model):
    """Who looks at a visit now. It ends by itself, so that nothing waits for somebody who has gone home."""

    visit = models.OneToOneField(Visit, on_delete=models.CASCADE, related_name="claim", primary_key=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
