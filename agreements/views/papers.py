"""The sealed PDF, to people of the office who may see its case."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements import timestamps
from agreements.models import Sealed
from fieldvisit import access, readings


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
