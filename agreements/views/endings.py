"""What the office does to end an agreement: ask for a void, decide about one, let a new one replace it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agreements import endings
from agreements.forms import Reason
from agreements.models import Agreement, Void
from fieldvisit import access, answers
from fieldvisit.problems import Refused


def _agreement(request: HttpRequest, agreement_id) -> Agreement:
    mine = access.through_case(Agreement.objects.select_related("case"), request.user)
    return get_object_or_404(mine, pk=agreement_id)


@require_POST
@access.role_required(*access.IN_CHARGE)
def void(request: HttpRequest, agreement_id) -> HttpResponse:
    agreement, form = _agreement(request, agreement_id), Reason(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        made = endings.void(agreement=agreement, reason=reason, by=request.user, now=timezone.now())
        done = _("The agreement is void.") if made.agreed else _("A second person decides now.")
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("case", agreement.case.ref)


@require_POST
@access.role_required(*access.IN_CHARGE)
def decide(request: HttpRequest, void_id: int) -> HttpResponse:
    mine = access.through_case(Void.objects.select_related("agreement__case"), request.user, "agreement__case__")
    asked = get_object_or_404(mine, pk=void_id)
    agree = request.POST.get("decision") == "agree"
    try:
        endings.decide(asked=asked, agree=agree, by=request.user, now=timezone.now())
        messages.success(request, _("The agreement is void.") if agree else _("The agreement stays as it is."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("case", asked.agreement.case.ref)


@require_POST
@access.role_required(*access.IN_CHARGE)
def renew(request: HttpRequest, agreement_id) -> HttpResponse:
    agreement, form = _agreement(request, agreement_id), Reason(request.POST)
    with answers.said(request, _("A new agreement may replace it. Plan a visit; the phone gets a new offer.")):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        endings.renew(agreement=agreement, reason=reason, by=request.user, now=timezone.now())
    return redirect("case", agreement.case.ref)
