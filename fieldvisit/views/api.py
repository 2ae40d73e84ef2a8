"""What every answer under /sync/ has in common: JSON, marked as ours, never cached, never a redirect."""

import json
import logging
import re
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, UnreadablePostError
from django.utils import translation
from django.views import csrf

from fieldvisit import access, handlers
from fieldvisit.problems import Refused

log = logging.getLogger(__name__)
SAFE = ("GET", "HEAD", "OPTIONS")
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
STATUS = {
    "sign_in": 401,
    "sign_in.refused": 401,
    "sign_in.wait": 401,
    "sign_in.locked": 401,
    "unlock.fresh": 401,
    "unlock.locked": 403,
    "enrol.needed": 403,
    "enrol.none": 403,
    "enrol.wrong": 403,
    "forbidden": 403,
    "csrf": 403,
    "request.origin": 403,
    "device.unknown": 403,
    "device.revoked": 403,
    "not_found": 404,
    "blob.unknown": 404,
    "tus.offset": 409,
    "device.other_key": 409,
    "tus.version": 412,
    "request.too_big": 413,
    "tus.too_big": 413,
    "tus.type": 415,
    "tus.locked": 423,
    "tus.checksum": 460,
    "blob.hash": 460,
}


def api(*methods: str, session: bool = True) -> Callable:
    """For views: allowed methods, same origin for what changes something, both factors unless `session` is False.

    A Refused becomes {code, message} with its status (400 where none is named).
    """

    def decorate(view):
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            with translation.override(_language(request)):
                try:
                    if request.method not in methods:
                        response = HttpResponseNotAllowed(methods)
                    else:
                        _same_origin(request)
                        if session and not access.signed_in(request.user):
                            raise Refused("sign_in")
                        response = view(request, *args, **kwargs)
                except Refused as refused:
                    response = refusal(refused)
                except (Http404, PermissionDenied):
                    response = refusal(Refused("not_found"))
                except Exception as error:
                    handlers.report(error, f"{request.method} {request.path}")
                    response = access.refusal(500, "failed")
            return access.mark(response)

        answer.roles = access.EVERYBODY if session else ()
        return answer

    return decorate


def refusal(refused: Refused) -> JsonResponse:
    return access.refusal(STATUS.get(refused.code, 400), refused.code, **refused.params)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """JSON for the phone, which asks `hello` for a fresh token and sends again; Django's own page for the rest."""
    if request.path.startswith("/sync/"):
        with translation.override(_language(request)):
            return access.refusal(403, "csrf")
    return csrf.csrf_failure(request, reason)


def read_json(request: HttpRequest, most: int = 16 * 1024) -> dict:
    """The body as an object. Refused("request.json" | "request.too_big")."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
        if length > most:
            raise Refused("request.too_big")
        said = json.loads(request.body)
    except (ValueError, RecursionError, UnreadablePostError):
        raise Refused("request.json") from None
    if not isinstance(said, dict):
        raise Refused("request.json")
    return said


def text(said: dict, name: str, most: int = 200) -> str:
    """JSON can say what no database can keep: U+0000 and half of a surrogate pair."""
    value = said.get(name)
    if not isinstance(value, str) or len(value) > most or UNSTORABLE.search(value):
        raise Refused("request.json")
    return value


def _language(request: HttpRequest) -> str:
    wanted = request.headers.get("X-Language", "").lower()
    if wanted in dict(settings.LANGUAGES):
        return wanted
    return request.user.language if request.user.is_authenticated else translation.get_language()


def _same_origin(request: HttpRequest) -> None:
    """Beside the CSRF token: a form of another site can send neither this header nor these values."""
    if request.method in SAFE:
        return
    origin = request.headers.get("Origin")
    if (
        request.headers.get("X-Fieldvisit") != "1"
        or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
        or (origin and origin != f"{request.scheme}://{request.get_host()}")
    ):
        raise Refused("request.origin")
