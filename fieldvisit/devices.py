"""Phones that may hand in work: whose each one is, and how much of it has come."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Window
from django.db.models.functions import Lag

from . import access
from .models import Device, DeviceAction, DeviceOrder, Event, Quarantine, User
from .problems import Refused

SEEN_EVERY = timedelta(minutes=1)


def find(device_id: str) -> Device:
    """With its user. Refused("device.unknown"): any signed-in user may carry for another's phone.

    A released one too: what it captured before still arrives, what it signs afterwards is put apart (delivery.py).
    """
    try:
        return Device.objects.select_related("user").get(pk=UUID(device_id))
    except (Device.DoesNotExist, ValueError, TypeError, AttributeError):
        raise Refused("device.unknown") from None


def seen(*, user: User, device_id: str, report: str, now: datetime) -> dict | None:
    """{"id", "highest_seq", "flags": {"lock", "wipe"}} of the user's own phone for `hello`, noting that it is alive
    and what it says of itself; None if it is not his. `report` is X-Unsent, see `read_report`."""
    try:
        device = Device.objects.get(pk=UUID(device_id), user=user)
    except (Device.DoesNotExist, ValueError):
        return None
    news = read_report(report)
    changed = any(getattr(device, name) != value for name, value in news.items())
    if device.missing_since and not gaps([device]):
        news["missing_since"], changed = None, True
    if changed or device.last_seen_at is None or device.last_seen_at < now - SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now, **news)
    orders = list(DeviceOrder.objects.filter(device=device).order_by("pk"))
    if any(order.heard_at is None for order in orders):
        DeviceOrder.objects.filter(device=device, heard_at=None).update(heard_at=now)
    highest = Event.objects.filter(device=device).aggregate(highest=Max("device_seq"))["highest"]
    return {"id": str(device.pk), "highest_seq": highest or 0, "flags": flags(device, orders)}


def of_gone(*, device_id: str, now: datetime) -> dict | None:
    """{"id", "flags"} of the phone of somebody whose account is closed: he cannot sign in to hear of its lock."""
    try:
        device = Device.objects.filter(user__is_active=False).get(pk=UUID(device_id))
    except (Device.DoesNotExist, ValueError):
        return None
    DeviceOrder.objects.filter(device=device, heard_at=None).update(heard_at=now)
    return {"id": str(device.pk), "flags": flags(device, device.orders.order_by("pk"))}


def flags(device: Device, orders: Iterable[DeviceOrder]) -> dict:
    """What stands: the last lock or unlock; a wipe for good, because what comes after it is another phone."""
    locks = [order.action for order in orders if order.action in (DeviceAction.LOCK, DeviceAction.UNLOCK)]
    wipe = device.revoked_at is not None or any(order.action == DeviceAction.WIPE for order in orders)
    return {"lock": locks[-1:] == [DeviceAction.LOCK], "wipe": wipe}


def read_report(text: str) -> dict:
    """X-Unsent: "<how many>,<when the oldest was saved>,<as_of of its pack>", times in ISO 8601, empty if there is
    none: "3,2026-11-24T02:14:07.120Z,2026-11-24T00:58:01+00:00". Anything else is as if nothing had been said."""
    try:
        count, oldest, pack = text.split(",")
        said = {"unsent": int(count), "unsent_since": _time(oldest), "pack_as_of": _time(pack)}
    except (ValueError, OverflowError):
        return {}
    return said if 0 <= said["unsent"] <= 1_000_000 else {}


def _time(text: str) -> datetime | None:
    if not text.strip():
        return None
    at = datetime.fromisoformat(text.strip())
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)


@transaction.atomic
def order(*, device: Device, action: str, by: User, now: datetime) -> DeviceOrder:
    """Lock, unlock, wipe or release a phone; it hears of it at its next `hello`. Its unsent work stays on it and still
    comes in. Released, it may be enrolled anew, for anybody; what its old key signs after that waits for a person.

    Refused("device.released" | "device.order" | "forbidden").
    """
    if by.role not in access.IN_CHARGE:
        raise Refused("forbidden")
    if action not in DeviceAction.values:
        raise Refused("device.order")
    if not Device.objects.filter(pk=device.pk, revoked_at=None).exists():
        raise Refused("device.released")
    if action == DeviceAction.RELEASE:
        Device.objects.filter(pk=device.pk).update(revoked_at=now)
    return DeviceOrder.objects.create(device=device, action=action, by=by, at=now)


def gaps(found: list[Device]) -> dict:
    """{device id: [numbers that are missing, at most 100]}: before a number that is here, others are not.

    What lies in quarantine has come too. Two queries.
    """
    if not found:
        return {}
    before = Window(Lag("device_seq", default=0), partition_by=F("device"), order_by=F("device_seq").asc())
    holes = Event.objects.filter(device__in=found).annotate(before=before).filter(device_seq__gt=F("before") + 1)
    missing = defaultdict(list)
    for device_id, low, high in holes.values_list("device", "before", "device_seq").order_by("device", "device_seq"):
        room = 100 - len(missing[device_id])
        missing[device_id] += range(low + 1, min(high, low + 1 + room))
    apart = set(Quarantine.objects.filter(device__in=missing).values_list("device", "device_seq") if missing else ())
    missing = {pk: [n for n in numbers if (pk, n) not in apart] for pk, numbers in missing.items()}
    return {pk: numbers for pk, numbers in missing.items() if numbers}
