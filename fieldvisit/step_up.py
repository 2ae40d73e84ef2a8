"""The code once more, before what cannot be taken back: exports, evidence, wiping a phone, changes of people.

Whoever gave one within STEP_UP seconds goes on unasked. What a form held is carried through the question.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_otp import match_token

from . import lockouts, people
from .problems import Refused
from .unlock import SIGNED_IN_AT

CONFIRMED_AT = "confirmed_at"
CODE, OWN = "step_up_code", ("step_up_code", "csrfmiddlewaretoken")
DEMO = "demo"  # one tap in the demo stands for a code that is still unused


def fresh(request: HttpRequest, now: datetime) -> bool:
    last = max(request.session.get(SIGNED_IN_AT, 0), request.session.get(CONFIRMED_AT, 0))
    return now.timestamp() - last <= settings.STEP_UP


def confirm(request: HttpRequest, code: str, now: datetime) -> None:
    """Refused("step_up.refused" | "sign_in.locked"): many wrong ones count like wrong passwords and end the session."""
    user = request.user
    if settings.DEMO and code == DEMO and user in people.demo_people():
        code = people.demo_code(user)
    if match_token(user, code.strip()) is None:
        lockouts.wrong_code(request, user.username)
        if until := lockouts.until(request, user.username):
            lockouts.note(user.username, now)
            logout(request)
            raise people.locked(until)
        raise Refused("step_up.refused")
    request.session[CONFIRMED_AT] = int(now.timestamp())


def ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks for the code; None when he may go on. For views that ask for some of what they do only."""
    now, wrong = timezone.now(), ""
    if fresh(request, now):
        return None
    if request.method == "POST" and CODE in request.POST:
        try:
            confirm(request, request.POST[CODE], now)
            return None
        except Refused as refused:
            if not request.user.is_authenticated:
                return redirect("sign-in")
            wrong = str(refused)
    return page(request, wrong)


def asks(view: Callable) -> Callable:
    """For views, below `access.role_required`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return ask(request) or view(request, *args, **kwargs)

    return guarded


def page(request: HttpRequest, wrong: str = "", wanted: str = "") -> HttpResponse:
    """A form sends what it held once more, to where it was going; a page is gone to by way of `confirm`."""
    posted = request.method == "POST" and not wanted
    held = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name not in OWN]
    context = {
        "wrong": wrong,
        "action": request.get_full_path() if posted else reverse("confirm"),
        "held": held if posted else [("next", wanted or request.get_full_path())],
        "one_tap": request.user in people.demo_people(),
    }
    return render(request, "fieldvisit/people/confirm.html", context, status=422 if wrong else 403)
