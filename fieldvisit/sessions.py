"""Where a person is signed in: a row for each session, seen now and then, ended by him, by an administrator, by time.

At the desk a session ends DESK_IDLE seconds after it was last used and DESK_LASTS seconds after signing in. A phone's
lives SESSION_COOKIE_AGE, because its outbox must drain while it is locked; alone it reads nothing (unlock.py).
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from . import lockouts, unlock
from .models import Role, SignIn, User

SEEN_AT = "seen_at"
SEEN_EVERY = timedelta(minutes=1)
# the shell under /m/ is the same for everybody: it must not even look at the session
WATCHED = ("/office/", "/sessions/", "/admin/", "/sync/hello")
# what a User-Agent holds and what people call it, the more particular first
BROWSERS = {
    "MicroMessenger": "WeChat", "Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux",
}  # fmt: skip


def begin(request: HttpRequest, now: datetime) -> None:
    """Both factors have just been given; `login` has made the session."""
    unlock.note_sign_in(request, now)
    request.session[SEEN_AT] = int(now.timestamp())
    said = {"agent": request.headers.get("User-Agent", "")[:200], "address": lockouts.address(request) or ""}
    SignIn.objects.update_or_create(  # the same person anew in the same session keeps its key
        session_key=request.session.session_key,
        defaults={"user": request.user, "at": now, "seen_at": now, "ended_at": None} | said,
    )


def standing(user: User, now: datetime) -> list[SignIn]:
    """His sessions that still open something, last used first, each with its `.device`."""
    alive = Session.objects.filter(expire_date__gt=now).values("session_key")
    rows = list(SignIn.objects.filter(user=user, ended_at=None, session_key__in=alive).order_by("-seen_at", "-pk"))
    for row in rows:
        row.device = device(row.agent)
    return rows


@transaction.atomic
def end(rows, now: datetime) -> int:
    """These SignIn rows: the next request of each finds nobody signed in. Returns how many."""
    rows = rows.filter(ended_at=None)
    Session.objects.filter(session_key__in=list(rows.values_list("session_key", flat=True))).delete()
    return rows.update(ended_at=now)


def device(agent: str) -> str:
    """"Chrome · Android" of a User-Agent; "" if it names neither."""
    found = (next((name for mark, name in names.items() if mark in agent), "") for names in (BROWSERS, SYSTEMS))
    return " · ".join(name for name in found if name)


def watch(get_response: Callable) -> Callable:
    """Middleware: notes once a minute that a session is used, and ends at the desk what has been idle or is old."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WATCHED) and request.user.is_authenticated:
            _look(request, timezone.now())
        return get_response(request)

    return answer


def _look(request: HttpRequest, now: datetime) -> None:
    session, at = request.session, int(now.timestamp())
    since = session.get(unlock.SIGNED_IN_AT)
    if since is None:  # a password without a code: opens nothing
        return
    seen = max(since, session.get(SEEN_AT, 0))
    desk = request.user.role != Role.COLLECTOR
    if desk and (at - seen > settings.DESK_IDLE or at - since > settings.DESK_LASTS):
        logout(request)
    elif at - seen >= SEEN_EVERY.total_seconds():
        SignIn.objects.filter(session_key=session.session_key, seen_at__lt=now - SEEN_EVERY).update(seen_at=now)
        if desk:  # to write into a phone's session would make its cookie last longer
            session[SEEN_AT] = at


@receiver(user_logged_out)
def _note_end(sender, request, user, **kwargs) -> None:
    if request is not None and request.session.session_key:
        SignIn.objects.filter(session_key=request.session.session_key, ended_at=None).update(ended_at=timezone.now())
