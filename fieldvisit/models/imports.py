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


class ImportProfile(models.Model):
    """A profile made or changed in the office: one row a version, the latest of a name counts."""

    kind = models.CharField(max_length=16, default="cases")
    name = models.SlugField(max_length=40)
    said = models.JSONField(help_text='{"creditor": {…}, "columns": {field: [heads]}, "ignore": [heads]}')
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ImportJob(models.Model):
    """A file that somebody handed in at the desk: tried first, then taken in; what came of it the last time."""

    kind = models.CharField(max_length=16, default="cases")
    profile = models.CharField(max_length=40)
    file_name = models.CharField(max_length=200)
    file = models.FileField(max_length=200, blank=True, help_text="empty once it is taken in")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    trial = models.BooleanField(default=True, help_text="nothing is written; what would be is counted")
    language = models.CharField(max_length=8, default="zh-hans", help_text="of the reasons for refused rows")
    asked_at = models.DateTimeField(help_text="since when it waits for the worker")
    beat_at = models.DateTimeField(null=True, help_text="when the worker last said how far it is")
    ended_at = models.DateTimeField(null=True)
    read = models.PositiveIntegerField(default=0, help_text="rows checked so far")
    taken = models.PositiveIntegerField(default=0, help_text="good rows written, or compared, so far")
    good = models.PositiveIntegerField(default=0, help_text="good rows in all, known when all are checked")
    problem = models.TextField(blank=True, help_text="why the file as a whole was refused")
    as_of = models.DateField(null=True)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    first_refused = models.JSONField(default=list, help_text="[{row, column, reason}], the first hundred")
    refused_file = models.FileField(max_length=200, blank=True)
    run = models.OneToOneField(ImportRun, null=True, on_delete=models.PROTECT, related_name="job")

    @property
    def state(self) -> str:
        """waiting, running, tried, refused (the file as a whole) or done."""
        if self.ended_at is None:
            return "running" if self.beat_at else "waiting"
        return "refused" if self.problem else "tried" if self.trial else "done"


class ImportUndo(models.Model):
    """An import that was taken back."""

    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, related_name="undo")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    closed = models.PositiveIntegerField(default=0, help_text="cases that this import had made")
    restored = models.PositiveIntegerField(default=0, help_text="cases that have their former figures again")
