"""What a person of the office does with a held agreement: have it checked again, or reject it with a reason."""

from datetime import datetime

from django.db import transaction

from fieldvisit import record
from fieldvisit.models import User
from fieldvisit.problems import Refused

from . import sealing
from .models import Agreement, Rejection, State


def check_again(*, agreement: Agreement, by: User, now: datetime) -> Agreement:
    """All checks once more, because what was missing has come or was put right: sealed, or held with what still speaks
    against it. Refused("agreement.not_held" | "agreement.own")."""
    with transaction.atomic():
        _take(agreement, by)
        Agreement.objects.filter(pk=agreement.pk).update(state=State.READY, codes=[], params={}, state_at=now)
        _say(agreement, "agreement.checked_again", {"codes": agreement.codes}, by, now)
    sealing.settle(agreement, now=now)
    agreement.refresh_from_db()
    return agreement


@transaction.atomic
def reject(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Rejection:
    """It is never sealed, and the debtor's page says so. What was signed is kept.

    Refused("agreement.reason" | "agreement.not_held" | "agreement.own").
    """
    reason = reason.strip()
    if not reason:
        raise Refused("agreement.reason")
    _take(agreement, by)
    Agreement.objects.filter(pk=agreement.pk).update(state=State.REJECTED, state_at=now)
    made = Rejection.objects.create(agreement=agreement, reason=reason, by=by, at=now)
    _say(agreement, "agreement.rejected", {"codes": agreement.codes, "reason": reason}, by, now)
    return made


def _take(agreement: Agreement, by: User) -> None:
    """Under the case's lock: is it still held, and is he not deciding about his own visit?"""
    record.lock([agreement.case_id])
    agreement.refresh_from_db()
    if agreement.state != State.HELD:
        raise Refused("agreement.not_held", state=agreement.get_state_display())
    if by.pk in (agreement.visit.collector_id, agreement.visit.second_id):
        raise Refused("agreement.own")


def _say(agreement: Agreement, action: str, payload: dict, by: User, now: datetime) -> None:
    payload |= {"terms_sha256": agreement.terms_sha256}
    record.append(
        case=agreement.case, action=action, object=f"agreement:{agreement.pk}", actor=by, payload=payload, now=now
    )
