"""Checkpoints over the chains of all cases: what cannot be cut or swapped afterwards. Added, never changed."""

from django.conf import settings
from django.db import models

from fieldvisit.models import Case


class Checkpoint(models.Model):
    """`body` is RFC 8785 of checkpoint/1; `sig` is the server's ECDSA P-256 over it, base64url."""

    size = models.PositiveBigIntegerField(unique=True, help_text="leaves of the tree")
    root = models.CharField(max_length=64)
    peaks = models.JSONField(help_text="roots of its complete subtrees, hex: the next one grows from them")
    body = models.BinaryField()
    sig = models.CharField(max_length=100)
    key_id = models.CharField(max_length=32)
    made_at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")


class CheckpointLeaf(models.Model):
    """How far the chain of one case had come. A case gets a new leaf in each checkpoint before which it has moved."""

    place = models.PositiveBigIntegerField(primary_key=True, help_text="in the tree, from 0")
    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="leaves")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, help_text="of the case's entry `seq`")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_leaf_per_place_of_a_chain")]


class CheckpointTime(models.Model):
    """An authority's token over the SHA-256 of a checkpoint's body."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="time")
    at = models.DateTimeField(help_text="the authority's time")
    authority = models.CharField(max_length=200)
    good_until = models.DateTimeField()
    token = models.BinaryField(help_text="RFC 3161, DER")
    made_at = models.DateTimeField()
