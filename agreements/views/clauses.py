"""The clause sets: which stand, what they say, and a draft of a new version that a second person publishes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import clause_example, clause_sets, clause_words
from agreements.forms import ClauseWish
from agreements.models import ClauseDraft, ClauseSet
from agreements.rules import clause_lint, wording
from agreements.rules.refusal import Refused as Unknown
from fieldvisit import access
from fieldvisit.flags import language
from fieldvisit.problems import Refused

MOST_SIGNS = 1000


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """Every set with its versions, the one in force, and its draft."""
    today, drafts = timezone.localdate(), {row.set_id: row for row in ClauseDraft.objects.select_related("by")}
    published = ClauseSet.objects.select_related("drafted_by", "approved_by").order_by("-version")
    sets = []
    for name in wording.names():
        packaged = clause_sets.packaged(name)
        stands = clause_sets.in_force(name, today)["version"]
        rows = [{"version": row.version, "from": row.approved_from.isoformat(), "row": row, "may": True,
                 "later": row.approved_from > today}
                for row in published if row.set_id == name]  # fmt: skip
        rows += [{"version": body["version"], "from": body["approved_from"], "row": None,
                  "may": not clause_sets.errors(body)} for body in packaged]  # fmt: skip
        sets.append({"id": name, "title": _title(name), "stands": stands, "versions": rows, "draft": drafts.get(name)})
    context = {"sets": sets, "section": "rules", "may_change": request.user.role in access.IN_CHARGE}
    return render(request, "agreements/clauses/index.html", context)


def _title(name: str) -> str:
    return {"cn-repayment": _("Repayment agreement"), "cn-rights": _("Card of the debtor's rights")}.get(name, name)


def _judged(body: dict) -> list[dict]:
    return [clause_words.said(found, language()) for found in clause_lint.findings(body)]


@require_GET
@access.role_required(*access.OFFICE)
def version(request: HttpRequest, set_id: str, number: int) -> HttpResponse:
    """One version, whole, in both languages, with the facts of an invented agreement."""
    try:
        body = clause_sets.load(set_id, number)
    except Unknown:
        raise Http404 from None
    row = ClauseSet.objects.filter(set_id=set_id, version=number).select_related("drafted_by", "approved_by").first()
    context = {"body": body, "title": _title(set_id), "clauses": clause_example.clauses(body), "row": row,
               "section": "rules"}  # fmt: skip
    return render(request, "agreements/clauses/version.html", context)


@require_POST
@access.role_required(*access.IN_CHARGE)
def copy(request: HttpRequest, set_id: str, number: int) -> HttpResponse:
    try:
        clause_sets.draft(set_id=set_id, version=number, by=request.user, now=timezone.now())
    except Unknown:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("clauses")
    return redirect("clause-draft", set_id)


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def draft(request: HttpRequest, set_id: str) -> HttpResponse:
    """The draft with what the checklist says of it. POST decision = ask | publish | discard."""
    row = get_object_or_404(ClauseDraft.objects.select_related("by", "asked_by"), set_id=set_id)
    form = ClauseWish(request.POST if request.POST.get("decision") == "ask" else None)
    if request.method == "POST":
        try:
            done = _decided(request, row, form)
        except Refused as refused:
            form.add_error(None, str(refused)) if form.is_bound else messages.error(request, str(refused))
        else:
            if done:
                return done
    context = {
        "draft": row, "title": _title(set_id), "clauses": clause_example.clauses(row.body), "form": form,
        "found": _judged(row.body), "own": request.user.pk in row.edited_by, "section": "rules",
    }  # fmt: skip
    wrong = request.method == "POST"
    return render(request, "agreements/clauses/draft.html", context, status=422 if wrong else 200)


def _decided(request, row, form):
    by, now = request.user, timezone.now()
    match request.POST.get("decision"):
        case "ask" if form.is_valid():
            clause_sets.ask(draft=row, **form.cleaned_data, by=by, now=now)
            messages.success(request, _("A second person decides now."))
            return redirect("clause-draft", row.set_id)
        case "publish":
            made = clause_sets.publish(draft=row, by=by, now=now)
            messages.success(request, _("Version {n} is published.").format(n=made.version))
            return redirect("clauses")
        case "discard":
            clause_sets.discard(draft=row)
            messages.success(request, _("The draft is discarded. What stands, stands."))
            return redirect("clauses")
    return None


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def clause(request: HttpRequest, set_id: str, name: str) -> HttpResponse:
    """One clause of the draft. POST keeps it; with HX-Request it is only shown as it would read."""
    row = get_object_or_404(ClauseDraft, set_id=set_id)
    shown = next((one for one in clause_example.clauses(row.body) if one["id"] == name), None)
    if shown is None:
        raise Http404
    body, status = row.body, 200
    if request.method == "POST":
        texts = _texts(request, shown)
        if texts is None:
            status = 422
        elif not request.headers.get("HX-Request"):
            clause_sets.edit(draft=row, clause=name, texts=texts, by=request.user, now=timezone.now())
            messages.success(request, _("Kept in the draft."))
            return redirect("clause-draft", set_id)
        else:
            body = clause_sets.written(body, name, texts)
    shown = next(one for one in clause_example.clauses(body) if one["id"] == name)
    found = [one for one in _judged(body) if one["error"] or one["where"].split(".")[0] == name]
    context = {"draft": row, "title": _title(set_id), "clause": shown, "found": found, "section": "rules",
               "most": MOST_SIGNS, "wrong": status == 422}  # fmt: skip
    page = "_preview" if request.headers.get("HX-Request") else "clause"
    return render(request, f"agreements/clauses/{page}.html", context, status=status)


def _texts(request, shown) -> dict | None:
    """What was typed, in the form of the set; None where a field is missing or too long."""
    def both(field):
        return {"zh-hans": request.POST[f"{field}-zh"].strip(), "en": request.POST[f"{field}-en"].strip()}

    try:
        said = [both(f"text-{i}") for i in range(len(shown["pairs"]))]
        typed = {"heading": both("heading"), "explain": both("explain") if shown["explain"] else {}}
    except KeyError:
        return None
    if any(len(text) > MOST_SIGNS for each in (*said, *typed.values()) for text in each.values()):
        return None
    return typed | {"text": {one: [" ".join(pair[one].split()) for pair in said] for one in wording.LANGUAGES}}
