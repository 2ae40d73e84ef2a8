"""The debtor's own page: a second factor first, then what is his. Plain forms: it works without a script, in WeChat."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements import concerns, confirmations, debtor, endings, link, portal, timestamps
from agreements.forms import DebtorConcern, DebtorKey, Withdrawal
from agreements.models import ConcernKind, ConfirmationWay
from fieldvisit.problems import Refused

COOKIE = "__Host-fieldvisit-d"


def private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site, no search engine and no history of a shared phone.

    Not "no-referrer": a browser then sends each form with `Origin: null`, and the check of where it came from fails.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def living(view: Callable) -> Callable:
    """The link must be known (404) and alive (410). The view gets its offer."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        offer = link.find(token)
        if offer is None:
            raise Http404
        request.token, request.big = token, request.GET.get("big") == "1"
        if timezone.localdate() > link.until(offer):
            return private(render(request, "agreements/portal/expired.html", _base(request, offer), status=410))
        return private(view(request, offer, **kwargs))

    return guarded


def opened(view: Callable) -> Callable:
    """The second factor must have been given; else back to the page that asks for it."""

    @wraps(view)
    def guarded(request: HttpRequest, offer, **kwargs) -> HttpResponse:
        if not link.opened(offer, request.COOKIES.get(COOKIE)):
            return _to(request)
        return view(request, offer, **kwargs)

    return living(guarded)


def _base(request: HttpRequest, offer) -> dict:
    here = reverse("copy", args=[request.token]) if request.path.endswith(("/key", "/code")) else request.path
    return {"token": request.token, "big": request.big, "q": "?big=1" if request.big else "", "here": here,
            "creditor": {key: getattr(offer.case.creditor, key) for key in ("name", "complaint_phone")}}  # fmt: skip


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None


def _to(request: HttpRequest, mark: str = "") -> HttpResponse:
    answer = redirect("copy", request.token)
    answer["Location"] += ("?big=1" if request.big else "") + mark
    return answer


@require_safe
@living
def copy(request: HttpRequest, offer) -> HttpResponse:
    """GET changes nothing: link previews open a link before people do."""
    now = timezone.now()
    if link.opened(offer, request.COOKIES.get(COOKIE)):
        return render(request, "agreements/portal/own.html", _base(request, offer) | debtor.page(offer, now))
    return _ask(request, offer, DebtorKey())


def _ask(request: HttpRequest, offer, form: DebtorKey, status: int = 200, **more) -> HttpResponse:
    now = timezone.now()
    context = _base(request, offer) | {
        "answer": portal.by_token(request.token, now=now), "form": form, "ways": link.ways(offer),
        "locked": link.locked_until(offer, now),
    }  # fmt: skip
    return render(request, "agreements/portal/copy.html", context | more, status=status)


