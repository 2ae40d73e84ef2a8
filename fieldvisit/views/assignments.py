"""Giving cases to a collector, and planning a visit to each."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldvisit import absences, access, cases, forms, pauses, search
from fieldvisit.problems import Refused


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def create(request: HttpRequest) -> HttpResponse:
    """GET: the ticked cases of the list (?cases=ref&cases=ref) and to whom. POST: done, and back to the list."""
    now = timezone.now()
    form = forms.Assignment(
        request.POST if request.method == "POST" else None, user=request.user, today=timezone.localdate(now)
    )
    refs = (request.POST or request.GET).getlist("cases")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            given = _give(said, by=request.user, now=now)
            done = [_("{n} cases for {name}.").format(n=len(its), name=user) for user, its in given.items()]
            messages.success(request, " ".join(done))
            return redirect("cases")
        except Refused as refused:
            form.add_error({"absence.away": "on", "assign.full": "collector"}.get(refused.code, "cases"), str(refused))
    chosen = search.gather(access.cases(request.user).filter(ref__in=refs, closed_at=None))
    forms.focus_first_error(form)
    paused = pauses.of([case.pk for case in chosen], now)
    for case in chosen:
        case.pause = paused.get(case.pk)
    load = cases.load(list(form.fields["collector"].queryset))
    form.fields["collector"].label_from_instance = lambda user: f"{user} · {load[user.pk]}"
    context = {"form": form, "chosen": chosen, "section": "cases"}
    return render(request, "fieldvisit/assignments/create.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _give(said: dict, *, by, now) -> dict:
    """{collector: cases}. Both or neither: nobody gets a case for a visit that cannot be planned."""
    chosen, on = list(said["cases"]), said["on"]
    if said["share"]:
        among = access.collectors(by)
        gone = absences.away(on or timezone.localdate(now), among)
        given = cases.share(cases=chosen, among=[each for each in among if each.pk not in gone], by=by, now=now)
    else:
        given = {said["collector"]: chosen}
        cases.assign(cases=chosen, collector=said["collector"], by=by, now=now)
    for collector, its in given.items() if on else ():
        cases.plan_visits(cases=its, collector=collector, second=said["second"], on=on, by=by, now=now)
    return given
