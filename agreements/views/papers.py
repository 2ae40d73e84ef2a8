"""The sealed PDF, to people of the office who may see its case."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements import checks, pdf, printed, timestamps
from agreements.models import Agreement, Sealed
from agreements.rules import document
from fieldvisit import access, readings, unlock
from fieldvisit.models import Role


def _text(request: HttpRequest, agreement_id) -> HttpResponse:
    """The text of a proposal, to be printed and signed by hand."""
    found = access.through_case(Agreement.objects.filter(offer__isnull=False), request.user)
    agreement = get_object_or_404(found, pk=agreement_id)
    readings.note([agreement.case_id], by=request.user, what="paper", now=timezone.now())
    try:
        drawn = printed.text(agreement)
    except (pdf.Unprintable, *checks.STUMBLES):
        raise Http404 from None  # it is held for that already
    response = HttpResponse(drawn, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{document.check_code(agreement.terms_sha256)}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@access.role_required(*access.OFFICE)
def text(request: HttpRequest, agreement_id) -> HttpResponse:
    return _text(request, agreement_id)


@access.marked
@require_safe
@access.role_required(Role.COLLECTOR)
def text_for_phone(request: HttpRequest, agreement_id) -> HttpResponse:
    """Like every page of a case it asks for X-Unlock beside the session."""
    if not unlock.opens(request.user, request.headers.get("X-Unlock", "")):
        return access.refusal(401, "locked")
    return _text(request, agreement_id)


@require_safe
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, agreement_id) -> FileResponse:
    sealed = get_object_or_404(
        access.through_case(Sealed.objects.all(), request.user, "agreement__case__"), agreement=agreement_id
    )
    readings.note([sealed.agreement.case_id], by=request.user, what="paper", now=timezone.now())
    try:
        file = timestamps.newest(sealed).pdf.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type="application/pdf", filename=f"{sealed.agreement.number}.pdf")
    response["Cache-Control"] = "private, no-store"
    return response
