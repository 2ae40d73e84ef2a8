"""Accounts: who may sign in, as what. Every change leaves an AccountEntry; one administrator always remains.

A person begins by a link that is good once and for PASSWORD_RESET_TIMEOUT: he chooses the password and takes the
second factor into his app himself, so nobody else ever knows either. A new link takes both away from who had them.
"""

from datetime import datetime

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import devices, lockouts, sessions
from .models import (
    AccountAction,
    AccountEntry,
    Agency,
    Assignment,
    Device,
    DeviceAction,
    EnrolmentCode,
    Role,
    Team,
    User,
    Visit,
)
from .problems import Refused

FIELDS = ("name", "role", "team", "agency", "email", "badge")
OWN_DEVICE = "app"  # the second factor he took into his app himself; the demo's one tap knows no code of it


@transaction.atomic
def add(*, username: str, values: dict, by: User, now: datetime) -> User:
    """Somebody who cannot sign in yet: `invite` gives the link. `values`: FIELDS.

    Refused("forbidden" | "account.team" | "account.name_taken").
    """
    _may(by)
    _fits(values)
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("account.name_taken", username=username)
    user = User(username=username, **values)
    _powers(user)
    user.set_unusable_password()
    user.save()
    _note(user, AccountAction.ADDED, after={"username": username} | said(user), by=by, now=now)
    return user


@transaction.atomic
def change(*, user: User, values: dict, by: User, now: datetime) -> bool:
    """False if nothing differs. It holds from his next request on.

    Refused("forbidden" | "account.team" | "account.last").
    """
    _may(by)
    _fits(values)
    user = _locked(user)
    before, was_last = said(user), user.is_active and user.role == Role.ADMINISTRATOR
    for name, value in values.items():
        setattr(user, name, value)
    after = said(user)
    if before == after:
        return False
    if was_last and user.role != Role.ADMINISTRATOR:
        _one_remains(user)
    _powers(user)
    user.save(update_fields=[*FIELDS, "is_staff", "is_superuser"])
    differ = [name for name in FIELDS if before[name] != after[name]]
    _note(user, AccountAction.CHANGED, {n: before[n] for n in differ}, {n: after[n] for n in differ}, by=by, now=now)
    return True


