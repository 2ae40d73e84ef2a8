"""Signing in: a password and a one-time code, together or not at all."""

import time
from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import login as otp_login
from django_otp import match_token
from django_otp.oath import hotp
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import lockouts, sessions
from .models import AccountAction, AccountEntry, Role, User
from .problems import Refused

MADE_HERE = "TOTP"  # a second factor that was made for somebody; who began by a link has his own (accounts.py)
DEMO_PASSWORD = "fieldvisit-demo"  # noqa: S105  printed at every start of the demo; production refuses to run it


def sign_in(request: HttpRequest, *, username: str, password: str, code: str) -> User:
    """Sign the browser in. One refusal for a wrong name, a wrong password, a wrong code and a code that is throttled
    (django-otp, doubling from one second): each of them told apart would let the others be tried alone. Many of them in
    a row are Refused("sign_in.locked"), whether there is such an account or not.
    """
    now = timezone.now()
    if until := lockouts.until(request, username):
        raise locked(until)
    user = authenticate(request, username=username, password=password)
    device = user and match_token(user, code.strip())
    if device is None:
        if user:
            lockouts.wrong_code(request, username)
        if until := lockouts.until(request, username):
            lockouts.note(username, now)
            raise locked(until)
        raise Refused("sign_in.refused")
    login(request, user)
    otp_login(request, device)
    sessions.begin(request, now)
    return user


def locked(until: datetime) -> Refused:
    return Refused("sign_in.locked", at=f"{timezone.localtime(until):%H:%M}")


@transaction.atomic
def new_user(*, username: str, name: str, role: Role, password: str, team=None, language: str = "zh-hans") -> User:
    """A user with a confirmed TOTP device."""
    user = User.objects.create_user(
        username=username,
        password=password,
        name=name,
        role=role,
        team=team,
        language=language,
        is_staff=role == Role.ADMINISTRATOR,
        is_superuser=role == Role.ADMINISTRATOR,
    )
    TOTPDevice.objects.create(user=user, name=MADE_HERE, confirmed=True)
    after = {"username": username, "name": name, "role": role, "team": str(team or "")}
    AccountEntry.objects.create(user=user, action=AccountAction.ADDED, after=after, at=timezone.now())
    return user


def choose_language(*, user: User, language: str) -> None:
    """The language this person reads, on every device. No line in a record: it belongs to no case."""
    User.objects.filter(pk=user.pk).update(language=language)


def demo_people() -> list[User]:
    """The people that the demo's sign-in page offers; nobody outside the demo."""
    return (
        list(User.objects.filter(is_active=True, totpdevice__confirmed=True, totpdevice__name=MADE_HERE).order_by("pk"))
        if settings.DEMO
        else []
    )


def demo_code(user: User) -> str:
    """A one-time code of this user that was not used yet, for the demo only.

    Refused("sign_in.wait") when the present step and its neighbours are all used up: 30 s bring a new one.
    """
    if not settings.DEMO:
        raise Refused("not_found")
    lockouts.forget(user.username)  # one tap stays one tap
    device = TOTPDevice.objects.get(user=user, confirmed=True)
    if not device.verify_is_allowed()[0]:
        raise Refused("sign_in.wait")
    present, into = divmod(int(time.time() - device.t0), device.step)
    present += device.drift
    # the oldest code first, so that several sign-ins fit into half a minute; not when it is about to run out
    oldest = present - device.tolerance + (into >= device.step - 5)
    for counter in range(oldest, present + device.tolerance + 1):
        if counter > device.last_t:
            return str(hotp(device.bin_key, counter, device.digits)).zfill(device.digits)
    raise Refused("sign_in.wait")
