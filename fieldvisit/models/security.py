"""What secures a debt, and the hand-over of a case to court. Rows are added, never changed: a later one replaces."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class SecurityKind(models.TextChoices):
    HOME = "home", _("Home or land")
    VEHICLE = "vehicle", _("Vehicle")
    GOODS = "goods", _("Goods or machines")
    CLAIM = "claim", _("Account, shares or a claim")
    GUARANTEE = "guarantee", _("Guarantee by a person or firm")


class SecurityMode(models.TextChoices):
    NONE = "", _("not known")
    MORTGAGE = "mortgage", _("mortgage")
    PLEDGE = "pledge", _("pledge")
    GENERAL = "general", _("general guarantee")
    JOINT = "joint", _("joint guarantee")


class Security(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="securities")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    gone = models.BooleanField(default=False, help_text="it secures no more")
    kind = models.CharField(max_length=12, choices=SecurityKind.choices)
    what = models.CharField(max_length=200, help_text="the thing, or who guarantees")
    mode = models.CharField(max_length=12, blank=True, choices=SecurityMode.choices)
    scope = models.CharField(max_length=200, blank=True, help_text="what it secures")
    value_fen = models.BigIntegerField(null=True)
    source = models.CharField(max_length=80, blank=True, help_text="who valued it")
    valued_on = models.DateField(null=True)
    insured_until = models.DateField(null=True)
    registered_until = models.DateField(null=True)
    seized_until = models.DateField(null=True)
    period_end = models.DateField(null=True, help_text="of the guarantee")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class CourtHandover(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="court_handovers")
    to = models.CharField(max_length=120, help_text="who took it")
    papers = models.JSONField(help_text='{paper: "found" | "by hand" | "missing"}')
    reason = models.CharField(max_length=500, blank=True, help_text="why although something is missing")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