@transaction.atomic
def invite(*, user: User, by: User, now: datetime) -> tuple[str, str]:
    """(uid, token) of a link to choose a password and a second factor; what he had until now opens nothing any more.

    Refused("forbidden" | "account.inactive" | "account.last") where nobody else could let him in again.
    """
    _may(by)
    user = _locked(user)
    if not user.is_active:
        raise Refused("account.inactive", name=user)
    if user.role == Role.ADMINISTRATOR:
        _one_remains(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.totpdevice_set.all().delete()
    TOTPDevice.objects.create(user=user, name=OWN_DEVICE, confirmed=False)
    sessions.end(user.sign_ins, now)
    _note(user, AccountAction.INVITED, by=by, now=now)
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def invited(uid: str, token: str) -> User:
    """Whose link this is. Refused("account.link"): used, too old, replaced by another, or none of ours."""
    try:
        user = User.objects.get(pk=int(urlsafe_base64_decode(uid)), is_active=True)
    except (ValueError, OverflowError, User.DoesNotExist):
        raise Refused("account.link") from None
    if not default_token_generator.check_token(user, token) or not user.totpdevice_set.exists():
        raise Refused("account.link")
    return user


def set_up(*, user: User, password: str, code: str, now: datetime) -> None:
    """The password stands and the second factor counts. Refused("account.code") if the code is not his app's."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().get(user=user)
        right = device.verify_token(code.strip())  # a wrong one is counted, so this is committed before it is said
        if right:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            user.set_password(password)
            user.save(update_fields=["password"])
            _note(user, AccountAction.SET_UP, by=user, now=now)
    if not right:
        raise Refused("account.code")


@transaction.atomic
def deactivate(*, user: User, by: User, now: datetime) -> None:
    """He is signed out everywhere, his phones lock, his open codes are void; his cases stay his until they are given
    on. Refused("forbidden" | "account.inactive" | "account.last")."""
    _may(by)
    user = _locked(user)
    if not user.is_active:
        raise Refused("account.inactive", name=user)
    if user.role == Role.ADMINISTRATOR:
        _one_remains(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    sessions.end(user.sign_ins, now)
    for device in Device.objects.filter(user=user, revoked_at=None).prefetch_related("orders"):
        if not devices.flags(device, sorted(device.orders.all(), key=lambda order: order.pk))["lock"]:
            devices.order(device=device, action=DeviceAction.LOCK, by=by, now=now)
    EnrolmentCode.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now, revoked_by=by)
    _note(user, AccountAction.DEACTIVATED, by=by, now=now)


@transaction.atomic
def reactivate(*, user: User, by: User, now: datetime) -> None:
    """He may sign in again with what he had; his phones stay locked. Refused("forbidden" | "account.active")."""
    _may(by)
    if not User.objects.filter(pk=user.pk, is_active=False).update(is_active=True):
        raise Refused("account.active", name=user)
    _note(user, AccountAction.REACTIVATED, by=by, now=now)


@transaction.atomic
def unlock(*, user: User, by: User, now: datetime) -> None:
    """His wrong tries are forgotten, at every address. Refused("forbidden" | "account.not_locked")."""
    _may(by)
    if not lockouts.forget(user.username):
        raise Refused("account.not_locked", name=user)
    _note(user, AccountAction.UNLOCKED, by=by, now=now)


@transaction.atomic
def end_sessions(*, user: User, by: User, now: datetime) -> int:
    """Everywhere he is signed in; he may sign in again. Returns how many sessions ended. Refused("forbidden")."""
    _may(by)
    ended = sessions.end(user.sign_ins, now)
    if ended:
        _note(user, AccountAction.SESSIONS, by=by, now=now)
    return ended


@transaction.atomic
def save_group(*, row: Team | Agency, by: User, now: datetime) -> None:
    """A new or renamed team or agency. Refused("forbidden" | "account.group_taken")."""
    _may(by)
    kind = type(row)
    if kind.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise Refused("account.group_taken", name=row.name)
    old = kind.objects.select_for_update().filter(pk=row.pk).first()
    row.save()
    action = AccountAction.TEAM if kind is Team else AccountAction.AGENCY
    _note(None, action, _group(old), _group(row), by=by, now=now)


def open_work(user: User) -> tuple[QuerySet[Assignment], QuerySet[Visit]]:
    """Cases that are his and open, and visits he has still to make: what must be given on when he goes."""
    cases = Assignment.objects.filter(collector=user, until_at=None, case__closed_at=None)
    visits = Visit.objects.filter(collector=user, started_at=None, outcome="", case__closed_at=None)
    return cases.select_related("case"), visits.select_related("case").order_by("planned_on", "pk")


def said(user: User) -> dict:
    """FIELDS as text."""
    return {name: str(getattr(user, name) or "") for name in FIELDS}


def _group(row) -> dict:
    return {} if row is None else {name: getattr(row, name) for name in ("name", "phone") if hasattr(row, name)}


def _note(user, action, before=None, after=None, *, by, now) -> None:
    AccountEntry.objects.create(user=user, action=action, before=before or {}, after=after or {}, by=by, at=now)


def _may(by: User) -> None:
    if by.role != Role.ADMINISTRATOR or not by.is_active:
        raise Refused("forbidden")


def _fits(values: dict) -> None:
    """Collectors and supervisors are found through their team."""
    if values["role"] in (Role.COLLECTOR, Role.SUPERVISOR) and values["team"] is None:
        raise Refused("account.team")


def _powers(user: User) -> None:
    """Django's own pages are for administrators."""
    user.is_staff = user.is_superuser = user.role == Role.ADMINISTRATOR


def _locked(user: User) -> User:
    """Again from the database, with every administrator's row locked: two cannot take the place from each other."""
    list(User.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk").values_list("pk"))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _one_remains(user: User) -> None:
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, totpdevice__confirmed=True)
    if not any(other.has_usable_password() for other in others.exclude(pk=user.pk)):
        raise Refused("account.last")
