"""The day of one collector as the office sees it: its order, its hours, where the doors are, and what was put off."""

from datetime import date, time, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import absences, access, answers, cases, day_plan, pauses, search
from fieldvisit.models import Mode, PutOff, Role, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import route

from .api import api
from .fields import unlocked

WHY = {
    "promise_due": gettext_lazy("promise due"),
    "promise_broken": gettext_lazy("promise broken"),
    "promise_near": gettext_lazy("promise due soon"),
    "limitation_near": gettext_lazy("limitation near"),
    "overdue_long": gettext_lazy("long overdue"),
}
MOST = 10
LOOK_BACK = timedelta(days=14)  # so long an absence that is over stands there, to hand cases back
ABSENCE = {
    "withdraw": (absences.withdraw, gettext_lazy("Withdrawn.")),
    "cover": (absences.cover, gettext_lazy("Handed over. The phones have it with their next contact.")),
    "back": (absences.hand_back, gettext_lazy("Handed back.")),
}


@require_GET
@access.role_required(*access.IN_CHARGE)
def show(request: HttpRequest) -> HttpResponse:
    """?collector=&on=: his visits of that day, in their order."""
    now = timezone.now()
    people = list(access.collectors(request.user))
    on = _day(request.GET.get("on")) or timezone.localdate(now)
    chosen = request.GET.get("collector", "")
    collector = next((user for user in people if str(user.pk) == chosen), people[0] if people else None)
    visits = []
    if collector:
        found = Visit.objects.filter(collector=collector, planned_on=on)
        found = found.select_related("address", "case__creditor", "case__debt")
        visits = list(found.prefetch_related("case__parties").order_by("place", "pk"))
    points, before, metres = day_plan.points([visit.case for visit in visits], on, now), None, 0
    for visit in visits:
        visit.points, why = points[visit.case_id]
        visit.why = [WHY[name] for name in why]
        visit.way = cases.metres(before, visit.address)
        visit.open = visit.started_at is None and not visit.outcome and visit.put_off_at is None
        visit.debtor = next((party for party in visit.case.parties.all() if party.role == "debtor"), None)
        before, metres = visit.address or before, metres + (visit.way or 0)
    off = PutOff.objects.filter(visit__collector=collector, at__date=on).select_related("case", "by").order_by("at")
    context = {
        "section": "days", "people": people, "collector": collector, "on": on, "visits": visits, "metres": metres,
        "order": day_plan.latest(collector, on) if collector else None, "off": off if collector else [],
        "mode": day_plan.mode_of(collector, on) if collector else "", "modes": Mode.choices,
        "figures": route.figures(),
    }  # fmt: skip
    if collector:
        rows = absences.standing(collector).filter(last__gte=timezone.localdate(now) - LOOK_BACK).order_by("first")
        context["absences"] = [
            {"row": row, "proposed": absences.proposed(row, request.user), "handed": absences.handed(row).count()}
            for row in rows
        ]
        for away in context["absences"]:
            away["some"] = any(instead for _visit, instead in away["proposed"])
    return render(request, "fieldvisit/days/show.html", context)


@require_POST
@access.role_required(*access.IN_CHARGE)
def absence(request: HttpRequest, collector_id: int) -> HttpResponse:
    """action = add (first, last) | withdraw | cover | back, the last three for one absence (`pk`)."""
    collector = get_object_or_404(access.collectors(request.user), pk=collector_id)
    said, now, action = request.POST, timezone.now(), request.POST.get("action")
    if action == "add":
        first, last = _day(said.get("first")), _day(said.get("last"))
        with answers.said(request, _("Written down. Nothing is planned for these days.")):
            if not first or not last:
                raise Refused("absence.days")
            absences.add(collector=collector, first=first, last=last, by=request.user, now=now)
        return _back(collector.pk, first or timezone.localdate(now))
    pk = said.get("pk", "")
    row = get_object_or_404(collector.absences.all(), pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
    if action not in ABSENCE:
        return HttpResponse(status=422)
    verb, done = ABSENCE[action]
    with answers.said(request, str(done)):
        verb(absence=row, by=request.user, now=now)
    return _back(collector.pk, row.first)


@require_POST
@access.role_required(*access.IN_CHARGE)
def arrange(request: HttpRequest, collector_id: int) -> HttpResponse:
    """The whole day put in order by the program; what is under way or made keeps its place."""
    collector = get_object_or_404(access.collectors(request.user), pk=collector_id)
    on = _day(request.POST.get("on")) or timezone.localdate()
    with answers.said(request, _("The day is put in order. The phone has it with its next contact.")):
        mode = request.POST.get("mode", "")
        day_plan.arrange(collector=collector, on=on, by=request.user, now=timezone.now(), mode=mode)
    return _back(collector.pk, on)


@require_POST
@access.role_required(*access.IN_CHARGE)
def change(request: HttpRequest, visit_id) -> HttpResponse:
    """One visit earlier or later, or the hours that he asked for."""
    visit = get_object_or_404(access.visits(request.user).select_related("collector", "case"), pk=visit_id)
    said, now = request.POST, timezone.now()
    with answers.said(request, _("Changed. The phone has it with its next contact.")):
        if said.get("move") in ("-1", "1"):
            day_plan.move(visit=visit, places=int(said["move"]), by=request.user, now=now)
        else:
            hours = {"from_hour": _hour(said.get("from")), "until_hour": _hour(said.get("until"))}
            day_plan.wish(visit=visit, by=request.user, now=now, **hours)
    return _back(visit.collector_id, visit.planned_on)


@api("GET", "HEAD")
@access.role_required(Role.COLLECTOR)
@unlocked
def find_cases(request: HttpRequest) -> JsonResponse:
    """GET /sync/cases?q=: his own cases by name or contract number, ten at most, for an unplanned visit."""
    words = request.GET.get("q", "").strip()[:64]
    found = []
    if len(words) > 1:  # one character names half a town
        reachable = access.cases(request.user).filter(closed_at=None)
        found = list(search.by_words(reachable, words).prefetch_related("parties__addresses", "assignments")[:MOST])
    stopped = pauses.of([case.pk for case in found], timezone.now())
    rows = []
    for case in found:
        debtor = next((party for party in case.parties.all() if party.role == "debtor"), None)
        assignment = next((each.pk for each in case.assignments.all() if each.until_at is None), None)
        home = debtor.home if debtor else None
        rows.append(
            {"case": case.ref, "name": debtor.name if debtor else case.contract_number, "version": case.version}
            | {"street": home.street if home else "", "assignment": assignment, "paused": case.pk in stopped}
        )
    return JsonResponse({"cases": rows})


def _back(collector_id, on) -> HttpResponse:
    return redirect(f"{reverse('days')}?collector={collector_id}&on={on}")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _hour(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("day.wish") from error
