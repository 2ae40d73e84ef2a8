"""Signing in and out, home, and the language of the pages."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, forms, people
from fieldvisit.models import Role, User
from fieldvisit.problems import Refused


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Collectors go to the phone's pages, everybody else to the office."""
    if not access.signed_in(request.user):
        return redirect("sign-in")
    return redirect("/m/" if request.user.role == Role.COLLECTOR else "reviews")


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name, password and code; in the demo one tap on a name does the same with a code that is still unused."""
    if request.method == "GET":
        return redirect("home") if access.signed_in(request.user) else _page(request, forms.SignIn())
    demo = request.POST.get("demo")
    form = forms.SignIn() if demo else forms.SignIn(request.POST)
    try:
        if demo:
            user = _demo(request, demo)
        elif form.is_valid():
            user = people.sign_in(request, **form.cleaned_data)
        else:
            return _page(request, form, status=422)
    except Refused as refused:
        return _page(request, form, str(refused), status=422)
    return _in_language(redirect(target(request)), user.language)


def _demo(request, username) -> User:
    user = next((person for person in people.demo_people() if person.username == username), None)
    if user is None:
        raise Refused("sign_in.refused")
    code = people.demo_code(user)
    return people.sign_in(request, username=username, password=people.DEMO_PASSWORD, code=code)


def _page(request, form, wrong="", status=200):
    forms.focus_first_error(form)
    context = {"form": form, "wrong": wrong, "people": people.demo_people(), "next": target(request)}
    return render(request, "fieldvisit/people/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Kept with the user, so that every device speaks it, and with the browser for pages without a user."""
    form = forms.Language(request.POST)
    chosen = form.cleaned_data["language"] if form.is_valid() else translation.get_language()
    if request.user.is_authenticated:
        people.choose_language(user=request.user, language=chosen)
    return _in_language(redirect(target(request)), chosen)


def target(request) -> str:
    """`next` if it is ours, else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def _in_language(response, chosen):
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response
