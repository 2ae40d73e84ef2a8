"""Signed by hand on paper: who of the office has looked at the photographed pages. Append-only."""

from django.conf import settings
from django.db import models

from .agreement import Agreement


class PaperCheck(models.Model):
    """All pages are there, and the hash printed on them is that of the text."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="paper_check")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
