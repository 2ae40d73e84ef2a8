"""The debtor's own leave for what the rules else forbid, signed by him on the glass, and its end."""

from django.conf import settings
from django.db import models

from .contact import FromField


class Permission(FromField):
    """contact.permitted: a visit at hours he named. The strokes stand in the event. It ends with its last day, or when
    he or the office takes it back; nothing but that is written to it."""

    from_hour = models.CharField(max_length=5)
    until_hour = models.CharField(max_length=5, help_text="24:00 is midnight")
    last_day = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["case", "last_day"], name="permissions_by_case")]

    def consent(self, wall) -> dict:
        """As `rules.conduct` reads it; `wall` makes the debtor's wall time of a moment."""
        end = f"{self.last_day.isoformat()}T24:00:00"
        return {
            "for": "hours",
            "channel": "visit",
            "from": self.from_hour,
            "until": self.until_hour,
            "since": wall(self.at),
            "to": min(end, wall(self.ended_at)) if self.ended_at else end,
        }

