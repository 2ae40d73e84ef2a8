"""The pages of a visit: prepare, arrive, talk, leave, and those that agreements adds (agree, sign)."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldvisit import access, fragments, packs

from .fields import field_page


@require_safe
@field_page
def step(request: HttpRequest, visit_id: UUID, step: str):
    visit = get_object_or_404(access.visits(request.user), pk=visit_id, collector=request.user)
    seen = packs.scope(request.user, timezone.now(), [visit])
    try:
        made = packs.fragment(step, seen.visits[0], seen)
    except KeyError:
        raise Http404 from None
    return fragments.answer(request, made)
