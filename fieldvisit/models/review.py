"""What the office decided about a visit: one row per decision, the latest counts."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .visit import Visit


class Decision(models.TextChoices):
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Sent back")


class ReviewDecision(models.Model):
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=12, choices=Decision.choices)
    sentence = models.CharField(
        max_length=500, blank=True, help_text=_("what the collector reads when it is sent back")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        get_latest_by = "id"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision="returned", sentence=""), name="sent_back_with_a_sentence"
            ),
        ]
