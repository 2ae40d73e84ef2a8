"""A supervisor releases a debt that may be past its time limit, on the page of its case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agreements import limitation
from agreements.forms import Reason
from fieldvisit import access, answers


@require_POST
@access.role_required(*access.OFFICE)
def release(request: HttpRequest, ref: str) -> HttpResponse:
    case, form = get_object_or_404(access.cases(request.user), ref=ref), Reason(request.POST)
    with answers.said(request, _("The debt is released; its notice stands in the text from now on.")):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        limitation.release(case=case, reason=reason, by=request.user, now=timezone.now())
    return redirect("case", case.ref)
