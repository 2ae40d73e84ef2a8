"""Checkpoints over the record of all cases: what was made, whether it stands, one made by hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import checkpoints
from agreements.models import Checkpoint
from fieldvisit import access, wire
from fieldvisit.models import Role

LATEST = 20
MAY_MAKE = (Role.ADMINISTRATOR, Role.REVIEWER)


@require_http_methods(["GET", "POST"])
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """GET: the latest, each with its own proof judged. POST: make one now."""
    if request.method == "POST":
        return _make(request)
    latest = list(Checkpoint.objects.select_related("by", "time").order_by("-size")[:LATEST])
    for made in latest:
        made.faults = checkpoints.wrong(checkpoints.told(made))
        made.time_or_none = getattr(made, "time", None)
        made.moved = made.size - wire.parse(bytes(made.body))["before"]["size"]
    return render(request, "agreements/checkpoints/index.html", {
        "section": "figures", "latest": latest, "uncovered": checkpoints.uncovered(),
        "may_make": request.user.role in MAY_MAKE,
    })  # fmt: skip


def _make(request):
    if request.user.role not in MAY_MAKE:
        return render(request, "403.html", status=403)
    made = checkpoints.make(now=timezone.now(), by=request.user)
    if made:
        messages.success(request, _("Checkpoint {n} covers everything that stands.").format(n=made.size))
    return redirect("checkpoints")


@require_POST
@access.role_required(*MAY_MAKE)
def verify(request: HttpRequest) -> HttpResponse:
    """Walk all of them against the record; names the first faults."""
    faults = checkpoints.verify()
    for fault in faults[:5]:
        messages.error(request, fault)
    if faults:
        said = _("Faults found: {n}. Do not work on; call whoever runs the server.")
        messages.error(request, said.format(n=len(faults)))
    else:
        messages.success(request, _("Every checkpoint stands, and so does every chain it covers."))
    return redirect("checkpoints")


@require_GET
@access.role_required(*access.OFFICE)
def file(request: HttpRequest, size: int) -> HttpResponse:
    """As it lies in the second place: checkpoint-file/1."""
    made = get_object_or_404(Checkpoint, size=size)
    response = HttpResponse(wire.canonical(checkpoints.told(made)), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="checkpoint-{made.size:012}.json"'
    return response
