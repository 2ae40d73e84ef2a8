"""One run of an import: which file, by which profile, what came of it."""

from django.conf import settings
from django.db import models


class ImportRun(models.Model):
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    profile = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list, help_text="[{row, column, code, reason}]")
