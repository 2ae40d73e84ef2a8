"""A page for everybody: is whoever stands at my door one of theirs?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fieldvisit import callers

MOST = 40


@require_safe
@never_cache
def show(request: HttpRequest, code: str = "") -> HttpResponse:
    """By the square on the card (/caller/CODE) or by the code that is typed (?code=). Nothing is kept."""
    said = (code or request.GET.get("code", ""))[:MOST].strip()
    found = callers.find(said, now=timezone.now()) if said else None
    response = render(request, "fieldvisit/callers/show.html", {"said": said, "found": found})
    response["Referrer-Policy"] = "same-origin"
    return response
