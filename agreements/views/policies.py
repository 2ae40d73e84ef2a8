"""What may be agreed for a creditor: the terms that stand, those before them, and a form for new ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements import policies
from agreements.forms import PolicyForm
from agreements.models import OfferPolicy
from fieldvisit import access, answers
from fieldvisit.models import Creditor
from fieldvisit.problems import Refused


@require_http_methods(["GET", "POST"])
@access.role_required(*access.OFFICE)
def index(request: HttpRequest, creditor_id: int) -> HttpResponse:
    creditor = get_object_or_404(Creditor, pk=creditor_id)
    may_change = request.user.role in access.IN_CHARGE
    if request.method == "POST" and not may_change:
        return HttpResponse(status=403)
    today = timezone.localdate()
    stands = OfferPolicy.objects.standing(today).filter(creditor=creditor).last()
    form = PolicyForm(request.POST if request.method == "POST" else None, stands=stands, today=today)
    if form.is_bound and form.is_valid():
        try:
            policies.propose(creditor=creditor, terms=form.terms(), reason=form.cleaned_data["reason"],
                             by=request.user, now=timezone.now())  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Waits for a second person."))
            return redirect("policies", creditor_id)
    own = OfferPolicy.objects.filter(creditor=creditor).select_related("by", "decided_by")
    rows = own.order_by("-valid_from", "-pk")[:20]
    context = {
        "creditor": creditor, "form": form, "stands": stands, "section": "creditors", "may_change": may_change,
        "rows": [(row, PolicyForm.said(row)) for row in rows],
    }  # fmt: skip
    return render(request, "agreements/policies/index.html", context, status=422 if form.errors else 200)


@require_POST
@access.role_required(*access.IN_CHARGE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """decision = approve | withdraw."""
    row = get_object_or_404(OfferPolicy, pk=pk)
    said = request.POST.get("decision")
    if said not in ("approve", "withdraw"):
        return HttpResponse(status=422)
    with answers.said(request, _("Decided.")):
        policies.decide(policy=row, approve=said == "approve", by=request.user, now=timezone.now())
    return redirect("policies", row.creditor_id)
