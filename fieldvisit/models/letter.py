"""Letters of the office, and how each reached the debtor. Rows are only added."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class LetterKind(models.TextChoices):
    VISIT = "visit-notice", _("Notice of visit")
    OVERDUE = "overdue-notice", _("Notice of overdue payment")
    AUTHORISATION = "authorisation", _("Authorisation of the two collectors")
    DOCUMENTS = "documents-receipt", _("Receipt of documents")


class Letter(models.Model):
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20, choices=LetterKind.choices)
    number = models.CharField(max_length=32, unique=True)
    text = models.TextField(blank=True, help_text="what was typed")
    found = models.JSONField(default=list, help_text="what the words were warned of, and he let stand")
    pdf = models.FileField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="letters_by_case")]


class DeliveryWay(models.TextChoices):
    POST = "post", _("Registered post")
    COURIER = "courier", _("Courier")
    HANDED = "handed", _("Handed over in person")
    RETURNED = "returned", _("Came back undelivered")


class LetterDelivery(models.Model):
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=8, choices=DeliveryWay.choices)
    on = models.DateField()
    reference = models.CharField(max_length=120, blank=True, help_text="number of the item, or who took it")
    proof = models.FileField(max_length=200, blank=True)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
