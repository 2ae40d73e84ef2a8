"""The office's forms on the page of a case: contact data, its own calls and letters, pauses, a consent taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldvisit import access, answers, contacts, forms, holds, pauses, permissions
from fieldvisit.models import Hold, Party, Permission
from fieldvisit.problems import Refused


@require_POST
@access.role_required(*access.IN_CHARGE)
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
@access.role_required(*access.IN_CHARGE)
def release(request: HttpRequest, hold_id: int) -> HttpResponse:
    """The work on the case goes on."""
    reachable = access.through_case(Hold.objects.select_related("case"), request.user)
    hold = get_object_or_404(reachable, pk=hold_id)
    with answers.said(request, _("The work on the case goes on.")):
        holds.release(hold=hold, by=request.user, now=timezone.now(), text=request.POST.get("text", "").strip()[:500])
    return redirect("case", hold.case.ref)


@require_POST
@access.role_required(*access.IN_CHARGE)
def pause(request: HttpRequest, ref: str) -> HttpResponse:
    """Nobody goes there until the last day, or until somebody ends it."""
    case, now = get_object_or_404(access.cases(request.user), ref=ref), timezone.now()
    form = forms.Pause(request.POST, today=timezone.localdate(now))
    with answers.said(request, _("The work on this case is paused.")):
        if not form.is_valid():
            raise Refused("hold.form")
        pauses.place(case=case, by=request.user, now=now, **form.cleaned_data)
    return redirect("case", ref)


@require_POST
@access.role_required(*access.OFFICE)
def log(request: HttpRequest, ref: str) -> HttpResponse:
    """A call or a letter of the office."""
    case, now = get_object_or_404(access.cases(request.user), ref=ref), timezone.now()
    form = forms.OfficeContact(request.POST, now=now)
    with answers.said(request, _("Written down. The rules of conduct count it.")):
        if not form.is_valid():
            raise Refused("contact.log_form")
        contacts.log(case=case, by=request.user, now=now, **form.cleaned_data)
    return redirect("case", ref)


@require_POST
@access.role_required(*access.OFFICE)
def end_permission(request: HttpRequest, permission_id: int) -> HttpResponse:
    """He has taken his consent to other hours back; whoever hears it writes it down."""
    reachable = access.through_case(Permission.objects.select_related("case"), request.user)
    permission = get_object_or_404(reachable, pk=permission_id)
    with answers.said(request, _("His consent to other hours has ended.")):
        permissions.end(permission=permission, by=request.user, now=timezone.now())
    return redirect("case", permission.case.ref)
