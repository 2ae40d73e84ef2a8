"""A page for everybody: is this paper genuine?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agreements import portal
from agreements.forms import Paper


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """By check code (GET ?code=), by its square or by the file (POST), which is looked at and forgotten."""
    form, answer = Paper(), None
    square = request.POST.get("square", "")[:1000]
    if square:
        answer = portal.by_square(square, now=timezone.now())
    elif request.method == "POST":
        form = Paper(request.POST, request.FILES)
        if form.is_valid():
            answer = portal.by_file(form.cleaned_data["file"].read(), now=timezone.now())
    elif code := request.GET.get("code", "").strip():
        answer = portal.by_code(code)
    status = 422 if form.errors else 200
    context = {"form": form, "answer": answer, "scanned": bool(square)}
    return render(request, "agreements/portal/verify.html", context, status=status)
