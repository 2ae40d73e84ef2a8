"""The scorecard explained to the debtor: a page to print and hand over (PIPL Art. 24)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from fieldvisit import access, scores
from fieldvisit.fragments import LANGUAGES
from fieldvisit.models import PartyRole


@require_GET
@access.role_required(*access.OFFICE)
def explanation(request: HttpRequest, ref: str) -> HttpResponse:
    """?language=en: the debtor's language, whatever the desk reads."""
    case = get_object_or_404(access.cases(request.user).select_related("creditor", "debt"), ref=ref)
    wished = request.GET.get("language", translation.get_language())
    now = timezone.now()
    context = {
        "case": case,
        "debtor": case.parties.filter(role=PartyRole.DEBTOR).first(),
        "score": scores.of([case], now)[case.pk],
        "section": "cases",
        "shown": wished if wished in LANGUAGES else LANGUAGES[0],
    }
    with translation.override(context["shown"]):
        return render(request, "fieldvisit/scores/explanation.html", context)
