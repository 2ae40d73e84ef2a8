"""Wrong passwords and codes, counted by django-axes for each account at each address.

SIGN_IN_TRIES wrong ones in a row lock this account at this address for SIGN_IN_COOL_OFF minutes after the last; the
same person at another address is let in, so nobody can lock out a colleague from afar. A wrong code counts like a
wrong password. Whether an account exists makes no difference.
"""

import ipaddress
from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Sum
from django.http import HttpRequest
from django.utils import timezone

from .models import AccountAction, AccountEntry, User


def until(request: HttpRequest, username: str) -> datetime | None:
    """When this account may be tried again from this address; None: now."""
    if AxesProxyHandler.is_allowed(request, {"username": username}):
        return None
    found = AccessAttempt.objects.filter(username=username, ip_address=request.axes_ip_address)
    return (found.aggregate(at=Max("attempt_time"))["at"] or timezone.now()) + settings.AXES_COOLOFF_TIME


def wrong_code(request: HttpRequest, username: str) -> None:
    """The password was right and the code was not: `authenticate` has counted nothing."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def note(username: str, now: datetime) -> None:
    """The account, if there is one, was locked just now."""
    user = User.objects.filter(username=username).first()
    if user:
        AccountEntry.objects.create(user=user, action=AccountAction.LOCKED, at=now)


def standing(user: User, now: datetime) -> list[dict]:
    """[{"ip_address", "until"}…] where this account is locked."""
    since = now - settings.AXES_COOLOFF_TIME
    found = AccessAttempt.objects.filter(username=user.username, attempt_time__gt=since).values("ip_address")
    found = found.annotate(failed=Sum("failures_since_start"), last=Max("attempt_time")).order_by("ip_address")
    return [
        {"ip_address": row["ip_address"], "until": row["last"] + settings.AXES_COOLOFF_TIME}
        for row in found.filter(failed__gte=settings.AXES_FAILURE_LIMIT)
    ]


def forget(username: str) -> int:
    """Its wrong tries, at every address. Returns how many rows there were."""
    return reset(username=username)


def address(request: HttpRequest) -> str | None:
    """Where a request comes from: what the outermost of our own PROXIES wrote down, never what a client says."""
    said = request.META.get("REMOTE_ADDR") or None
    if settings.PROXIES:
        heard = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
        said = heard[-settings.PROXIES] if len(heard) >= settings.PROXIES else said
    try:
        return str(ipaddress.ip_address(said)) if said else None
    except ValueError:
        return None
