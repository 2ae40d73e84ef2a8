"""The record: one append-only, hash-chained list per case. Personal data stays in the detail; its hash is salted."""

from django.conf import settings
from django.db import models

from .case import Case


class Entry(models.Model):
    """hash = SHA-256(0x00 ‖ JCS({seq, at, actor, action, object, payload_sha256, prev}))."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    at = models.CharField(max_length=40, help_text="ISO 8601 UTC with microseconds, exactly as hashed")
    actor = models.CharField(max_length=80, help_text="user:<id> or system")
    action = models.CharField(max_length=48)
    object = models.CharField(max_length=120, help_text="kind:<id>")
    payload_sha256 = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "entries"
        ordering = ["case", "seq"]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_entry_per_place")]


class EntryDetail(models.Model):
    """What the hash speaks of: payload_sha256 = SHA-256(salt ‖ JCS(payload)). It may be erased; the chain stands."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="detail", primary_key=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    salt = models.BinaryField()
    payload = models.JSONField(default=dict)
