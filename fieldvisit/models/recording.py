"""The sound of a visit: segments that the phone recorded, and what a separate recorder has of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .visit import FromPhone


class Recording(FromPhone):
    """One segment, complete when its bytes are here. `at` is when it began, corrected."""

    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the sealed pieces in a row, as they came")
    segment = models.UUIDField()
    pieces = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 over the SHA-256 of each piece, as the phone signed it")
    duration_ms = models.PositiveIntegerField()
    lost_ms = models.PositiveIntegerField(help_text="at most this much is missing at its end")
    ended = models.CharField(
        max_length=12,
        choices=[
            ("ended", _("to the end of the visit")),
            ("stopped", _("stopped by the collector")),
            ("paused", _("paused")),
            ("objected", _("stopped because somebody objected")),
            ("rolled", _("goes on in the next part")),
            ("cut", _("cut off: the app was closed or failed")),
            ("interrupted", _("cut off: the phone took the microphone away")),
            ("full", _("cut off: the phone had no room left")),
        ],
    )
    # set when the bytes are here
    taken_in_at = models.DateTimeField(null=True)
    unreadable = models.CharField(max_length=40, blank=True, help_text="problem code when the bytes are no recording")
    original = models.FileField(max_length=200, blank=True, help_text="the sealed pieces")
    sound = models.FileField(max_length=200, blank=True, help_text="the opened pieces: the microphone's own file")
    sound_sha256 = models.CharField(max_length=64, blank=True)
    mime = models.CharField(max_length=20, blank=True, help_text="by its first bytes")


class Recorder(FromPhone):
    """A separate recorder, as named at the door."""

    reference = models.CharField(max_length=120, help_text="inventory or serial number")
    file = models.CharField(max_length=120, blank=True, help_text="name or number of the file on it")


class RecorderFile(models.Model):
    """The hash of a recorder's file, from the office or a phone; and the file if the office has it. Insert only."""

    recorder = models.ForeignKey(Recorder, on_delete=models.PROTECT, related_name="files")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField("fieldvisit.Event", null=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(null=True)
    name = models.CharField(max_length=200, blank=True)
    kept = models.FileField(max_length=200, blank=True)
