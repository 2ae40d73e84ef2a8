"""What debtors wrote: who deals with it, by when, and the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agreements import concerns
from agreements.forms import ConcernStep
from agreements.models import Concern, StepKind
from fieldvisit import access, holds
from fieldvisit.problems import Refused

MOST = 200


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **more) -> HttpResponse:
    now, mine = timezone.now(), concerns.visible(request.user)
    waiting = concerns.of(mine.exclude(steps__kind=StepKind.ANSWERED).order_by("received_at")[:MOST], now)
    context = {
        "section": "concerns", "waiting": sorted(waiting, key=lambda each: each.by),
        "answered": concerns.of(mine.filter(steps__kind=StepKind.ANSWERED).order_by("-received_at")[:20], now),
        "late": sum(each.days < 0 for each in waiting),
    }  # fmt: skip
    return render(request, "agreements/concerns/index.html", context | more, status=status)


@require_POST
@access.role_required(*access.OFFICE)
def step(request: HttpRequest, concern_id) -> HttpResponse:
    """Take on, take more time, answer; an answer may end the pause that came with it."""
    mine = access.through_case(Concern.objects.select_related("case", "hold"), request.user)
    concern, form, now = get_object_or_404(mine, pk=concern_id), ConcernStep(request.POST), timezone.now()
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = concerns.step(concern=concern, kind=said["kind"], text=said["text"], by=request.user, now=now)
            if made.kind == StepKind.ANSWERED and said["resume"] and concern.hold and not concern.hold.released_at:
                holds.release(hold=concern.hold, by=request.user, now=now, text=said["text"][:500])
            done = {"taken": _("You deal with it now."), "extended": _("The debtor is told why it takes longer."),
                    "answered": _("Answered. The debtor reads it on his page.")}  # fmt: skip
            messages.success(request, done[made.kind])
            return redirect("concerns")
        except Refused as refused:
            form.add_error("text", str(refused))
    return _page(request, 422, wrong=str(concern.pk), form=form)
