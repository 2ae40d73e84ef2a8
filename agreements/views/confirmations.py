"""The phone asks for a code to the debtor's number and hands in what he entered; it is answered in his language."""

import json
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from agreements import confirmations
from agreements.models import ConfirmationCode, ConfirmationWay, Offer
from fieldvisit import access
from fieldvisit.models import Role
from fieldvisit.problems import Refused

MOST = 4096
HASH = 64


def _asked(view: Callable) -> Callable:
    """For a view (request, said) → confirmation/1: JSON in, JSON out, a Refused as {code, message}."""

    @access.marked
    @require_POST
    @access.role_required(Role.COLLECTOR)
    @wraps(view)
    @sensitive_variables()
    def answer(request: HttpRequest) -> JsonResponse:
        try:
            said = json.loads(request.body[:MOST])
            language = "en" if said["language"] == "en" else "zh-hans"
        except (ValueError, KeyError, TypeError):
            return access.refusal(400, "request.json")
        with translation.override(language):
            try:
                return JsonResponse({"v": 1, "statement": view(request, said)})
            except Refused as refused:
                return access.refusal(404 if refused.code == "not_found" else 409, refused.code, **refused.params)

    return answer


def _id(value, otherwise: str) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Refused(otherwise) from None


def _find(queryset, user, path: str, value):
    """The row with this id of a case that is his. Refused("not_found")."""
    row = access.through_case(queryset, user, path).filter(pk=_id(value, "not_found")).first()
    if row is None:
        raise Refused("not_found")
    return row


@_asked
def send(request: HttpRequest, said: dict) -> dict:
    """{"offer_id", "agreement_id", "terms_sha256", "language"}: a code goes to the number that stands in the text."""
    offer = _find(Offer.objects.select_related("case__creditor"), request.user, "case__", said.get("offer_id"))
    agreement_id, terms = _id(said.get("agreement_id"), "request.json"), said.get("terms_sha256")
    if not isinstance(terms, str) or len(terms) != HASH:
        raise Refused("request.json")
    return confirmations.send(
        offer=offer, agreement_id=agreement_id, terms_sha256=terms, way=ConfirmationWay.GLASS,
        language=translation.get_language(), now=timezone.now(), by=request.user,
    )  # fmt: skip


@_asked
def enter(request: HttpRequest, said: dict) -> dict:
    """{"code" (its id), "said" (six figures), "language"}"""
    codes = ConfirmationCode.objects.select_related("offer__case").filter(way=ConfirmationWay.GLASS)
    code, entered = _find(codes, request.user, "offer__case__", said.get("code")), said.get("said")
    if not isinstance(entered, str):
        raise Refused("request.json")
    return confirmations.enter(code=code, said=entered, now=timezone.now(), by=request.user)
