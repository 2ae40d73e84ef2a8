"""A fragment: one page of the field client as HTML without its frame, alone or with the pack the same bytes."""

import hashlib
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils import translation

from . import access

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Fragment:
    """`context` must not depend on the language: it is rendered once for each. Words in it are lazy."""

    url: str
    template: str
    context: dict = field(default_factory=dict)


def render(fragment: Fragment, language: str) -> str:
    with translation.override(language):
        return render_to_string(fragment.template, fragment.context | {"language": language})


def sha256(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()


def language_of(request: HttpRequest) -> str:
    """What the phone shows now (X-Language), else what this person has chosen."""
    wished = request.headers.get("X-Language", "")
    return wished if wished in LANGUAGES else request.user.language


def answer(request: HttpRequest, fragment: Fragment) -> HttpResponse:
    """The fragment with its hash as ETag: the phone takes nothing whose bytes do not hash to it."""
    html = render(fragment, language_of(request))
    etag = f'"{sha256(html)}"'
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(html)
    response["ETag"] = etag
    response["Vary"] = "HX-Request, X-Language, Accept-Language"
    return access.mark(response)
