"""The office's edit of how somebody is reached, and the end of a pause."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldvisit import access, contacts, held, holds
from fieldvisit.models import Hold, Party
from fieldvisit.problems import Refused


@require_POST
@access.role_required(*held.DECIDERS)
def change(request: HttpRequest, party_id) -> HttpResponse:
    """One property, from what the page showed to what was typed."""
    reachable = access.through_case(Party.objects.select_related("case"), request.user)
    party = get_object_or_404(reachable, pk=party_id)
    said = {name: request.POST.get(name, "") for name in ("property", "before", "after")}
    try:
        row = contacts.change(party=party, by=request.user, now=timezone.now(), **said)
        done = _("Changed. The former value stays in the record.") if row else _("Nothing to change.")
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("case", party.case.ref)


@require_POST
@access.role_required(*held.DECIDERS)
def release(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The work on the case goes on."""
    reachable = access.through_case(Hold.objects.select_related("case"), request.user)
    hold = get_object_or_404(reachable, pk=hold_id)
    try:
        holds.release(hold=hold, by=request.user, now=timezone.now(), text=request.POST.get("text", "").strip()[:500])
        messages.success(request, _("The work on the case goes on."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("case", hold.case.ref)
