"""How a browser became a phone: the code it was let in with, and what its owner declared."""

from django.conf import settings
from django.db import models

from .event import Device


class EnrolmentCode(models.Model):
    """Issued by the office to one collector, good once. The code itself is nowhere, only its keyed hash."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolment_codes")
    digest = models.CharField(max_length=64, help_text="HMAC-SHA256 under SECRET_KEY: enrolment.py")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="wrong codes typed by this user while it was open")
    device = models.OneToOneField(Device, null=True, on_delete=models.PROTECT, related_name="enrolment")
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None, device=None) | models.Q(used_at__isnull=False, device__isnull=False),
                name="a_used_code_names_its_phone",
            )
        ]


class DeviceConsent(models.Model):
    """What was declared for a private phone, word for word. INSERT only: the database refuses to change it."""

    device = models.OneToOneField(Device, on_delete=models.PROTECT, related_name="consent")
    rule = models.CharField(max_length=16)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=8)
    text = models.TextField(help_text="as it stood on the phone")
    at = models.DateTimeField()
