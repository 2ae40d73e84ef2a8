"""What a finished case has taught, told so that nobody can be recognised."""

from django.conf import settings
from django.db import models

from .case import Case


class Lesson(models.Model):
    """A person has read the text before it was saved. It can be taken back, nothing else is changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lessons")
    strategy = models.CharField(max_length=32, help_text="id in rules/playbook.toml")
    good = models.BooleanField()
    title = models.CharField(max_length=80)
    story = models.TextField()
    lesson = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
