"""Giving cases to a collector, and planning a visit to each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldvisit import access, cases, forms, search
from fieldvisit.models import Role


@require_http_methods(["GET", "POST"])
@access.role_required(Role.SUPERVISOR, Role.ADMINISTRATOR)
def create(request: HttpRequest) -> HttpResponse:
    """GET: the ticked cases of the list (?cases=ref&cases=ref) and to whom. POST: done, and back to the list."""
    now = timezone.now()
    form = forms.Assignment(
        request.POST if request.method == "POST" else None, user=request.user, today=timezone.localdate(now)
    )
    refs = (request.POST or request.GET).getlist("cases")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = list(said["cases"])
        cases.assign(cases=chosen, collector=said["collector"], by=request.user, now=now)
        if said["on"]:
            cases.plan_visits(
                cases=chosen,
                collector=said["collector"],
                second=said["second"],
                on=said["on"],
                by=request.user,
                now=now,
            )
        messages.success(request, _("{n} cases for {name}.").format(n=len(chosen), name=said["collector"]))
        return redirect("cases")
    chosen = search.gather(access.cases(request.user).filter(ref__in=refs, closed_at=None))
    forms.focus_first_error(form)
    context = {"form": form, "chosen": chosen, "section": "cases"}
    return render(request, "fieldvisit/assignments/create.html", context, status=422 if form.errors else 200)
