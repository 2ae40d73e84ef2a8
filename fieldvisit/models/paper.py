"""A credit report or a bank statement that was shown, photographed and keyed."""

from django.db import models

from .contact import FromField


class Paper(FromField):
    """paper.keyed: figures by rules/papers.toml. The newest of each kind counts; rows are only added."""

    kind = models.CharField(max_length=16)
    on = models.DateField(help_text="the day of the report, the last day of the statement")
    figures = models.JSONField(help_text="{item: fen or number}")
    photo = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the photo of it")

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="papers_by_case")]
