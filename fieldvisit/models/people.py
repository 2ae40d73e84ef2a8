"""Who works here, and for whom: users with one role each, teams, creditors, the agency and its mandate."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COLLECTOR = "collector", _("Collector")
    SUPERVISOR = "supervisor", _("Supervisor")
    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """The collection agency whose people knock at the door."""

    name = models.CharField(max_length=120, unique=True)
    phone = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    name = models.CharField(_("name"), max_length=80)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.COLLECTOR)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default="zh-hans")
    badge = models.CharField(_("work card number"), max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name or self.username


class Creditor(models.Model):
    name = models.CharField(max_length=120, unique=True)
    short_name = models.CharField(max_length=8, help_text=_("drawn inside the seal"))
    account_name = models.CharField(max_length=120)
    account_bank = models.CharField(max_length=120)
    account_number = models.CharField(max_length=40)
    complaint_phone = models.CharField(max_length=32)
    lender_type = models.CharField(max_length=32, default="licensed-bank", help_text=_("decides which ceilings apply"))

    def __str__(self) -> str:
        return self.name


class Mandate(models.Model):
    """A creditor's authority to an agency, with from and until (CN-AGCY-01)."""

    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="mandates")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="mandates")
    number = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_until = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "number"], name="one_mandate_number_per_creditor")]

    def __str__(self) -> str:
        return self.number
