"""The settlement certificate (结清证明): a sealed paper that says the plan was kept to the end."""

from django.db import models

from .agreement import Agreement


class Clearance(models.Model):
    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="clearance")
    number = models.CharField(max_length=24, unique=True)
    settled_on = models.DateField()
    facts = models.JSONField(help_text="clearance/1, as attached to the paper")
    pdf = models.FileField(max_length=200)
    pdf_sha256 = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()
