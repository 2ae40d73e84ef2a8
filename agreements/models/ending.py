"""How an agreement ends before it is kept: withdrawn by the debtor, made void, or replaced by a later one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement


class Void(models.Model):
    """It takes effect when `agreed` is true: at once for a withdrawal, else when a second person has agreed."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="voids")
    withdrawal = models.BooleanField(default=False, help_text=_("by the debtor, within the cooling-off"))
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed = models.BooleanField(null=True, help_text=_("empty: a second person has not decided yet"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="void_with_a_reason"),
            models.CheckConstraint(condition=Q(withdrawal=True) | Q(by__isnull=False), name="void_by_somebody"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(agreed=None) | Q(agreed=True), name="one_standing_void"
            ),
        ]


class Renewal(models.Model):
    """The office lets a new agreement replace this one, which stays in force until the new one is sealed."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="renewal")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_by = models.OneToOneField(Agreement, null=True, on_delete=models.PROTECT, related_name="replaces")
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="renewed_with_a_reason")]
