"""The office's page of what happens at doors just now."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from fieldvisit import access, door, held


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "section": "door",
        "paused": door.paused(request.user, now),
        "may_decide": request.user.role in held.DECIDERS,
    }
    return render(request, "fieldvisit/door/index.html", context)
