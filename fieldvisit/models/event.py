"""What phones sent: devices, events with their exact bytes, receipts byte for byte, blobs under way, quarantine."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from .case import Case


class DeviceOwner(models.TextChoices):
    COMPANY = "company", _("The company's")
    PRIVATE = "private", _("Private, used with consent")


class DeviceKeeps(models.TextChoices):
    """Where the phone's signing key lies."""

    BROWSER = "browser", _("key kept by the browser")
    PIN = "pin", _("key under the PIN only")
    MEMORY = "memory", _("online only, keeps nothing")


class Device(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices")
    public_key = models.CharField(max_length=120, help_text="P-256, 65 raw bytes, base64url")
    label = models.CharField(max_length=80, blank=True)
    enrolled_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    build = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True)
    owner = models.CharField(max_length=8, choices=DeviceOwner.choices, blank=True)
    keeps = models.CharField(max_length=8, choices=DeviceKeeps.choices, blank=True)
    passkey = models.BooleanField(null=True, help_text="asked for beside the PIN; null: enrolled before that was said")
    unlock_sha256 = models.CharField(max_length=64, blank=True, db_index=True, help_text="of the token: unlock.py")
    receipts = models.PositiveBigIntegerField(default=0, help_text="counter of receipts and their revisions")
    # what the phone said of itself at its last `hello` (X-Unsent)
    unsent = models.PositiveIntegerField(null=True)
    unsent_since = models.DateTimeField(null=True, help_text="when the oldest of them was saved")
    pack_as_of = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(
        null=True, help_text="since when a number of its chain may be missing; whether it is: devices.gaps"
    )


class DeviceAction(models.TextChoices):
    LOCK = "lock", _("Locked")
    UNLOCK = "unlock", _("Unlocked")
    WIPE = "wipe", _("Wiped")
    RELEASE = "release", _("Taken out of use")


class DeviceOrder(models.Model):
    """What the office ordered for a phone; the latest lock or unlock counts, a wipe counts until the phone is new."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="orders")
    action = models.CharField(max_length=8, choices=DeviceAction.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, help_text="when the phone was told, at its next `hello`")


class Status(models.TextChoices):
    APPLIED = "applied", _("Sent")
    HELD = "held", _("Waiting for review")
    REJECTED = "rejected", _("Needs you")


class Event(models.Model):
    """One row per event id, ever. `bytes` is RFC 8785 and hashes to `sha256`; only the decision is rewritten."""

    id = models.UUIDField(primary_key=True)
    server_seq = models.PositiveBigIntegerField(unique=True)
    type = models.CharField(max_length=48)
    bytes = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    signature = models.BinaryField(help_text="ECDSA P-256 over the bytes, raw r and s")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="events")
    device_seq = models.PositiveBigIntegerField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="events")
    visit_id = models.UUIDField(null=True, db_index=True)
    seq = models.PositiveIntegerField(default=0)
    captured_at = models.DateTimeField()
    corrected_at = models.DateTimeField()
    received_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status.choices)
    code = models.CharField(max_length=48, blank=True)
    marks = models.JSONField(default=list, help_text="codes of what the office should look at, e.g. after_reassignment")

    class Meta:
        indexes = [
            models.Index(fields=["device", "device_seq"]),
            models.Index(fields=["visit_id", "seq"]),
            models.Index(fields=["case"], condition=models.Q(status="held"), name="events_held"),
        ]


class ServerSeq(models.Model):
    """Hands out Event.server_seq: one row each, so that no writer waits for another and no number comes twice."""


class Receipt(models.Model):
    """The verdict as it was sent, byte for byte; a person's decision on a held event adds a revision."""

    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="receipts")
    quarantine = models.ForeignKey("Quarantine", null=True, on_delete=models.PROTECT, related_name="receipts")
    rev = models.PositiveIntegerField(default=1)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    counter = models.PositiveBigIntegerField(help_text="per device: `receipts?since=`")
    body = models.BinaryField()
    sent_sha256 = models.CharField(max_length=64, blank=True, help_text="of the envelope it answers: repeats.py")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "rev"], name="one_receipt_per_revision"),
            models.UniqueConstraint(fields=["quarantine", "rev"], name="one_quarantine_receipt_per_revision"),
            models.UniqueConstraint(fields=["device", "counter"], name="receipts_are_counted_per_device"),
            models.CheckConstraint(
                condition=models.Q(event=None) ^ models.Q(quarantine=None), name="a_receipt_speaks_of_one_thing"
            ),
        ]


class Quarantine(models.Model):
    """Bytes that must not enter a case by themselves: same id with other bytes, or work nobody was assigned to."""

    event_id = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    bytes = models.BinaryField()
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=48)
    at = models.DateTimeField()
    # what the event says of itself, so that the right people find it; the case only if there is exactly one
    type = models.CharField(max_length=48, blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="quarantined")
    visit_id = models.UUIDField(null=True, db_index=True)
    seq = models.PositiveIntegerField(default=0)
    device_seq = models.PositiveBigIntegerField(null=True)
    captured_at = models.DateTimeField(null=True, help_text="corrected")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "sha256"], name="quarantined_once")]


class HeldDecision(models.Model):
    """What a person decided about held work: one row per decision, with the reason that both sides read."""

    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="decisions")
    quarantine = models.OneToOneField(Quarantine, null=True, on_delete=models.PROTECT, related_name="decision")
    accepted = models.BooleanField()
    code = models.CharField(max_length=48, help_text="why it was held")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="held_work_is_decided_with_a_reason"),
            models.CheckConstraint(
                condition=~models.Q(event=None, quarantine=None), name="a_decision_speaks_of_something"
            ),
        ]


class Blob(models.Model):
    """An upload on its way in, keyed by device and hash so that nobody learns what others have."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="blobs")
    sent_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, help_text="of the opened content, as the phone said")
    event_id = models.UUIDField(null=True)
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()
    complete_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=48, blank=True, help_text="why the content could not be opened")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "sent_sha256"], name="one_upload_per_device_and_hash")]
        indexes = [models.Index(fields=["sha256"])]
