"""Clause sets that the office wrote: a draft may be changed and thrown away, a published version never."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ClauseDraft(models.Model):
    """At most one per set. `asked_by` wants it published from `approved_from`; a later edit takes the wish back."""

    set_id = models.CharField(max_length=40, unique=True)
    base_version = models.PositiveIntegerField()
    body = models.JSONField()
    edited_by = models.JSONField(default=list, help_text="keys of all who had a hand in it")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    approved_from = models.DateField(null=True)
    reason = models.CharField(max_length=500, blank=True)


class ClauseSet(models.Model):
    """One published version. The database takes INSERT only; papers are checked against it for as long as they live."""

    set_id = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    body = models.JSONField(help_text="the set, as the phone gets it")
    sha256 = models.CharField(max_length=64, help_text="of its canonical bytes, as every paper names it")
    approved_from = models.DateField()
    reason = models.CharField(max_length=500)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["set_id", "version"], name="clause_version_once"),
            models.CheckConstraint(condition=~Q(drafted_by=models.F("approved_by")), name="clauses_seen_by_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="clauses_say_why"),
        ]
