"""A photo of a visit: named by the hash of its bytes, complete when the bytes are here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .visit import FromPhone


class Photo(FromPhone):
    sha256 = models.CharField(max_length=64, db_index=True, help_text="of the picture itself")
    kind = models.CharField(
        max_length=16,
        default="other",
        choices=[
            ("door", _("Door")),
            ("building", _("Building")),
            ("document", _("Document")),
            ("paper", _("Signed paper")),
            ("other", _("Other")),
        ],
    )
    caption = models.CharField(max_length=200, blank=True)
    covered = models.PositiveSmallIntegerField(default=0, help_text="places that the collector filled in it")
    lat_e7 = models.IntegerField(null=True)
    lon_e7 = models.IntegerField(null=True)
    accuracy_cm = models.PositiveIntegerField(null=True)
    # set by photos.take
    taken_in_at = models.DateTimeField(null=True)
    unreadable = models.CharField(max_length=40, blank=True, help_text="problem code when the bytes are no picture")
    original = models.FileField(max_length=200, blank=True)
    derivative = models.FileField(max_length=200, blank=True, help_text="re-encoded JPEG without metadata")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)


class PhotoOrder(FromPhone):
    """In which order the collector wants the photos seen: the ids of their events. The latest counts."""

    order = models.JSONField(default=list)
