"""Payments of a case, typed in the office; what was missed; the settlement certificate."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from agreements import clearances, payments, promises, timestamps
from agreements.forms import PaymentForm, Reason
from agreements.models import Agreement, Clearance, Payment, State
from fieldvisit import access, answers, pauses, search
from fieldvisit.models import Case, Promise, Visit
from fieldvisit.problems import Refused

MOST = 500


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Plans that are late or broken and promises not kept, each with the one tap that plans a return visit; and the
    latest payments."""
    now = timezone.now()
    found = access.through_case(Agreement.objects.filter(state=State.SEALED), request.user)
    late = payments.missed(found.select_related("case__creditor")[:MOST], now)
    broken = promises.broken(access.through_case(Promise.objects.all(), request.user), now)
    wanted = {agreement.case_id for agreement, _plan in late} | {promise.case_id for promise in broken}
    cases = {case.pk: case for case in search.gather(Case.objects.filter(pk__in=wanted))}
    paused = pauses.of(list(cases), now)
    planned = dict(
        Visit.objects.filter(case__in=cases, started_at=None, planned_on__gte=timezone.localdate(now))
        .order_by("-planned_on").values_list("case", "planned_on")
    )  # fmt: skip

    def about(case_id):
        return {"case": cases[case_id], "pause": paused.get(case_id), "planned": planned.get(case_id)}

    rows = [about(agreement.case_id) | {"agreement": agreement, "plan": plan} for agreement, plan in late]
    unkept = [about(promise.case_id) | {"promise": promise} for promise in broken]
    latest = access.through_case(Payment.objects.select_related("case", "by", "agreement"), request.user)
    context = {"section": "payments", "rows": rows, "unkept": unkept, "latest": latest.order_by("-at")[:50],
               "may_assign": access.may_assign(request.user)}  # fmt: skip
    return render(request, "agreements/payments/index.html", context)


@require_POST
@access.role_required(*access.OFFICE)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    case = get_object_or_404(access.cases(request.user).select_related("creditor"), ref=ref)
    form = PaymentForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused("payment.form")
        _row, new = payments.record_payment(case=case, by=request.user, now=timezone.now(), **form.cleaned_data)
        transaction.on_commit(clearances.issue_waiting.enqueue)
        messages.success(request, _("The payment stands in the case.") if new else _("It stood there already."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("case", ref)


@require_POST
@access.role_required(*access.OFFICE)
def reverse(request: HttpRequest, payment_id) -> HttpResponse:
    mine = access.through_case(Payment.objects.select_related("case__creditor", "agreement"), request.user)
    payment, form = get_object_or_404(mine, pk=payment_id), Reason(request.POST)
    with answers.said(request, _("The payment is taken back.")):
        if not form.is_valid():
            raise Refused("payment.reason")
        reason = form.cleaned_data["reason"]
        payments.reverse(payment=payment, reason=reason, by=request.user, now=timezone.now())
    return redirect("case", payment.case.ref)


@require_safe
@access.role_required(*access.OFFICE)
def clearance(request: HttpRequest, agreement_id) -> FileResponse:
    made = get_object_or_404(
        access.through_case(Clearance.objects.all(), request.user, "agreement__case__"), agreement=agreement_id
    )
    try:
        file = timestamps.newest(made).pdf.open("rb")
        return FileResponse(file, content_type="application/pdf", filename=f"{made.number}.pdf")
    except FileNotFoundError:
        raise Http404 from None
