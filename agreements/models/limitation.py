"""A supervisor lets a debt that is or may be past limitation be spoken of, with its notice (CN-LIM-02)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from fieldvisit.models import Case


class LimitationRelease(models.Model):
    """Written once. `status` and `alarm` are as they were reckoned then."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="limitation_release")
    status = models.CharField(max_length=20)
    alarm = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="released_with_a_reason")]
