"""Who has read which training card, in which version."""

from django.conf import settings
from django.db import models

from .event import Event


class CardRead(models.Model):
    """training.read, or without an event what the office had taught before. Rows are only added."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cards_read")
    card = models.CharField(max_length=32)
    version = models.CharField(max_length=32, help_text="of the card and of the rules it names: rules/cards.py")
    event = models.OneToOneField(Event, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(help_text="corrected time of capture")

    class Meta:
        indexes = [models.Index(fields=["user", "card"], name="cards_by_reader")]
