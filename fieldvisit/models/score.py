"""What collectors tick about a case for the scorecard: what they heard and saw."""

from django.db import models

from .contact import FromField


class ScoreTick(FromField):
    """score.ticked: ids of `observed` in rules/scorecard.toml. Rows are only added; after a time they count no more."""

    ticks = models.JSONField()
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="ticks_by_case")]
