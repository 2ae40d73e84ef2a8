"""The office's list of cases, and the page of one case."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fieldvisit import (
    access,
    answers,
    contacts,
    dossier,
    forms,
    history,
    paging,
    permissions,
    promises,
    readings,
    record,
    saved_views,
    search,
)
from fieldvisit.models import HEADS, Hold, ReviewDecision

KEYS = ("pk",)
LATEST = 20  # of promises and of contacts beside visits
HEAD_WORDS = (_("Principal"), _("Interest"), _("Overdue interest"), _("Liquidated damages"), _("Costs"))  # as HEADS


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """50 cases a page, found by name, pinyin or contract number, by state and collector."""
    form = forms.CaseSearch(request.GET, user=request.user)
    valid, query = form.is_valid(), ""
    words = form.cleaned_data["q"] if valid else ""
    found = search.by_words(access.cases(request.user), words)
    if valid:
        query = form.query()
        found = search.by_state(found, form.cleaned_data["state"], form.cleaned_data["collector"])
    page = paging.page(found, KEYS, request.GET.get("after", ""), search.gather)
    context = {
        "form": form,
        "words": words,
        "query": query,
        "views": request.user.saved_views.all(),
        "may_assign": access.may_assign(request.user),
        "page": page,
        "section": "cases",
        "further": bool(request.GET.get("after")),
    }
    return render(request, "fieldvisit/cases/index.html", context)


@require_POST
@access.role_required(*access.OFFICE)
def view(request: HttpRequest) -> HttpResponse:
    """A view of his own: `name` and `query` keep one, `drop` forgets one."""
    query = request.POST.get("query", "")
    form = forms.CaseSearch(QueryDict(query), user=request.user)
    query = form.query() if form.is_valid() else ""
    if drop := request.POST.get("drop", ""):
        with answers.said(request, _now("Forgotten.")):
            saved_views.forget(user=request.user, name=drop)
        return redirect("cases")
    with answers.said(request, _now("Kept under this name.")):
        saved_views.keep(user=request.user, name=request.POST.get("name", ""), query=query)
    return redirect(f"{reverse('cases')}?{query}")


@require_GET
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, ref: str) -> HttpResponse:
    case = get_object_or_404(access.cases(request.user).select_related("creditor", "team", "debt"), ref=ref)
    readings.note([case.pk], by=request.user, what="page", now=timezone.now())
    debt = getattr(case, "debt", None)
    parties = list(case.parties.prefetch_related("addresses").order_by("pk"))
    for party in parties:
        party.editable = contacts.editable(party)
    balances = _balances(debt)
    lines = [history.line(entry) for entry in reversed(record.timeline(case))]
    context = {
        "section": "cases",
        "may_assign": access.may_assign(request.user),
        "case": case,
        "debt": debt,
        "parties": parties,
        "name": next((party.name for party in parties if party.role == "debtor"), case.contract_number),
        "may_decide": request.user.role in access.IN_CHARGE,
        "panels": [
            render_to_string(panel["template"], panel["context"], request)
            for panel in dossier.of(case, request.user, timezone.now())
        ],
        "pause_form": forms.Pause(today=timezone.localdate()),
        "call_says": contacts.weighed(case, "call", timezone.now()),
        "calls_today": contacts.today(case, timezone.now()),
        "contact_form": forms.OfficeContact(now=timezone.now()),
        "permissions": permissions.standing(case, timezone.localdate()).select_related("by"),
        "holds": Hold.objects.standing(timezone.localdate()).filter(case=case).select_related("by"),
        "promises": promises.of([case.pk], timezone.now())[case.pk][:LATEST],
        "contacts": case.contacts.select_related("by").order_by("-at", "-pk")[:LATEST],
        "balances": balances,
        "heads": [{"name": words, "fen": [b["heads"][at] for b in balances]} for at, words in enumerate(HEAD_WORDS)],
        "assignments": case.assignments.select_related("collector", "assigned_by").order_by("-from_at"),
        "visits": _visits(case),
        "lines": lines,
        "faults": record.verify(case),
        "overdue": (timezone.localdate() - debt.due_since).days if debt and debt.due_since else None,
    }
    return render(request, "fieldvisit/cases/show.html", context)


def _visits(case) -> list:
    """Newest first, each with its latest decision; without those that were planned for who has the case no more."""
    at_present = case.assignments.filter(until_at=None).values("collector")
    found = case.visits.filter(Q(started_at__isnull=False) | Q(collector__in=at_present))
    decisions = Prefetch("decisions", ReviewDecision.objects.stood())
    found = list(found.select_related("collector", "second").prefetch_related(decisions))
    for visit in found:
        visit.latest = max(visit.decisions.all(), key=lambda made: made.pk, default=None)
    return sorted(found, key=lambda visit: (visit.planned_on, visit.pk), reverse=True)


def _balances(debt) -> list[dict]:
    """The present balance and every former one, newest first; heads in the order of the law."""
    if debt is None:
        return []
    former = list(debt.former.order_by("-replaced_at"))
    return [
        {"as_of": row.as_of, "heads": [getattr(row, head) for head in HEADS], "total": row.total_fen, "present": not at}
        for at, row in enumerate([debt, *former])
    ]
