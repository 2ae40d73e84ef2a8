"""Training cards on the phone, and at the desk who has read what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from fieldvisit import access, fragments, packs, training
from fieldvisit.models import Role, User

from .fields import field_page


@require_safe
@field_page
def cards(request: HttpRequest):
    return fragments.answer(request, training.fragment(packs.scope(request.user, timezone.now())))


@require_GET
@access.role_required(*access.OFFICE)
def index(request: HttpRequest) -> HttpResponse:
    """A supervisor sees his team."""
    people = User.objects.filter(role__in=training.GO_OUT, is_active=True).order_by("team", "name", "pk")
    if request.user.role == Role.SUPERVISOR:
        people = people.filter(team=request.user.team_id)
    people = list(people.select_related("team"))
    found = training.state(people, timezone.now())
    rows = [(person, found[person.pk], sum(each["at"] is None for each in found[person.pk])) for person in people]
    cards = found[people[0].pk] if people else []
    return render(request, "fieldvisit/training/index.html", {"rows": rows, "cards": cards, "section": "rules"})
