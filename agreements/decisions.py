"""What a person of the office does with a held agreement: check it again, let it pass as a second person, reject it."""

from datetime import datetime

from django.db import transaction

from fieldvisit import record
from fieldvisit.models import Role, User
from fieldvisit.problems import Refused

from . import sealing
from .checks import APPROVABLE
from .models import Agreement, Approval, PaperCheck, Rejection, State

UNSEEN = "seal.paper_unseen"


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


def approve(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Agreement:
    """A supervisor lets a plan beyond the household's limits or the offer's pass, having had no part in making it.

    All checks are made once more: only the reasons he saw are passed over. Refused("agreement.approval_reason" |
    "agreement.approver" | "agreement.not_approvable" | "agreement.not_held" | "agreement.own").
    """
    reason = reason.strip()
    if not reason:
        raise Refused("agreement.approval_reason")
    if by.role != Role.SUPERVISOR:
        raise Refused("agreement.approver")
    with transaction.atomic():
        _take(agreement, by)
        if by.pk == agreement.event.device.user_id:
            raise Refused("agreement.own")
        if not approvable(agreement):
            raise Refused("agreement.not_approvable")
        Approval.objects.create(agreement=agreement, codes=agreement.codes, reason=reason, by=by, at=now)
        Agreement.objects.filter(pk=agreement.pk).update(state=State.READY, codes=[], params={}, state_at=now)
        _say(agreement, "agreement.approved", {"codes": agreement.codes, "reason": reason}, by, now)
    sealing.settle(agreement, now=now)
    agreement.refresh_from_db()
    return agreement


def paper_seen(*, agreement: Agreement, complete: bool, same: bool, by: User, now: datetime) -> Agreement:
    """Somebody who took no part has compared the photographed pages with the text; all checks are made again.

    Refused("agreement.paper" | "agreement.not_held" | "agreement.own").
    """
    if not (complete and same):
        raise Refused("agreement.paper")
    with transaction.atomic():
        _take(agreement, by)
        if UNSEEN not in agreement.codes or hasattr(agreement, "paper_check"):
            raise Refused("agreement.not_held", state=agreement.get_state_display())
        PaperCheck.objects.create(agreement=agreement, by=by, at=now)
        Agreement.objects.filter(pk=agreement.pk).update(state=State.READY, codes=[], params={}, state_at=now)
        _say(agreement, "agreement.paper_seen", {"codes": agreement.codes}, by, now)
    sealing.settle(agreement, now=now)
    agreement.refresh_from_db()
    return agreement


def approvable(agreement: Agreement) -> bool:
    """Is it held for nothing but what a second person may let pass, and has none yet?"""
    held = agreement.state == State.HELD and bool(agreement.codes) and set(agreement.codes) <= set(APPROVABLE)
    return held and not hasattr(agreement, "approval")


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
