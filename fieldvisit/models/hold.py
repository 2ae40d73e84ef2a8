"""A pause in the work on a case: who ordered it and why, until when, and who ended it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .case import Case
from .event import Event


class HoldReason(models.TextChoices):
    PAID = "paid", _("He says that it is paid")
    DISPUTE = "dispute", _("He disputes the debt")
    COMPLAINT = "complaint", _("Complaint")
    ILLNESS = "illness", _("Illness, or somebody has died")
    MOVED = "moved", _("He has moved away")
    WISH = "wish", _("He asks for time")
    LEGAL = "legal", _("Court, insolvency or another stop by law")
    LEAVE = "leave", _("We were asked to leave")
    DISTRESS = "distress", _("He is in distress")
    VULNERABLE = "vulnerable", _("He cannot look after himself alone")
    DANGER = "danger", _("Threat or danger at the door")
    OTHER = "other", _("Another reason")


AT_THE_DOOR = (HoldReason.LEAVE, HoldReason.DISTRESS, HoldReason.DANGER)  # a stop brings them; nobody asks for them


class Holds(models.QuerySet):
    def standing(self, today: date) -> "Holds":
        """Those that neither a person nor their last day has ended."""
        return self.filter(Q(until=None) | Q(until__gte=today), released_at=None)


class Hold(models.Model):
    """While it stands nobody goes there: facts are taken in and marked, commands wait for a person.

    It stands to the end of the day `until`, else until somebody releases it; nothing but its release is written to it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=12, choices=HoldReason.choices)
    text = models.TextField(blank=True)
    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    # nobody: the debtor himself, on his own page
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateField(null=True, help_text="last day; empty: until somebody ends it")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    release_text = models.CharField(max_length=500, blank=True)

    objects = Holds.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at=None) | Q(released_by__isnull=False), name="released_by_somebody"
            )
        ]
        indexes = [models.Index(fields=["case"], condition=Q(released_at=None), name="holds_that_stand")]
