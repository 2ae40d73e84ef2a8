"""Creditors and mandates: what stands, what waits for a second person, and a form for what is to change."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, answers, creditors, forms
from fieldvisit.models import Creditor, CreditorChange, Mandate
from fieldvisit.problems import Refused

MOST = 50


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    rows = Creditor.objects.prefetch_related("mandates__agency").order_by("name")
    found = CreditorChange.objects.select_related("creditor", "by", "decided_by").order_by("-pk")[:MOST]
    changes = [(change, _said(change)) for change in found]
    context = {"creditors": rows, "changes": changes, "today": timezone.localdate(), **_common(request)}
    return render(request, "fieldvisit/creditors/index.html", context)


def _said(change: CreditorChange) -> list[tuple]:
    """[(label, before, after)…] of what differs."""
    labels = (forms.CreditorForm if change.about == "creditor" else forms.MandateForm).base_fields
    before = change.before
    return [(labels[name].label, before.get(name, ""), value) for name, value in change.values.items()
            if before.get(name) != value]  # fmt: skip


def _common(request: HttpRequest) -> dict:
    return {"section": "creditors", "may_change": request.user.role in access.IN_CHARGE}


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def new(request: HttpRequest) -> HttpResponse:
    return _form(request, forms.CreditorForm, None)


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def change(request: HttpRequest, creditor_id: int) -> HttpResponse:
    creditor = get_object_or_404(Creditor, pk=creditor_id)
    return _form(request, forms.CreditorForm, creditor, initial=creditors.stood(creditor, creditors.FIELDS))


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def new_mandate(request: HttpRequest, creditor_id: int) -> HttpResponse:
    return _form(request, forms.MandateForm, get_object_or_404(Creditor, pk=creditor_id), about="mandate")


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    row = get_object_or_404(Mandate.objects.select_related("creditor", "agency"), pk=mandate_id)
    initial = creditors.stood(row, creditors.OF_MANDATE)
    return _form(request, forms.MandateForm, row.creditor, initial=initial, about="mandate", mandate=row)


def _form(request, made, creditor, *, initial=None, **about) -> HttpResponse:
    form = made(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            creditors.propose(
                creditor=creditor, values=form.values(), reason=form.cleaned_data["reason"], by=request.user,
                now=timezone.now(), **about,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Waits for a second person."))
            return redirect("creditors")
    forms.focus_first_error(form)
    context = {"form": form, "creditor": creditor, "of_mandate": bool(about), **_common(request)}
    return render(request, "fieldvisit/creditors/change.html", context, status=422 if form.errors else 200)


@require_POST
@access.role_required(*access.IN_CHARGE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """decision = approve | withdraw."""
    found = get_object_or_404(CreditorChange, pk=pk)
    said = request.POST.get("decision")
    if said not in ("approve", "withdraw"):
        return HttpResponse(status=422)
    with answers.said(request, _("Decided.")):
        creditors.decide(change=found, approve=said == "approve", by=request.user, now=timezone.now())
    return redirect("creditors")
