"""What is sent to a person outside: one row a message. Its text is made when it is sent, and only its hash is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from .case import Case


class MessageChannel(models.TextChoices):
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")


class MessageState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    GIVEN_UP = "given_up", _("Not sent")
    CANCELLED = "cancelled", _("No longer needed")


class Message(models.Model):
    """`key` names what it is about, so that nothing is told twice. `params` hold no secret and no personal data."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=8, choices=MessageChannel.choices)
    to = models.CharField(max_length=120)
    language = models.CharField(max_length=8)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    quiet = models.BooleanField(default=False, help_text=_("waits for the hours in which somebody may be contacted"))
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(help_text=_("not tried before"))
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=80, blank=True, help_text=_("kind of the last fault, without what it said"))
    sent_at = models.DateTimeField(null=True)
    sent_by = models.CharField(max_length=80, blank=True, help_text=_("the way it went; a stand-in says so"))
    text_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(text_sha256="")), name="sent_with_its_hash"
            )
        ]
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="messages_waiting")]
