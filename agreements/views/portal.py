"""Pages for everybody: the link on the debtor's copy, and checking a paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agreements import portal
from agreements.forms import Paper


@require_safe
@never_cache
def copy(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: link previews open a link before people do."""
    answer = portal.by_token(token, now=timezone.now())
    if answer is None:
        raise Http404
    response = render(request, "agreements/portal/copy.html", {"answer": answer})
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """By check code (GET ?code=) or by the file itself (POST). The file is looked at and forgotten."""
    form, answer = Paper(), None
    if request.method == "POST":
        form = Paper(request.POST, request.FILES)
        if form.is_valid():
            answer = portal.by_file(form.cleaned_data["file"].read())
    elif code := request.GET.get("code", "").strip():
        answer = portal.by_code(code)
    status = 422 if form.errors else 200
    return render(request, "agreements/portal/verify.html", {"form": form, "answer": answer}, status=status)
