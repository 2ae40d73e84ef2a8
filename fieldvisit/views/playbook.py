"""The playbook at the desk: strategies with their conditions, objections and answers, and what cases have taught."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fieldvisit import access, lessons, scores
from fieldvisit.models import Lesson
from fieldvisit.rules import playbook


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    found = playbook.data()
    told = lessons.standing()
    own = set(access.through_case(Lesson.objects.all(), request.user).values_list("pk", flat=True))
    rows = [
        {
            "strategy": each,
            "lessons": [(row, row.pk in own) for row in told[each["id"]]],
            "when": [
                (scores.DIMENSIONS[name], [scores.LEVELS[level] for level in levels])
                for name, levels in each.get("when", {}).items()
            ],
        }
        for each in found["strategy"]
    ]
    context = {"rows": rows, "version": found["version"], "section": "rules"}
    return render(request, "fieldvisit/playbook/index.html", context)
