from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldvisit import day, fragments, packs

from .fields import field_page


@require_safe
@field_page
def today(request: HttpRequest):
    return fragments.answer(request, day.today_fragment(packs.scope(request.user, timezone.now())))
