"""The office's review: the queue on the left, one visit on the right, the decision, and its undoing."""

import re
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from fieldvisit import access, answers, course, forms, paging, readings, review, review_claims
from fieldvisit.flags import away
from fieldvisit.models import Decision, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import desk

KEYS = ("ended_at", "pk")
VISIT = re.compile(r"[0-9a-f-]{36}")


@require_GET
@vary_on_headers("HX-Request")
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """The queue with its first visit; to htmx, more rows of the queue."""
    if _fragment(request):
        return render(request, "fieldvisit/reviews/_rows.html", _queue(request))
    queue = _queue(request)
    first = next((row["visit"] for row in queue["rows"] if not row["held"]), None)
    return render(request, "fieldvisit/reviews/index.html", queue | _visit(request, first))


@require_GET
@vary_on_headers("HX-Request")
@access.role_required(*access.OFFICE)
def show(request: HttpRequest, visit_id) -> HttpResponse:
    """One visit; to htmx without the queue beside it."""
    visit = get_object_or_404(access.visits(request.user), pk=visit_id)
    if _fragment(request):
        return render(request, "fieldvisit/reviews/_view.html", _visit(request, visit))
    return render(request, "fieldvisit/reviews/index.html", _queue(request) | _visit(request, visit))


@require_POST
@access.role_required(*access.OFFICE)
def decide(request: HttpRequest, visit_id) -> HttpResponse:
    """Approve or send back, then the next visit."""
    visit = get_object_or_404(access.visits(request.user), pk=visit_id)
    form = forms.Review(request.POST, parts=review.parts(visit))
    beside = _neighbours(request, visit)
    following = beside["next"] or beside["previous"]
    if form.is_valid():
        try:
            made = review.decide(visit=visit, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error("sentence" if refused.code == "review.sentence" else None, str(refused))
    if form.errors:
        forms.focus_first_error(form)
        template = "_view.html" if _fragment(request) else "index.html"
        context = _visit(request, visit, form) | ({} if _fragment(request) else _queue(request))
        return render(request, f"fieldvisit/reviews/{template}", context, status=422)
    said = _("Approved: {name}") if made.decision == Decision.APPROVED else _("Sent back: {name}")
    said = said.format(name=review.debtor_name(made.visit))
    if not _fragment(request):
        messages.success(request, said, extra_tags=f"undo {visit.pk}")
        return redirect("review", following.pk) if following else redirect("reviews")
    context = _visit(request, following) | _figures(request) | {"decided": visit, "said": said}
    context["undo_s"] = desk.policy()["review"]["undo_s"]
    response = render(request, "fieldvisit/reviews/_decided.html", context)
    response["HX-Push-Url"] = reverse("review", args=[following.pk]) if following else reverse("reviews")
    return response


@require_POST
@access.role_required(*access.OFFICE)
def undo(request: HttpRequest, visit_id) -> HttpResponse:
    """Take back his decision of a moment ago, and show that visit again."""
    visit = get_object_or_404(access.visits(request.user), pk=visit_id)
    with answers.said(request, _("The decision is taken back. No phone was told.")):
        review.undo(visit=visit, by=request.user, now=timezone.now())
    return redirect("review", visit.pk)


@require_POST
@access.role_required(*access.OFFICE)
def approve(request: HttpRequest) -> HttpResponse:
    """Approve those of the ticked visits in which nothing is flagged."""
    wanted = [pk for pk in request.POST.getlist("visits") if VISIT.fullmatch(pk)][: paging.SIZE]
    done, left = review.approve_plain(
        visits=review.queue(request.user).filter(pk__in=wanted), by=request.user, now=timezone.now()
    )
    said = _("Approved: {done}. Left for a look: {left}.").format(done=done, left=left + len(wanted) - done - left)
    messages.success(request, said)
    return redirect("reviews")


def _fragment(request):
    return request.htmx and not request.htmx.history_restore_request


def _figures(request):
    return {
        "total": review.queue(request.user).count(),
        "done": review.done_today(request.user, timezone.now()),
    }


def _queue(request):
    """A page of the queue; sorted or filtered by flags, its first so many, for flags are weighed and not stored."""
    found, now = review.queue(request.user), timezone.now()
    form = forms.QueueFilter(request.GET, visits=found)
    said = form.cleaned_data if form.is_valid() else {}
    for name in ("collector", "outcome"):
        if said.get(name):
            found = found.filter(**{name: said[name]})
    after, by_flags = "", said.get("flags") or said.get("order")
    if by_flags:
        visits = review.gather(found[: desk.policy()["review"]["shown_by_flags"]])
    else:
        page = paging.page(found, KEYS, request.GET.get("after", ""), review.gather)
        visits, after = page.rows, page.after
    held = review_claims.others(visits, request.user, now)
    rows = [_row(visit, held.get(visit.pk)) for visit in visits]
    if said.get("flags"):
        rows = [row for row in rows if bool(row["blocks"] or row["warns"]) == (said["flags"] == "some")]
    if said.get("order"):
        rows.sort(key=lambda row: (-row["blocks"], -row["warns"]))
    chosen = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    return _figures(request) | {
        "section": "reviews", "rows": rows, "after": after, "filter": form, "chosen": urlencode(chosen),
        "plain": [row["visit"].pk for row in rows if row["plain"]][: paging.SIZE],
    }  # fmt: skip


def _row(visit: Visit, held):
    flags = review.flags_of(visit)
    return {
        "visit": visit,
        "name": review.debtor_name(visit),
        "blocks": sum(flag.level == "block" for flag in flags),
        "warns": sum(flag.level == "warn" for flag in flags),
        "missing": course.missing(visit),
        "today": timezone.localdate(visit.ended_at) == timezone.localdate(),
        "held": held,
        "sample": review.sampled(visit),
        "plain": not held and review.plain(visit),
    }


def _visit(request, visit: Visit | None, form: forms.Review | None = None):
    """All that the view of one visit shows; {"visit": None} when the queue is empty."""
    if visit is None:
        return {"visit": None}
    (visit,) = review.gather(Visit.objects.filter(pk=visit.pk))
    flags, now = review.flags_of(visit), timezone.now()
    readings.note([visit.case_id], by=request.user, what="visit", now=now)
    decision = review.standing(visit)
    waits = visit.ended_at is not None and decision is None
    claim = review_claims.claim(visit=visit, by=request.user, now=now) if waits else None
    return _neighbours(request, visit) | {
        "claim": claim if claim and claim.by != request.user else None,
        "sample": review.sampled(visit),
        "visit": visit,
        "name": review.debtor_name(visit),
        "flags": [flag for flag in flags if flag.level != "ok"],
        "kept": [flag for flag in flags if flag.level == "ok"],
        "moments": course.moments(visit),
        "missing": course.missing(visit),
        "expected": max(visit.last_seq or 0, len(visit.work)),
        "photos": [{"photo": photo, "metres": away(visit, photo)} for photo in course.photos(visit)],
        "places": course.places(visit),
        "panels": [render_to_string(panel["template"], panel["context"], request) for panel in review.panels_of(visit)],
        "decision": decision,
        "decisions": visit.decisions.all(),
        "form": form or forms.Review(parts=review.parts(visit)),
    }


def _neighbours(request, visit: Visit):
    """The visits before and after this one in the queue."""
    if visit.ended_at is None:
        return {"previous": None, "next": None}
    queue = review.queue(request.user).exclude(pk=visit.pk)
    return {
        "previous": queue.filter(paging.beyond(visit, KEYS, back=True)).reverse().first(),
        "next": queue.filter(paging.beyond(visit, KEYS)).first(),
    }
