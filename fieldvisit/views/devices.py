"""Phones: whose, how old, what is missing; and lock, wipe, release."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import access, devices, fleet, held
from fieldvisit.problems import Refused

SAID = {
    "lock": gettext_lazy("{phone} will lock when it next speaks to the server."),
    "unlock": gettext_lazy("{phone} may be unlocked again."),
    "wipe": gettext_lazy("{phone} will be wiped when it next speaks to the server. What it has not sent stays on it."),
    "release": gettext_lazy("{phone} is out of use."),
}


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    rows = fleet.rows(request.user, timezone.now())
    context = {"section": "devices", "rows": rows, "may": request.user.role in held.DECIDERS}
    return render(request, "fieldvisit/devices/index.html", context)


@require_POST
@access.role_required(*held.DECIDERS)
def order(request: HttpRequest, device_id) -> HttpResponse:
    """One order: lock, unlock, wipe or release."""
    device = get_object_or_404(fleet.devices_of(request.user).select_related("user"), pk=device_id)
    action = request.POST.get("action", "")
    try:
        devices.order(device=device, action=action, by=request.user, now=timezone.now())
    except Refused as refused:
        rows = fleet.rows(request.user, timezone.now())
        context = {"section": "devices", "rows": rows, "may": True, "refused": str(refused)}
        return render(request, "fieldvisit/devices/index.html", context, status=422)
    phone = _("{label} of {name}").format(label=device.label or _("Phone"), name=device.user)
    messages.success(request, str(SAID[action]).format(phone=phone))
    return redirect("devices")
