"""A case: one contract of one creditor, the people in it, where they live, and who works it from when to when."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from ..spelling import Spelt
from .people import Creditor, Team


def new_ref() -> str:
    """An opaque name for the wire and for addresses: tells nothing, 72 random bits."""
    return secrets.token_urlsafe(9)


class Case(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    ref = models.CharField(max_length=16, unique=True, default=new_ref, editable=False)
    creditor = models.ForeignKey(Creditor, on_delete=models.PROTECT, related_name="cases")
    contract_number = models.CharField(max_length=64)
    product = models.CharField(max_length=64, blank=True)
    # whose rules of conduct stand for it: a pack of fieldvisit/rules/packs
    jurisdiction = models.CharField(max_length=8, default="cn")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    # grows with every change of people, debts or assignment: the phone's `basis.case_version`
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(
        default=dict, blank=True, help_text=_("columns of the creditor's file that have no place of their own")
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creditor", "contract_number"], name="one_case_per_contract")]
        indexes = [models.Index(fields=["team", "id"]), models.Index(fields=["contract_number"])]

    def __str__(self) -> str:
        return self.contract_number


class PartyRole(models.TextChoices):
    DEBTOR = "debtor", _("Debtor")
    CO_DEBTOR = "co-debtor", _("Co-borrower")
    GUARANTOR = "guarantor", _("Guarantor")


class Party(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16, choices=PartyRole.choices, default=PartyRole.DEBTOR)
    name = models.CharField(max_length=120)
    # how the name is typed with Latin letters, for the search: "zhangwei", "zw"
    pinyin, initials = Spelt(db_index=True), Spelt(how="initials", db_index=True)
    id_number = models.CharField(max_length=32, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    mobile = models.CharField(max_length=32, blank=True)
    employer = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    annual_income_fen = models.BigIntegerField(null=True, blank=True)
    homeownership = models.CharField(max_length=16, blank=True)

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(role="debtor"), name="one_debtor_per_case"),
        ]
        indexes = [models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def home(self) -> "Address | None":
        """The newest; no query where the addresses have been prefetched."""
        return max(
            (each for each in self.addresses.all() if each.kind == "home"), key=lambda each: each.pk, default=None
        )


class Address(models.Model):
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=8, choices=[("home", _("Home")), ("work", _("Work"))], default="home")
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=200, help_text=_("what follows the district"))
    # WGS-84, 1e-7 degrees; empty when the creditor's file has none
    lat_e7 = models.IntegerField(null=True, blank=True)
    lon_e7 = models.IntegerField(null=True, blank=True)
    source = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "addresses"

    @property
    def full(self) -> str:
        return f"{self.province}{self.city}{self.district}{self.street}"

    def __str__(self) -> str:
        return self.full


class Assignment(models.Model):
    """Who works a case, from when until when. Late work finds its lane by these rows, so they are never deleted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assignments")
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(until_at=None), name="one_collector_at_a_time"),
        ]
        indexes = [models.Index(fields=["collector", "until_at"])]
