"""The rules of conduct: what stands, by which text, and what the office has changed."""

import re
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, answers, conduct, forms, rule_changes
from fieldvisit.flags import language
from fieldvisit.models import RuleChange
from fieldvisit.problems import Refused
from fieldvisit.rules import changes
from fieldvisit.rules import conduct as engine

PACKS = ("cn", "us", "gb", "in", "eu")
WEIGHTS = {
    "law": gettext_lazy("law or judicial interpretation"),
    "rule": gettext_lazy("rule of a ministry"),
    "standard": gettext_lazy("recommended national standard"),
    "association": gettext_lazy("guideline of an association"),
    "product": gettext_lazy("our own default, not law"),
    "draft": gettext_lazy("draft, not final"),
}
CONFIDENCE = {
    "S": gettext_lazy("text of the law read"),
    "P": gettext_lazy("official page seen"),
    "N": gettext_lazy("known from press and law firms"),
    "M": gettext_lazy("from memory, to be verified"),
    "I": gettext_lazy("decided by us"),
}


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """?pack=cn: every rule with its limit, effect, weight and citation, as it stands today."""
    name = request.GET.get("pack", conduct.JURISDICTION)
    if name not in PACKS:
        raise Http404
    now = timezone.now()
    pack = engine.pack(name)
    stands = conduct.rules(now.astimezone(ZoneInfo(pack["zone"])).date(), name)
    rows = [_row(rule, its, stands["rules"][rule]) for rule, its in pack["rules"].items()]
    people = ("by", "approved_by", "withdrawn_by")
    found = RuleChange.objects.filter(pack=name).select_related(*people).order_by("-pk")[:50]
    context = {
        "packs": PACKS, "name": name, "pack": pack, "version": stands["version"], "rows": rows, "section": "rules",
        "changes": [(change, pack["rules"][change.rule]["title"][language()]) for change in found],
        "may_change": request.user.role in access.IN_CHARGE,
    }  # fmt: skip
    return render(request, "fieldvisit/rules/index.html", context)


def _row(name, its, stands):
    said = next(stands[key] for key in stands if key == "say" or key.startswith("say-"))
    return {
        "id": name,
        "title": stands["title"][language()],
        "say": re.sub(r"{\w+}", "…", said[language()]),
        "citation": stands["citation"][language()],
        "limits": [(forms.RuleChange.LABELS[key], stands[key]) for key in changes.open_to(its) if key != "effect"],
        "effect": stands["effect"],
        "weight": WEIGHTS[its["weight"]],
        "confidence": CONFIDENCE[its["confidence"]],
        "since": its.get("valid_from", ""),
        "changed": stands != its,
        "duty": its["test"] == "duty",
    }


@require_http_methods(["GET", "POST"])
@access.role_required(*access.IN_CHARGE)
def change(request: HttpRequest, pack: str, rule: str) -> HttpResponse:
    """One rule: change a limit or the effect."""
    its = engine.pack(pack)["rules"].get(rule) if pack in PACKS else None
    if its is None:
        raise Http404
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    form = forms.RuleChange(data, rule=its, today=timezone.localdate(now))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = rule_changes.propose(
                pack=pack, rule=rule, values=form.values(), reason=said["reason"], valid_from=said["valid_from"],
                valid_to=said["valid_to"], by=request.user, now=now,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            stands = _("Stands from {day}.").format(day=made.valid_from)
            messages.success(request, _("Waits for a second person.") if made.loosens else stands)
            return redirect(f"{reverse('rules')}?pack={pack}")
    forms.focus_first_error(form)
    context = {"form": form, "rule": _row(rule, its, its), "pack": pack, "section": "rules"}
    return render(request, "fieldvisit/rules/change.html", context, status=422 if form.errors else 200)


@require_POST
@access.role_required(*access.IN_CHARGE)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """approve or withdraw one change."""
    found = get_object_or_404(RuleChange, pk=pk)
    verb = {"approve": rule_changes.approve, "withdraw": rule_changes.withdraw}.get(request.POST.get("decision"))
    if verb is None:
        return HttpResponse(status=422)
    with answers.said(request, _("Decided.")):
        verb(change=found, by=request.user, now=timezone.now())
    return redirect(f"{reverse('rules')}?pack={found.pack}")
