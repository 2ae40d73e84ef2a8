"""One address, two answers: the shell for a navigation, the fragment for the page's own request."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest

from fieldvisit import access, unlock
from fieldvisit.models import Role

from .shell import shell


def unlocked(view: Callable) -> Callable:
    """What can be read of a case asks for X-Unlock too: 401 "locked" where only the cookie is there."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs):
        if not unlock.opens(request.user, request.headers.get("X-Unlock", "")):
            return access.refusal(401, "locked")
        return view(request, *args, **kwargs)

    return answer


def field_page(view: Callable) -> Callable:
    """The shell needs no session and is the same for everybody; what is in it is for the collector alone."""
    guarded = access.role_required(Role.COLLECTOR)(unlocked(view))

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs):
        if not request.headers.get("HX-Request"):
            return shell(request)
        return guarded(request, *args, **kwargs)

    answer.roles = guarded.roles
    return answer
