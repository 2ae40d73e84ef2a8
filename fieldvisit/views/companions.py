from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldvisit import companions, fragments, packs

from .fields import field_page


@require_safe
@field_page
def index(request: HttpRequest):
    return fragments.answer(request, companions.fragment(packs.scope(request.user, timezone.now())))
