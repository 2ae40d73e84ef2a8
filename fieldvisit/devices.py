"""Phones that may hand in work: whose each one is, and how much of it has come."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, Q

from . import wire
from .models import Device, Event, User
from .problems import Refused

SEEN_EVERY = timedelta(minutes=1)


def register(*, user: User, device_id: UUID, public_key: str, label: str, now: datetime) -> Device:
    """The same again changes nothing. Refused("device.form" | "device.other_key")."""
    try:
        wire.public_key(wire.unb64url(public_key))
    except wire.Broken:
        raise Refused("device.form") from None
    device, _ = Device.objects.get_or_create(
        pk=device_id, defaults={"user": user, "public_key": public_key, "label": label, "enrolled_at": now}
    )
    if (device.public_key, device.user_id) != (public_key, user.pk):
        raise Refused("device.other_key")
    return device


def find(device_id: str) -> Device:
    """With its user. Refused("device.unknown" | "device.revoked"): any signed-in user may carry for another's phone."""
    try:
        device = Device.objects.select_related("user").get(pk=UUID(device_id))
    except (Device.DoesNotExist, ValueError, TypeError, AttributeError):
        raise Refused("device.unknown") from None
    if device.revoked_at:
        raise Refused("device.revoked")
    return device


def seen(*, user: User, device_id: str, now: datetime) -> dict | None:
    """{"id", "highest_seq", "revoked"} of the user's own phone for `hello`, noting that it is alive; else None."""
    try:
        device = Device.objects.get(pk=UUID(device_id), user=user)
    except (Device.DoesNotExist, ValueError):
        return None
    Device.objects.filter(Q(last_seen_at=None) | Q(last_seen_at__lt=now - SEEN_EVERY), pk=device.pk).update(
        last_seen_at=now
    )
    highest = Event.objects.filter(device=device).aggregate(highest=Max("device_seq"))["highest"]
    return {"id": str(device.pk), "highest_seq": highest or 0, "revoked": device.revoked_at is not None}
