"""What the office does with a held agreement. Back to its visit, where the panel says how it stands."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agreements import decisions
from agreements.forms import Reason
from agreements.models import Agreement, State
from fieldvisit import access, answers
from fieldvisit.problems import Refused


@require_POST
@access.role_required(*access.OFFICE)
def check(request: HttpRequest, agreement_id) -> HttpResponse:
    agreement = _find(request, agreement_id)
    try:
        agreement = decisions.check_again(agreement=agreement, by=request.user, now=timezone.now())
        said = _("Checked again: {state}").format(state=agreement.get_state_display())
        (messages.success if agreement.state == State.SEALED else messages.warning)(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("review", agreement.visit_id)


@require_POST
@access.role_required(*access.OFFICE)
def approve(request: HttpRequest, agreement_id) -> HttpResponse:
    agreement, form = _find(request, agreement_id), Reason(request.POST)
    try:
        if not form.is_valid():
            raise Refused("agreement.approval_reason")
        reason = form.cleaned_data["reason"]
        agreement = decisions.approve(agreement=agreement, reason=reason, by=request.user, now=timezone.now())
        said = _("Approved: {state}").format(state=agreement.get_state_display())
        (messages.success if agreement.state == State.SEALED else messages.warning)(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("review", agreement.visit_id)


@require_POST
@access.role_required(*access.OFFICE)
def paper(request: HttpRequest, agreement_id) -> HttpResponse:
    """complete, same: what he has seen of the photographed pages."""
    agreement, complete, same = _find(request, agreement_id), "complete" in request.POST, "same" in request.POST
    try:
        agreement = decisions.paper_seen(
            agreement=agreement, complete=complete, same=same, by=request.user, now=timezone.now()
        )
        said = _("Looked at: {state}").format(state=agreement.get_state_display())
        (messages.success if agreement.state == State.SEALED else messages.warning)(request, said)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("review", agreement.visit_id)


@require_POST
@access.role_required(*access.OFFICE)
def reject(request: HttpRequest, agreement_id) -> HttpResponse:
    agreement, form = _find(request, agreement_id), Reason(request.POST)
    with answers.said(request, _("The agreement is rejected.")):
        if not form.is_valid():
            raise Refused("agreement.reason")
        reason = form.cleaned_data["reason"]
        decisions.reject(agreement=agreement, reason=reason, by=request.user, now=timezone.now())
    return redirect("review", agreement.visit_id)


def _find(request: HttpRequest, agreement_id) -> Agreement:
    mine = access.through_case(Agreement.objects.select_related("case", "visit"), request.user)
    return get_object_or_404(mine, pk=agreement_id)
