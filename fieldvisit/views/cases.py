from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldvisit import access, day, fragments, history, packs

from .fields import field_page


@require_safe
@field_page
def cases(request: HttpRequest):
    return fragments.answer(request, day.cases_fragment(packs.scope(request.user, timezone.now())))


@require_safe
@field_page
def case(request: HttpRequest, ref: str):
    mine = access.cases(request.user).select_related("creditor", "debt")
    found = get_object_or_404(mine.prefetch_related("parties__addresses", "assignments"), ref=ref)
    seen = packs.scope(request.user, timezone.now())
    visit = next((visit for visit in seen.visits if visit.case_id == found.pk), None)
    lines = history.of_cases([found], seen.now)[found.pk]
    return fragments.answer(request, day.case_fragment(found, lines, seen.on, visit))
