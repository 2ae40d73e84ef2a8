"""People, teams and agencies in the office's own pages, and the page where a new person begins."""

from base64 import b32encode
from datetime import timedelta

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fieldvisit import access, account_forms, accounts, answers, forms, lockouts, sessions, step_up
from fieldvisit.models import AccountEntry, Agency, Role, Team, User
from fieldvisit.problems import Refused

LATEST = 50
GROUPS = {"team": (Team, account_forms.TeamForm), "agency": (Agency, account_forms.AgencyForm)}
DONE = {
    "end_sessions": gettext_lazy("{name} is signed out everywhere, and may sign in again."),
    "unlock": gettext_lazy("{name} may try again at once."),
    "deactivate": gettext_lazy("{name} is signed out everywhere and cannot sign in. His phones lock."),
    "reactivate": gettext_lazy("{name} may sign in again. His phones stay locked until they are unlocked."),
}


@require_GET
@access.role_required(Role.ADMINISTRATOR)
def index(request: HttpRequest) -> HttpResponse:
    people = User.objects.select_related("team", "agency").prefetch_related("totpdevice_set")
    people = list(people.order_by("-is_active", "role", "name", "pk"))
    for person in people:
        person.begun = any(device.confirmed for device in person.totpdevice_set.all())
    entries = _entries(AccountEntry.objects.all())
    context = {"people": people, "teams": Team.objects.order_by("name"), "agencies": Agency.objects.order_by("name")}
    return render(request, "fieldvisit/accounts/index.html", context | {"entries": entries, "section": "people"})


@require_http_methods(["GET", "POST"])
@access.role_required(Role.ADMINISTRATOR)
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and (asked := step_up.ask(request)):
        return asked
    form = account_forms.Person(request.POST if request.method == "POST" else None, new=True)
    if form.is_valid():
        try:
            user = accounts.add(
                username=form.cleaned_data["username"], values=form.values(), by=request.user, now=timezone.now()
            )
        except Refused as refused:
            form.add_error("team" if refused.code == "account.team" else "username", str(refused))
        else:
            return _invite(request, user)
    return _page(request, None, form, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@access.role_required(Role.ADMINISTRATOR)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the person. POST: his new fields."""
    if request.method == "POST" and (asked := step_up.ask(request)):
        return asked
    user = get_object_or_404(User.objects.select_related("team", "agency"), pk=pk)
    stands = {name: getattr(user, name) for name in accounts.FIELDS}
    form = account_forms.Person(request.POST if request.method == "POST" else None, new=False, initial=stands)
    if form.is_valid():
        try:
            changed = accounts.change(user=user, values=form.values(), by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("team" if refused.code == "account.team" else None, str(refused))
        else:
            messages.success(request, _("Changed. It holds at once.") if changed else _("Nothing differs."))
            return redirect("person", pk)
    return _page(request, user, form, status=422 if form.errors else 200)


@require_POST
@access.role_required(Role.ADMINISTRATOR)
@step_up.asks
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """action = invite | unlock | end_sessions | deactivate | reactivate."""
    user = get_object_or_404(User, pk=pk)
    action = request.POST.get("action")
    if action == "invite":
        return _invite(request, user)
    if action not in DONE:
        return HttpResponse(status=422)
    with answers.said(request, str(DONE[action]).format(name=user)):
        getattr(accounts, action)(user=user, by=request.user, now=timezone.now())
    return redirect("person", pk)


@require_POST
@access.role_required(Role.ADMINISTRATOR)
@step_up.asks
def group(request: HttpRequest, kind: str) -> HttpResponse:
    """A team or an agency: a new one, or the one whose `pk` is sent."""
    if kind not in GROUPS:
        raise Http404
    model, made = GROUPS[kind]
    form, pk = made(request.POST), request.POST.get("pk", "")
    row = get_object_or_404(model, pk=int(pk)) if pk.isdecimal() and len(pk) < 10 else model()
    if not form.is_valid():
        messages.error(request, _("Nothing was saved: a field is empty or too long."))
        return redirect("people")
    for name, value in form.cleaned_data.items():
        setattr(row, name, value)
    with answers.said(request, _("Saved.")):
        accounts.save_group(row=row, by=request.user, now=timezone.now())
    return redirect("people")


@sensitive_variables("token", "address")
def _invite(request, user) -> HttpResponse:
    """The link stands on this answer and nowhere else."""
    try:
        uid, token = accounts.invite(user=user, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("person", user.pk)
    address = request.build_absolute_uri(reverse("set-up", args=[uid, token]))
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    square = segno.make(address, error="m").svg_data_uri(scale=4, border=3)
    form = account_forms.Person(new=False, initial={name: getattr(user, name) for name in accounts.FIELDS})
    return _page(request, user, form, address=address, until=until, square=square)


def _page(request, user, form, status=200, **more) -> HttpResponse:
    context = {"form": form, "person": user, "section": "people", "labels": _labels()} | more
    if user:
        cases, visits = accounts.open_work(user)
        refs = [row.case.ref for row in cases[:100]]
        context |= {
            "cases": cases.count(), "refs": refs, "visits": visits[:LATEST],
            "begun": user.totpdevice_set.filter(confirmed=True).exists(),
            "entries": _entries(AccountEntry.objects.filter(user=user)),
            "sessions": sessions.standing(user, timezone.now()),
            "locked": lockouts.standing(user, timezone.now()),
        }  # fmt: skip
    forms.focus_first_error(form)
    return render(request, "fieldvisit/accounts/person.html", context, status=status)


def _labels() -> dict:
    return {name: field.label for name, field in account_forms.Person.base_fields.items()} | {"phone": _("Telephone")}


def _entries(found) -> list[tuple]:
    """[(entry, [(label, before, after)…])…], newest first."""
    labels, roles = _labels(), dict(Role.choices)
    said = []
    for entry in found.select_related("user", "by").order_by("-pk")[:LATEST]:
        fields = [
            (labels[name], roles.get(entry.before.get(name), entry.before.get(name, "")), roles.get(value, value))
            for name, value in entry.after.items()
            if value != entry.before.get(name, "")
        ]
        said.append((entry, fields))
    return said


@sensitive_post_parameters("password", "again", "code")
@sensitive_variables()
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Where a new person chooses a password and takes the second factor; whoever holds the link may, once."""
    try:
        user = accounts.invited(uid, token)
    except Refused as refused:
        return render(request, "fieldvisit/accounts/set_up.html", {"refused": str(refused)}, status=410)
    form = account_forms.SetUp(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        said = form.cleaned_data
        try:
            accounts.set_up(user=user, password=said["password"], code=said["code"], now=timezone.now())
        except Refused as refused:
            form.add_error("code", str(refused))
        else:
            messages.success(request, _("Done. Sign in with the new password and the next code of the app."))
            return redirect("sign-in")
    device = user.totpdevice_set.get()
    square = segno.make(device.config_url, error="m").svg_data_uri(scale=4, border=3)
    forms.focus_first_error(form)
    context = {"form": form, "person": user, "square": square, "secret": _secret(device)}
    return render(request, "fieldvisit/accounts/set_up.html", context, status=422 if form.errors else 200)


def _secret(device) -> str:
    """For an app without a camera: base32 in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