@require_POST
@living
def key(request: HttpRequest, offer) -> HttpResponse:
    form = DebtorKey(request.POST)
    try:
        if form.is_valid():
            link.open_with(offer=offer, now=timezone.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error("said", str(refused))
    if form.errors:
        return _ask(request, offer, form, 422, sent=form.data.get("way") == "code")
    answer = _to(request)
    answer.set_cookie(COOKIE, link.cookie(offer), secure=True, httponly=True, samesite="Lax")
    return answer


@require_POST
@living
def code(request: HttpRequest, offer) -> HttpResponse:
    """A one-time code to his own number; the same page again, with the field for it."""
    form = DebtorKey()
    try:
        link.send_code(offer=offer, language=get_language() or settings.LANGUAGE_CODE, now=timezone.now())
    except Refused as refused:
        return _ask(request, offer, form, 422, code_refused=str(refused))
    return _ask(request, offer, form, sent=True)


@require_POST
@living
def leave(request: HttpRequest, offer) -> HttpResponse:
    answer = _to(request)
    answer.delete_cookie(COOKIE)
    return answer


@require_safe
@opened
def paper(request: HttpRequest, offer) -> HttpResponse:
    agreement = link.current(offer)
    if agreement is None or not hasattr(agreement, "sealed"):
        raise Http404
    return _file(timestamps.newest(agreement.sealed).pdf, agreement.number)


@require_safe
@opened
def clearance(request: HttpRequest, offer) -> HttpResponse:
    agreement = link.current(offer)
    if agreement is None or not hasattr(agreement, "clearance"):
        raise Http404
    return _file(timestamps.newest(agreement.clearance).pdf, agreement.clearance.number)


def _file(field, name: str) -> FileResponse:
    try:
        return FileResponse(field.open("rb"), content_type="application/pdf", filename=f"{name}.pdf")
    except FileNotFoundError:
        raise Http404 from None


@require_safe
@opened
def calendar(request: HttpRequest, offer) -> HttpResponse:
    agreement = link.current(offer)
    if agreement is None or agreement.state != "sealed":
        raise Http404
    answer = HttpResponse(debtor.calendar(agreement, timezone.now()), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{agreement.number}.ics"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def withdrawal(request: HttpRequest, offer) -> HttpResponse:
    """Asked once, what will happen is named; then it is void."""
    now, agreement, form = timezone.now(), link.current(offer), Withdrawal(_posted(request))
    if agreement is None or not endings.may_withdraw(agreement, now):
        return _to(request)
    if request.method == "POST" and form.is_valid():
        try:
            endings.withdraw(agreement=agreement, reason=form.cleaned_data["reason"], now=now)
            return _to(request, "#answer")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = _base(request, offer) | {"form": form, "agreement": agreement, "last": endings.withdraw_until(agreement)}
    return render(request, "agreements/portal/withdrawal.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def settled(request: HttpRequest, offer) -> HttpResponse:
    """What he pays to be done. He asks by a POST: that he was told is a line of the record, and GET changes nothing."""
    agreement, context = link.current(offer), _base(request, offer)
    if agreement is None or agreement.state != "sealed":
        return _to(request)
    if request.method == "POST":
        try:
            context |= debtor.settled(agreement, timezone.now())
        except Refused as refused:
            context["refused"] = str(refused)
    return render(request, "agreements/portal/settling.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def confirmation(request: HttpRequest, offer) -> HttpResponse:
    """He confirms that he signed it: a code to his number, entered here. do = send | enter."""
    now, agreement, wrong = timezone.now(), link.current(offer), ""
    if agreement is None or not confirmations.asked(agreement, now):
        return _to(request)
    code = confirmations.newest(offer, agreement)
    try:
        if request.POST.get("do") == "send":
            confirmations.send(
                offer=offer, agreement_id=agreement.pk, terms_sha256=agreement.terms_sha256, way=ConfirmationWay.LINK,
                language=get_language() or settings.LANGUAGE_CODE, now=now,
            )  # fmt: skip
            code = confirmations.newest(offer, agreement)
        elif request.method == "POST" and code:
            confirmations.enter(code=code, said=request.POST.get("said", ""), now=now)
            return _to(request, "#confirmed")
    except Refused as refused:
        wrong = str(refused)
    context = _base(request, offer) | {"agreement": agreement, "code": code, "wrong": wrong,
                                       "last": confirmations.until(agreement), **debtor.page(offer, now)}  # fmt: skip
    return render(request, "agreements/portal/confirmation.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@opened
def concern(request: HttpRequest, offer, kind: str) -> HttpResponse:
    """A complaint, a dispute, a wish for another plan, feedback: to the office, never to the collector."""
    if kind not in ConcernKind.values:
        raise Http404
    now, form = timezone.now(), DebtorConcern(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            concerns.receive(
                offer=offer, agreement=link.current(offer), kind=kind, now=now, text=form.cleaned_data["text"],
                month_fen=form.cleaned_data["month"], language=get_language() or settings.LANGUAGE_CODE,
            )  # fmt: skip
            return _to(request, "#answers")
        except Refused as refused:
            form.add_error("text", str(refused))
    rule = debtor.following.rules(debtor.following.day(now))["concerns"][kind]
    context = _base(request, offer) | {"form": form, "kind": kind, "label": ConcernKind(kind).label, "rule": rule,
                                       "title": TITLES[kind]()}  # fmt: skip
    return render(request, "agreements/portal/concern.html", context, status=422 if form.errors else 200)


TITLES = {
    "complaint": lambda: _("Complain about how you were treated"),
    "dispute": lambda: _("Say that the debt is wrong"),
    "new-plan": lambda: _("Ask for another plan"),
    "feedback": lambda: _("Tell us how the visit was"),
}
