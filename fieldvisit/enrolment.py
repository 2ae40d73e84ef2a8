"""How a browser becomes a phone: with a code that the office issues to one collector, good once and for a day.

Both factors show that it is he; the code shows that the office wants this phone. A phone that is registered already
needs none again, whatever its PIN has come to.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from . import access, wire
from .models import Device, DeviceConsent, DeviceKeeps, DeviceOwner, EnrolmentCode, User
from .problems import Refused
from .rules import consent as consents

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is read as something else
LENGTH = 8  # 31 ** 8, some 40 bits
# Product defaults.
LASTS = timedelta(hours=24)
MOST_TRIES = 5


def issue(*, user: User, by: User, now: datetime, lasts: timedelta = LASTS) -> tuple[EnrolmentCode, str]:
    """(row, code): the code is said here and nowhere again. Refused("forbidden" | "enrol.collector")."""
    if not access.may_assign(by):
        raise Refused("forbidden")
    if not access.collectors(by).filter(pk=user.pk).exists():
        raise Refused("enrol.collector", name=user)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    row = EnrolmentCode.objects.create(
        user=user, digest=_digest(user, code), issued_by=by, issued_at=now, expires_at=now + lasts
    )
    return row, f"{code[:4]}-{code[4:]}"


@transaction.atomic
def revoke(*, code: EnrolmentCode, by: User, now: datetime) -> None:
    """Refused("forbidden" | "enrol.closed") when it was used or revoked already."""
    if not access.may_assign(by):
        raise Refused("forbidden")
    still = EnrolmentCode.objects.filter(pk=code.pk, used_at=None, revoked_at=None)
    if not still.update(revoked_at=now, revoked_by=by):
        raise Refused("enrol.closed")


def codes_of(by: User) -> QuerySet[EnrolmentCode]:
    """Every code for the people this user may give cases to."""
    return EnrolmentCode.objects.filter(user__in=access.collectors(by))


def still_open(codes: QuerySet[EnrolmentCode], now: datetime) -> QuerySet[EnrolmentCode]:
    return codes.filter(used_at=None, revoked_at=None, expires_at__gt=now, tries__lt=MOST_TRIES)


def private_phone() -> dict:
    """What a collector declares for a phone of his own (CN-CALL-03): {"version", "text": {language: text}, …}."""
    return consents.read("private-phone")


def register(
    *,
    user: User,
    device_id: UUID,
    public_key: str,
    label: str,
    now: datetime,
    code: str = "",
    owner: str = "",
    consent: str = "",
    language: str = "zh-hans",
    keeps: str = "",
    passkey: bool | None = None,
) -> Device:
    """The phone with this key; a new one costs a code. The same again costs nothing, and changes only `passkey`.

    `owner`: DeviceOwner; `consent`: the version that was ticked for a private one; `keeps`: DeviceKeeps.
    Refused("device.form" | "device.other_key" | "enrol.needed" | "enrol.consent" | "enrol.none" | "enrol.wrong").
    """
    try:
        wire.public_key(wire.unb64url(public_key))
    except wire.Broken:
        raise Refused("device.form") from None
    if device := Device.objects.filter(pk=device_id).first():
        if (device.public_key, device.user_id) != (public_key, user.pk):
            raise Refused("device.other_key")
        if passkey is not None and passkey != device.passkey:  # with a new PIN he may have chosen otherwise
            Device.objects.filter(pk=device_id).update(passkey=passkey)
        return device
    typed = _plain(code)
    if not typed:
        raise Refused("enrol.needed")
    if owner not in DeviceOwner.values or keeps not in ("", *DeviceKeeps.values):
        raise Refused("device.form")
    if owner == DeviceOwner.PRIVATE and consent != private_phone()["version"]:
        raise Refused("enrol.consent")
    # What is wrong is counted under a lock and committed before it is said: no two guesses for the price of one.
    with transaction.atomic():
        rows = list(still_open(EnrolmentCode.objects.filter(user=user), now).select_for_update())
        row = next((row for row in rows if constant_time_compare(row.digest, _digest(user, typed))), None)
        if row:
            device = Device.objects.create(
                pk=device_id,
                user=user,
                public_key=public_key,
                label=label,
                enrolled_at=now,
                owner=owner,
                keeps=keeps,
                passkey=passkey,
            )
            row.device, row.used_at = device, now
            row.save(update_fields=["device", "used_at"])
            if owner == DeviceOwner.PRIVATE:
                _declare(device, language, now)
            return device
        EnrolmentCode.objects.filter(pk__in=[each.pk for each in rows]).update(tries=F("tries") + 1)
    left = max((MOST_TRIES - each.tries - 1 for each in rows), default=0)
    raise Refused("enrol.wrong", left=left) if left else Refused("enrol.none")


def _declare(device: Device, language: str, now: datetime) -> None:
    said = private_phone()
    language = language if language in said["text"] else "zh-hans"
    DeviceConsent.objects.create(
        device=device,
        rule=said["rule"],
        version=said["version"],
        language=language,
        text=said["text"][language],
        at=now,
    )


def _plain(code: str) -> str:
    """As it is compared: capitals, without what people put between."""
    return "".join(char for char in code.upper() if char.isalnum())[: 4 * LENGTH]


def _digest(user: User, code: str) -> str:
    return salted_hmac("fieldvisit.enrolment", f"{user.pk}:{_plain(code)}", algorithm="sha256").hexdigest()
