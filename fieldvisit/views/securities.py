"""Collateral and guarantees of a case, the dates that run out, and the hand-over to court."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, court, securities
from fieldvisit.forms import SecurityForm
from fieldvisit.models import Security
from fieldvisit.problems import Refused


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    rows = securities.running_out(request.user, timezone.now())
    return render(request, "fieldvisit/securities/index.html", {"rows": rows, "section": "cases"})


@require_http_methods(["GET", "POST"])
@access.role_required(*access.OFFICE)
def write(request: HttpRequest, ref: str, pk: int | None = None) -> HttpResponse:
    """A new row, or one that replaces `pk`. What was typed stands in the form when it is refused."""
    case = get_object_or_404(access.cases(request.user), ref=ref)
    old = get_object_or_404(securities.standing(Security.objects.filter(case=case)), pk=pk) if pk else None
    form, problem = SecurityForm(request.POST or None, row=old), None
    if request.method == "POST" and form.is_valid():
        try:
            securities.write(case=case, said=form.said(), replaces=old, by=request.user, now=timezone.now())
        except Refused as refused:
            problem = refused
        else:
            messages.success(request, _("Written down. It stands in the record."))
            return redirect("case", ref)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "problem": problem, "case": case, "old": old, "section": "cases"}
    return render(request, "fieldvisit/securities/form.html", context, status=status)


@require_POST
@access.role_required(*access.OFFICE)
def hand_over(request: HttpRequest, ref: str) -> HttpResponse:
    case = get_object_or_404(access.cases(request.user).select_related("creditor", "debt"), ref=ref)
    said = {"to": request.POST.get("to", ""), "reason": request.POST.get("reason", "")}
    by_hand, now = set(request.POST.getlist("paper")), timezone.now()
    try:
        court.hand_over(case=case, by_hand=by_hand, by=request.user, now=now, **said)
    except Refused as problem:
        context = court.context(case, now, by_hand) | {"said": said, "problem": problem, "section": "cases"}
        return render(request, "fieldvisit/securities/refused.html", context, status=422)
    messages.success(request, _("Written down. It stands in the record."))
    return redirect("case", ref)
