"""A lesson from a finished case: written, shown without what tells of whom it speaks, then saved; and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from fieldvisit import access, lessons
from fieldvisit.models import Lesson
from fieldvisit.problems import Refused
from fieldvisit.rules import playbook


@require_http_methods(["GET", "POST"])
@access.role_required(*access.OFFICE)
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """Nothing is saved before the cleaned text was shown and a person has said that nobody can be recognised."""
    found = get_object_or_404(access.cases(request.user).select_related("creditor"), ref=ref)
    context = {"case": found, "strategies": playbook.data()["strategy"], "section": "cases", "most": lessons.MOST}
    if not lessons.finished(found):
        return render(request, "fieldvisit/lessons/form.html", context | {"unfinished": True})
    if request.method == "GET":
        return render(request, "fieldvisit/lessons/form.html", context | {"said": lessons.draft(found)})
    said = {name: request.POST.get(name, "") for name in lessons.MOST}
    clean, gone = lessons.cleaned(found, said)
    strategy, good = request.POST.get("strategy", ""), request.POST.get("good") == "yes"
    context |= {"said": clean | {"good": good, "strategy": strategy}, "gone": gone, "shown": True}
    if request.POST.get("act") != "save":
        return render(request, "fieldvisit/lessons/form.html", context)
    try:
        lessons.save(
            case=found, strategy=strategy, good=good, said=said, read=request.POST.get("read") == "yes",
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except Refused as problem:
        return render(request, "fieldvisit/lessons/form.html", context | {"problem": problem}, status=422)
    messages.success(request, _("The lesson stands in the playbook."))
    return redirect("playbook")


@require_POST
@access.role_required(*access.OFFICE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(access.through_case(Lesson.objects.select_related("case"), request.user), pk=pk)
    lessons.withdraw(lesson=found, by=request.user, now=timezone.now())
    return redirect("playbook")
