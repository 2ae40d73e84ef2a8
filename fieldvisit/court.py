"""Handing a case to court: which papers are there, which are missing, to whom it was given and when.

    also(fn)     fn(case) -> {fact: what was found}, for facts of rules/court.toml that live in other apps
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import dossier, history, record, securities
from .models import Case, CourtHandover, LetterDelivery, Mandate, User
from .problems import Refused
from .rules import court

_others: list[Callable] = []


def also(fn: Callable[[Case], dict[str, str]]) -> Callable:
    _others.append(fn)
    return fn


def facts(case: Case, now: datetime) -> dict[str, str]:
    """{fact: words} of what the record holds."""
    today = timezone.localdate(now)
    found = {"balance": str(case.debt.as_of) if getattr(case, "debt", None) else ""}
    debtor = case.parties.filter(role="debtor").first()
    found["party"] = debtor.name if debtor and debtor.id_number and debtor.home else ""
    proofs = LetterDelivery.objects.filter(letter__case=case).count()
    found["demand"] = _("{n} letters with their delivery").format(n=proofs) if proofs else ""
    visits = case.visits.filter(ended_at__isnull=False).count()
    found["visits"] = _("{n} visits").format(n=visits) if visits else ""
    mandate = Mandate.objects.filter(creditor=case.creditor, valid_from__lte=today, valid_until__gte=today).first()
    found["mandate"] = mandate.number if mandate else ""
    for fn in _others:
        found |= fn(case)
    return found


@transaction.atomic
def hand_over(*, case: Case, to: str, by_hand: set[str], reason: str, by: User, now: datetime) -> CourtHandover:
    """Refused("court.to") without who takes it; ("court.missing") where papers are missing and no reason is given."""
    to, reason = to.strip(), reason.strip()
    if not 0 < len(to) <= 120 or len(reason) > 500:
        raise Refused("court.to")
    record.lock([case.pk])
    states = {paper["id"]: paper["state"] for paper in court.papers(facts(case, now), by_hand)}
    missing = sorted(name for name, state in states.items() if state == court.MISSING)
    if missing and not reason:
        raise Refused("court.missing", n=len(missing))
    row = CourtHandover.objects.create(case=case, to=to, papers=states, reason=reason, by=by, at=now)
    payload = {"to": to, "missing": missing, "reason": reason}
    record.append(case=case, action="court.handed", object=f"court:{row.pk}", payload=payload, now=now, actor=by)
    return row


@dossier.panels
def panels(case: Case, user: User, now: datetime) -> list[dict]:
    return [{"template": "fieldvisit/securities/_panel.html", "context": context(case, now)}]


def context(case: Case, now: datetime, by_hand=frozenset()) -> dict:
    return {
        "case": case,
        "rows": securities.of([case.pk], now)[case.pk],
        "papers": court.papers(facts(case, now), by_hand),
        "handed": case.court_handovers.select_related("by").order_by("-pk"),
    }


history.words("court.handed", gettext_lazy("Handed over for court"), text=lambda p: p.get("to", ""), office=True)
