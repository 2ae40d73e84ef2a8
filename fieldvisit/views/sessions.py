"""Where somebody is signed in, to himself; and the question for his code before what cannot be taken back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from fieldvisit import access, answers, sessions, step_up
from fieldvisit.models import SignIn
from fieldvisit.problems import Refused

from .people import target


@require_http_methods(["GET", "POST"])
@access.role_required(*access.EVERYBODY)
def index(request: HttpRequest) -> HttpResponse:
    """POST ends one (`pk`) or all but this one (`pk` = others)."""
    now, here = timezone.now(), request.session.session_key
    if request.method == "POST":
        pk, mine = request.POST.get("pk", ""), SignIn.objects.filter(user=request.user)
        rows = mine.exclude(session_key=here) if pk == "others" else mine.filter(pk=int(pk) if pk.isdecimal() else 0)
        with answers.said(request, _("Ended.")):
            if not sessions.end(rows, now):
                raise Refused("session.ended")
        return redirect("sessions")
    rows = sessions.standing(request.user, now)
    return render(request, "fieldvisit/people/sessions.html", {"rows": rows, "here": here})


@sensitive_post_parameters(step_up.CODE)
@require_POST
@access.role_required(*access.OFFICE)
def confirm(request: HttpRequest) -> HttpResponse:
    """The code is right: on to the page that asked for it."""
    try:
        step_up.confirm(request, request.POST.get(step_up.CODE, ""), timezone.now())
    except Refused as refused:
        if not request.user.is_authenticated:
            return redirect("sign-in")
        return step_up.page(request, str(refused), target(request))
    return redirect(target(request))
