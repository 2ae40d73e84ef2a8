"""What opens a phone's pack and pages beside the session cookie: a token that lies on the phone under its PIN.

The cookie has to live while the phone is locked, so that its work drains; alone it reads nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from . import devices
from .models import Device, User
from .problems import Refused

SIGNED_IN_AT = "signed_in_at"


def note_sign_in(request: HttpRequest, now: datetime) -> None:
    """Both factors have just been given in this session."""
    request.session[SIGNED_IN_AT] = int(now.timestamp())


def issue(*, device: Device, session, now: datetime) -> str:
    """A new token for this phone, said once and kept as its hash; the one before is good for nothing.

    Refused("unlock.fresh") unless both factors were given minutes ago; ("device.revoked" | "unlock.locked").
    """
    since = now - timedelta(seconds=settings.FRESH_SIGN_IN)
    if session.get(SIGNED_IN_AT, 0) < since.timestamp():
        raise Refused("unlock.fresh")
    if device.revoked_at:
        raise Refused("device.revoked")
    if any(devices.flags(device, device.orders.order_by("pk")).values()):
        raise Refused("unlock.locked")
    token = secrets.token_urlsafe(32)
    Device.objects.filter(pk=device.pk).update(unlock_sha256=_sha256(token))
    return token


def revoke(device: Device) -> None:
    """Ten wrong PINs on it, or a forgotten one."""
    Device.objects.filter(pk=device.pk).update(unlock_sha256="")


def opens(user: User, token: str) -> bool:
    """Is this the token of a phone of his that nobody has locked, wiped or taken out of use? Two queries."""
    if not token:
        return False
    device = Device.objects.filter(user=user, unlock_sha256=_sha256(token), revoked_at=None).first()
    return device is not None and not any(devices.flags(device, device.orders.order_by("pk")).values())


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
