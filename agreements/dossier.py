"""What the case page in the office shows of agreements: how a plan is kept, payments, endings, the debtor's words."""

from datetime import datetime

from fieldvisit import access, court, dossier
from fieldvisit.models import Case, Message, Role, User

from . import checkpoints, concerns, endings, limitation, payments
from .models import Agreement, Payment, State
from .rules import following

SHOWN = (State.SEALED, State.SUPERSEDED, State.VOID)
LATEST = 20


@dossier.panels
def panels(case: Case, user: User, now: datetime) -> list[dict]:
    found = Agreement.objects.filter(case=case, signatures__isnull=False).distinct().order_by("-proposed_at")
    found = found.select_related("sealed", "clearance", "renewal__by", "renewal__replaced_by", "visit")
    rows = [_row(agreement, user, now) for agreement in found.prefetch_related("voids__by", "voids__decided_by")]
    paid = Payment.objects.filter(case=case).select_related("by", "run", "reversal", "agreement")
    context = {
        "case": case, "rows": rows, "payments": paid.order_by("-paid_on", "-at")[:LATEST],
        "today": following.day(now),
        "may_end": user.role in access.IN_CHARGE,
        "concerns": concerns.of(concerns.visible(user).filter(case=case), now),
        "messages_sent": Message.objects.filter(case=case).exclude(kind="link.code").order_by("-made_at")[:LATEST],
    }  # fmt: skip
    return [{"template": "agreements/agreements/_dossier.html", "context": context}]


def _row(agreement: Agreement, user: User, now: datetime) -> dict:
    voids = list(agreement.voids.all())
    return {
        "agreement": agreement,
        "sealed": getattr(agreement, "sealed", None),
        "clearance": getattr(agreement, "clearance", None),
        "renewal": getattr(agreement, "renewal", None),
        "plan": payments.plan_of(agreement, now) if agreement.state in SHOWN else None,
        "asked": next((void for void in voids if void.agreed is None), None),
        "void": next((void for void in voids if void.agreed), None),
        "standing": agreement.state in endings.STANDING,
        "own": any(void.agreed is None and void.by_id == user.pk for void in voids),
    }


@dossier.panels
def evidence(case: Case, user: User, now: datetime) -> list[dict]:
    """How far the record is covered by a checkpoint; the bundles to take away."""
    found = Agreement.objects.filter(case=case, sealed__isnull=False).order_by("-proposed_at")
    context = {"case": case, "leaf": checkpoints.covering(case), "agreements": found}
    return [{"template": "agreements/bundles/_panel.html", "context": context}]


@dossier.panels
def time_limit(case: Case, user: User, now: datetime) -> list[dict]:
    """The limitation of the debt where something is known of it; the form for who may release it."""
    standing = limitation.of([case], on=following.day(now))[case.pk]
    if standing.alarm is None:
        return []
    context = {
        "case": case, "standing": standing, "open": standing.status in limitation.OPEN,
        "release": getattr(case, "limitation_release", None), "may_release": user.role == Role.SUPERVISOR,
    }  # fmt: skip
    return [{"template": "agreements/limitations/_panel.html", "context": context}]


@court.also
def papers(case: Case) -> dict[str, str]:
    """The sealed agreements, for the papers that go to court."""
    numbers = Agreement.objects.filter(case=case, sealed__isnull=False).order_by("-proposed_at")
    return {"agreement": ", ".join(each.number or "" for each in numbers)}
