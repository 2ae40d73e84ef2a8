from django.http import HttpRequest, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fieldvisit import access, packs, readings
from fieldvisit.models import Role

from .fields import unlocked


@require_safe
@access.role_required(Role.COLLECTOR)
@unlocked
def pack(request: HttpRequest):
    """GET /sync/pack?since=<state>: the whole pack, or 304 when the phone has it already."""
    made = packs.build(request.user, now=timezone.now())
    held = {request.GET.get("since"), request.headers.get("If-None-Match", "").removeprefix("W/").strip('"')}
    if made["state"] not in held:
        cases = access.cases(request.user).values_list("pk", flat=True)
        readings.note(cases, by=request.user, what="phone", now=timezone.now())
    response = HttpResponseNotModified() if made["state"] in held else JsonResponse(made)
    response["ETag"] = f'"{made["state"]}"'
    response["Vary"] = "Cookie"
    return access.mark(response)
