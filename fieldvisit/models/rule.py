"""What the office changed in a rule of conduct: tighter at once, looser only with a second person."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q


class RuleChanges(models.QuerySet):
    def standing(self, on: date) -> "RuleChanges":
        """Those in force on a day: not withdrawn, and approved where they loosen. Oldest first: a later one governs."""
        agreed = Q(loosens=False) | Q(approved_at__isnull=False)
        in_time = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gte=on))
        return self.filter(agreed, in_time, withdrawn_at=None).order_by("pk")


class RuleChange(models.Model):
    """Other values for one rule, from a day to a day, both included (no end: until withdrawn). Never deleted."""

    pack = models.CharField(max_length=8)
    rule = models.CharField(max_length=32)
    values = models.JSONField()
    loosens = models.BooleanField()
    reason = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = RuleChanges.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("by")), name="rule_change_seen_by_two"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rule_change_says_why"),
        ]
        indexes = [models.Index(fields=["pack", "rule"], name="changes_by_rule")]

    def stood(self, on: date) -> bool:
        """What `standing` asks the database, for a row that is loaded."""
        agreed = (self.approved_at or not self.loosens) and not self.withdrawn_at
        return bool(agreed) and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
