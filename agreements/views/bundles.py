"""The evidence bundle of a case or an agreement, to people of the office who may see the case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from agreements import bundle
from agreements.models import Agreement
from fieldvisit import access, step_up
from fieldvisit.problems import Refused


@require_POST
@access.role_required(*access.OFFICE)
@step_up.asks
def of_case(request: HttpRequest, ref: str) -> HttpResponse:
    case = get_object_or_404(access.cases(request.user).select_related("creditor"), ref=ref)
    return _sent(request, case, None)


@require_POST
@access.role_required(*access.OFFICE)
@step_up.asks
def of_agreement(request: HttpRequest, agreement_id) -> HttpResponse:
    mine = access.through_case(Agreement.objects.select_related("case__creditor"), request.user)
    agreement = get_object_or_404(mine, pk=agreement_id)
    return _sent(request, agreement.case, agreement)


def _sent(request, case, agreement) -> HttpResponse:
    try:
        made = bundle.make(case=case, agreement=agreement, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("case", case.ref)
    response = StreamingHttpResponse(made.content, content_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{made.name}"', "Content-Length": str(made.length)})  # fmt: skip
    response["Cache-Control"] = "private, no-store"
    return response
