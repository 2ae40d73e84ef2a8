"""Held work: what waits for a person, and the decision. Everybody of the office sees; supervisors and administrators
decide."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, forms, held, held_list
from fieldvisit.problems import Refused

FINDERS = {"events": held.every_event, "quarantine": held.every_quarantine}


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@access.role_required(*access.IN_CHARGE)
def decide(request: HttpRequest, kind: str, pk: str) -> HttpResponse:
    """Accept or reject with a reason; work of one visit that nobody was assigned is decided together."""
    row = _find(request.user, kind, pk)
    form = forms.HeldDecision(request.POST)
    if form.is_valid():
        said = {"accept": form.cleaned_data["decision"] == "accept", "reason": form.cleaned_data["reason"]}
        said |= {"by": request.user, "now": timezone.now()}
        try:
            if kind == "events":
                held.decide(event=row, **said)
            else:
                held.decide_all(events=held_list.group(row, request.user) or [row], **said)
        except Refused as refused:
            form.add_error("reason" if refused.code == "held.reason" else None, str(refused))
    if form.errors:
        return _page(request, wrong=(f"{kind}-{pk}", form), status=422)
    messages.success(request, _("Accepted.") if said["accept"] else _("Rejected."))
    return redirect("held")


def _find(user, kind: str, pk: str):
    try:
        return get_object_or_404(FINDERS[kind](user), pk=pk)
    except (KeyError, ValueError, ValidationError):
        raise Http404 from None


def _page(request: HttpRequest, wrong=("", None), status=200) -> HttpResponse:
    now = timezone.now()
    place, form = wrong
    if form:
        forms.focus_first_error(form)
    context = {
        "section": "held",
        "items": held_list.items(request.user, now),
        "elsewhere": held.elsewhere(request.user).select_related("device__user").order_by("at"),
        "others": held_list.others(request.user),
        "lately": held_list.lately(request.user),
        "may": request.user.role in access.IN_CHARGE,
        "wrong": place,
        "form": form,
    }
    return render(request, "fieldvisit/held/index.html", context, status=status)
