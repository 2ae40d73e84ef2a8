"""One address, two answers: the shell for a navigation, the fragment for the page's own request."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest

from fieldvisit import access
from fieldvisit.models import Role

from .shell import shell


def field_page(view: Callable) -> Callable:
    """The shell needs no session and is the same for everybody; what is in it is for the collector alone."""
    guarded = access.role_required(Role.COLLECTOR)(view)

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs):
        if not request.headers.get("HX-Request"):
            return shell(request)
        return guarded(request, *args, **kwargs)

    answer.roles = guarded.roles
    return answer
