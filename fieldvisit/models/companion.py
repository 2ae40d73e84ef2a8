"""How it was shown that the second collector was there; and a quiet call for help from a door."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .visit import FromPhone


class CompanionWay(models.TextChoices):
    PHONE = "phone", _("confirmed on his own phone")
    CODE = "code", _("shown by the code from his own phone")


class Companion(FromPhone):
    """One confirmation. Insert only."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=CompanionWay.choices)


class HelpCall(FromPhone):
    """Nothing but its answer is written to it."""

    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=500, blank=True)
