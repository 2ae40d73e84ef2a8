"""What was tried at a debtor's link: a few wrong answers lock it for a while."""

from django.db import models
from django.db.models import Q

from .offer import Offer


class LinkTry(models.Model):
    """`way`: sent (a code went out), code, identity (its last four places)."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="tries")
    way = models.CharField(max_length=8)
    ok = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(way__in=["sent", "code", "identity"]), name="known_way")]
        indexes = [models.Index(fields=["offer", "at"])]
