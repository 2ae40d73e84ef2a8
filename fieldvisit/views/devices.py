"""Phones: codes to enrol them; whose, how old, what is missing; and lock, wipe, release."""

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, devices, enrolment, fleet, step_up
from fieldvisit.problems import Refused

SAID = {
    "lock": gettext_lazy("{phone} will lock when it next speaks to the server."),
    "unlock": gettext_lazy("{phone} may be unlocked again."),
    "wipe": gettext_lazy("{phone} will be wiped when it next speaks to the server. What it has not sent stays on it."),
    "release": gettext_lazy("{phone} is released. With a new code it may be enrolled again, for anybody."),
}


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@access.role_required(*access.IN_CHARGE)
@sensitive_variables("code")
def issue(request: HttpRequest) -> HttpResponse:
    """A code for one collector. It stands on this answer and nowhere else; no redirect could carry it."""
    username = request.POST.get("collector", "")
    collector = access.collectors(request.user).filter(username=username).first()
    if collector is None:
        return _page(request, status=422, no_collector=True)
    row, code = enrolment.issue(user=collector, by=request.user, now=timezone.now())
    address = request.build_absolute_uri(reverse("shell"))
    square = segno.make(address, error="m").svg_data_uri(scale=4, border=3)
    return _page(request, issued=row, code=code, address=address, square=square)


@require_POST
@access.role_required(*access.IN_CHARGE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(enrolment.codes_of(request.user), pk=pk)
    try:
        enrolment.revoke(code=row, by=request.user, now=timezone.now())
    except Refused as refused:
        return _page(request, status=422, refused=str(refused))
    messages.success(request, _("The code for {name} is good for nothing any more.").format(name=row.user))
    return redirect("devices")


@require_POST
@access.role_required(*access.IN_CHARGE)
def order(request: HttpRequest, device_id) -> HttpResponse:
    """One order: lock, unlock, wipe or release."""
    device = get_object_or_404(fleet.devices_of(request.user).select_related("user"), pk=device_id)
    action = request.POST.get("action", "")
    if action in ("wipe", "release") and (asked := step_up.ask(request)):
        return asked
    try:
        devices.order(device=device, action=action, by=request.user, now=timezone.now())
    except Refused as refused:
        return _page(request, status=422, refused=str(refused))
    phone = _("{label} of {name}").format(label=device.label or _("Phone"), name=device.user)
    messages.success(request, str(SAID[action]).format(phone=phone))
    return redirect("devices")


def _page(request: HttpRequest, status: int = 200, **more) -> HttpResponse:
    now, may = timezone.now(), request.user.role in access.IN_CHARGE
    context = {"section": "devices", "rows": fleet.rows(request.user, now), "may": may}
    if may:
        codes = enrolment.still_open(enrolment.codes_of(request.user), now).select_related("user__team", "issued_by")
        context |= {
            "collectors": access.collectors(request.user).select_related("team"),
            "codes": codes.order_by("expires_at"),
        }
    return render(request, "fieldvisit/devices/index.html", context | more, status=status)
