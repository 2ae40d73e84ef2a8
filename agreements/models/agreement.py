"""An agreement as it was proposed on the phone, and how far it has come."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldvisit.models import Case, Event, Visit

from .offer import Offer


class State(models.TextChoices):
    COLLECTING = "collecting", _("Waiting for signatures, photos or the end of the visit")
    READY = "ready", _("Ready to seal")
    SEALED = "sealed", _("Sealed")
    HELD = "held", _("Held for review")
    REFUSED = "refused", _("The debtor does not sign")
    DROPPED = "dropped", _("Not signed: another plan was chosen, or none")
    REJECTED = "rejected", _("Rejected by the office")
    SUPERSEDED = "superseded", _("Replaced by a later agreement")
    VOID = "void", _("Void")


class Agreement(models.Model):
    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=24, unique=True, null=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreements")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="agreements")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.PROTECT, related_name="agreements")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    body = models.BinaryField(help_text="RFC 8785 of agreement/1, as proposed")
    terms_sha256 = models.CharField(max_length=64, db_index=True)
    language = models.CharField(max_length=8)
    proposed_at = models.DateTimeField(help_text="corrected time of capture")
    state = models.CharField(max_length=12, choices=State.choices, default=State.COLLECTING)
    codes = models.JSONField(default=list, help_text="why it is held: codes of problems.py")
    params = models.JSONField(default=dict, help_text="what fills the braces of their sentences")
    refusal = models.CharField(max_length=500, blank=True, help_text="why the debtor does not sign, in his words")
    state_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="sealed"), name="one_agreement_in_force_per_case"
            ),
        ]


class Rejection(models.Model):
    """A person of the office decided that this agreement is never sealed."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="rejection")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rejected_with_a_reason")]


class Signature(models.Model):
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16)
    party = models.CharField(max_length=64)
    body = models.BinaryField(help_text="RFC 8785 of signature/1")
    terms_sha256 = models.CharField(max_length=64)
    strokes_sha256 = models.CharField(max_length=64, db_index=True, help_text="a drawing seen before is a copy")
    signed_at = models.DateTimeField()


class Sealed(models.Model):
    """The paper. Written once, after pyHanko has validated the bytes."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="sealed")
    evidence = models.FileField(max_length=200)
    evidence_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64, unique=True)
    terms_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
    signer = models.CharField(max_length=200)
    timestamp_at = models.DateTimeField(null=True, help_text="of the timestamp authority; empty while pending")

    class Meta:
        verbose_name_plural = "sealed"
        constraints = [
            models.CheckConstraint(
                condition=~Q(evidence_sha256="") & ~Q(pdf_sha256="") & ~Q(terms_sha256=""),
                name="sealed_with_all_hashes",
            ),
        ]
