"""Who has read what of a case: one row for a person, a case and a kind of thing in an hour. Added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class Read(models.TextChoices):
    PAGE = "page", _("Page of the case")
    VISIT = "visit", _("A visit in the review")
    PHOTO = "photo", _("A photo")
    SOUND = "sound", _("A recording")
    PAPER = "paper", _("A sealed paper")
    PHONE = "phone", _("On his phone, for the work of the day")


class Reading(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="readings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=Read.choices)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="readings_by_case")]
