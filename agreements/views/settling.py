"""What a plan costs today, at the desk; and that it was told to the debtor."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements import settling
from agreements.forms import Told
from agreements.models import Agreement
from fieldvisit import access, answers
from fieldvisit.problems import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, agreement_id) -> HttpResponse:
    mine = access.through_case(Agreement.objects.select_related("case__creditor"), request.user)
    agreement, now = get_object_or_404(mine, pk=agreement_id), timezone.now()
    form = Told(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with answers.said(request, _("It stands in the record that he was told.")):
            settling.tell(agreement=agreement, way=form.cleaned_data["way"], by=request.user, now=now)
        return redirect("case", agreement.case.ref)
    try:
        context = settling.of(agreement, now)
    except Refused as refused:
        context = {"refused": str(refused)}
    context |= {"section": "cases", "agreement": agreement, "case": agreement.case, "form": form}
    return render(request, "agreements/settling/desk.html", context, status=422 if form.errors else 200)
