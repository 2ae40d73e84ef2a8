"""The debtor's own word for what he signed: codes that went to his number, and what was entered. Append-only."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .offer import Offer


class ConfirmationWay(models.TextChoices):
    GLASS = "glass", _("entered on the collector's phone")
    LINK = "link", _("entered on his own page")


class ConfirmationCode(models.Model):
    """One code. The agreement may not have arrived yet: it is named by its identifier and the hash of its terms."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="confirmation_codes")
    agreement_id = models.UUIDField(db_index=True)
    terms_sha256 = models.CharField(max_length=64)
    way = models.CharField(max_length=8, choices=ConfirmationWay.choices)
    number = models.CharField(max_length=40, help_text="masked, as it stands in the text")
    code_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    statement = models.BinaryField(help_text="RFC 8785 of confirmation/1, signed: sent")


class ConfirmationTry(models.Model):
    code = models.ForeignKey(ConfirmationCode, on_delete=models.PROTECT, related_name="tries")
    ok = models.BooleanField()
    at = models.DateTimeField()
    statement = models.BinaryField(help_text="the same statement as it stands after this try")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(ok=True), name="a_code_confirms_once"),
        ]
