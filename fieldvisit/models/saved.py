"""A name that somebody gave to a search of cases, and a collector's days away."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class SavedView(models.Model):
    """`query`: the search's own query string, without place in the list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_view_of_a_name")]
        ordering = ["name"]


class Absence(models.Model):
    """From the first to the last day a collector is away. It is withdrawn, never deleted."""

    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_ends_after_it_begins")]
        indexes = [models.Index(fields=["collector", "last"])]
