"""The office's page of what happens at doors just now, and what was done about a call or a silence."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, answers, door, safety
from fieldvisit.models import HelpCall

MOST_TEXT = 500


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "section": "door",
        "paused": door.paused(request.user, now),
        "may_decide": request.user.role in access.IN_CHARGE,
        **door.alone(request.user, now),
    }
    return render(request, "fieldvisit/door/index.html", context)


@require_POST
@access.role_required(*access.OFFICE)
def answer(request: HttpRequest, call_id: int) -> HttpResponse:
    """What was done about a call for help."""
    reachable = access.through_case(HelpCall.objects.select_related("visit__case"), request.user, "visit__case__")
    return _done(request, safety.answer, call=get_object_or_404(reachable, pk=call_id))


@require_POST
@access.role_required(*access.OFFICE)
def reached(request: HttpRequest, visit_id) -> HttpResponse:
    """Somebody has spoken with the collector."""
    return _done(request, safety.reached, visit=get_object_or_404(access.visits(request.user), pk=visit_id))


def _done(request, verb, **what) -> HttpResponse:
    with answers.said(request, _("Written down.")):
        verb(by=request.user, now=timezone.now(), text=request.POST.get("text", "")[:MOST_TEXT], **what)
    return redirect("door")
