"""Every object is found through what this user may reach; for anything else a stranger gets 404.

collector      cases now assigned to him; visits that are his
supervisor     cases of his team, cases that no team has yet, and the visits in them
reviewer, administrator   all
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from . import problems
from .models import Case, Device, Photo, Recorder, RecorderFile, Recording, Role, User, Visit

OFFICE = (Role.SUPERVISOR, Role.REVIEWER, Role.ADMINISTRATOR)
IN_CHARGE = (Role.SUPERVISOR, Role.ADMINISTRATOR)  # who decides; a reviewer judges
EVERYBODY = tuple(Role)


def cases(user: User) -> QuerySet[Case]:
    return Case.objects.filter(_case_rule(user, ""))


def visits(user: User) -> QuerySet[Visit]:
    if user.role == Role.COLLECTOR:
        # he keeps what he did himself, but after reassignment nothing of the case: see `cases`
        return Visit.objects.filter(Q(collector=user) & _case_rule(user, "case__"))
    return Visit.objects.filter(_case_rule(user, "case__"))


def photos(user: User) -> QuerySet[Photo]:
    return Photo.objects.filter(visit__in=visits(user))


def recordings(user: User) -> QuerySet[Recording]:
    return Recording.objects.filter(visit__in=visits(user))


def recorders(user: User) -> QuerySet[Recorder]:
    return Recorder.objects.filter(visit__in=visits(user))


def recorder_files(user: User) -> QuerySet[RecorderFile]:
    return RecorderFile.objects.filter(recorder__visit__in=visits(user))


def may_assign(user: User) -> bool:
    return user.role in IN_CHARGE


def collectors(user: User) -> QuerySet[User]:
    """To whom this user may give a case: a supervisor to his team, an administrator to anybody."""
    found = User.objects.filter(role=Role.COLLECTOR, is_active=True).order_by("name", "pk")
    if user.role == Role.ADMINISTRATOR:
        return found
    return found.filter(team=user.team_id) if user.role == Role.SUPERVISOR and user.team_id else found.none()


def who_has_cases(user: User) -> QuerySet[User]:
    """Whose cases this user may look for: collectors, and who was one and has cases still."""
    rule = Q(role=Role.COLLECTOR, is_active=True) | Q(assignments__until_at=None, assignments__isnull=False)
    found = User.objects.filter(rule).distinct().order_by("name", "pk")
    return found.filter(team=user.team_id) if user.role == Role.SUPERVISOR else found


def devices(user: User) -> QuerySet[Device]:
    return Device.objects.filter(user=user, revoked_at=None)


def through_case(queryset: QuerySet, user: User, path: str = "case__") -> QuerySet:
    """Limit rows of another app to those whose case the user may reach; `path` leads from the row to the case."""
    return queryset.filter(_case_rule(user, path))


def _case_rule(user: User, path: str) -> Q:
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.role == Role.COLLECTOR:
        return Q(**{f"{path}assignments__collector": user, f"{path}assignments__until_at": None})
    if user.role == Role.SUPERVISOR:
        # cases that no team has yet wait for a supervisor to take them
        own = Q(**{f"{path}team": user.team_id}) | Q(**{f"{path}team": None})
        return own if user.team_id else Q(pk__in=[])
    return Q()


def signed_in(user) -> bool:
    """With both factors."""
    return user.is_authenticated and user.is_active and user.is_verified()


def role_required(*roles: str) -> Callable:
    """For views. No session: pages go to sign-in, fragments and /sync/ get 401 JSON (fetch would follow a redirect).
    Another role: 403 in words."""

    def decorate(view):
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            wants_json = request.path.startswith("/sync/")
            if not signed_in(request.user):
                if wants_json or request.headers.get("HX-Request"):
                    return refusal(401, "sign_in")
                return redirect_to_login(request.get_full_path(), reverse("sign-in"))
            if request.user.role not in roles:
                return refusal(403, "forbidden") if wants_json else render(request, "403.html", status=403)
            response = view(request, *args, **kwargs)
            # on a shared computer Back must not show a case to whoever comes after signing out
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        guarded.roles = roles
        return guarded

    return decorate


def refusal(status: int, code: str, **params) -> JsonResponse:
    """A refusal as the field client reads it: {code, message}, never cached."""
    return mark(JsonResponse({"code": code, "message": problems.sentence(code, **params)}, status=status))


def mark(response: HttpResponse) -> HttpResponse:
    """An answer under /sync/ says that it is ours, and is kept by nobody."""
    response["X-Fieldvisit-API"] = "1"
    response["Cache-Control"] = "no-store"
    return response


def marked(view):
    """Whatever the view answers, a method that is not allowed too."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return mark(view(request, *args, **kwargs))

    return answer
