"""Is a debt past limitation, as far as this house can know? And the release by a supervisor.

Known: since when the file calls it due, the end of the loan's own term, plans that were sealed, and what was paid. What
the bank demanded before is not known here; so a debt may be younger than it looks, and never older.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from fieldvisit import record, wire
from fieldvisit.models import Case, Role, User
from fieldvisit.problems import Refused

from .models import Agreement, LimitationRelease, Payment, State
from .rules import dates, law, workdays
from .rules.limitation import Happened, Limitation, limitation

OPEN = ("expired", "possibly-expired")


def of(cases: Iterable[Case], *, on: date) -> dict:
    """{case id: Limitation}; four queries, however many cases. `debt` should have been fetched with them."""
    cases = list(cases)
    years, calendar = law.load()["limitation"]["years"], workdays.load()
    happened = {case.pk: [] for case in cases}
    plans = {}
    sealed = Agreement.objects.filter(case__in=cases, state__in=[State.SEALED, State.SUPERSEDED], sealed__isnull=False)
    for agreement in sealed.order_by("sealed__sealed_at"):
        happened[agreement.case_id].append(Happened("agreement", timezone.localdate(agreement.proposed_at)))
        if agreement.state == State.SEALED:
            plans[agreement.case_id] = dates.parse(wire.parse(bytes(agreement.body))["schedule"][-1]["due"])
    paid = Payment.objects.filter(case__in=cases, reverses=None, reversal=None).values_list("case_id", "paid_on")
    for case_id, paid_on in paid:
        happened[case_id].append(Happened("part-payment", paid_on))
    return {
        case.pk: limitation(
            _due(case), happened[case.pk], on=on, last_instalment=plans.get(case.pk) or _last(case), years=years,
            off=calendar,
        )
        for case in cases
    }  # fmt: skip


def released(cases: Iterable[Case]) -> set:
    return set(LimitationRelease.objects.filter(case__in=list(cases)).values_list("case_id", flat=True))


@transaction.atomic
def release(*, case: Case, reason: str, by: User, now: datetime) -> LimitationRelease:
    """From now on it may be offered, with the notice in its text.

    Refused("limitation.reason" | "limitation.supervisor" | "limitation.running" | "limitation.released").
    """
    reason = reason.strip()
    if not reason:
        raise Refused("limitation.reason")
    if by.role != Role.SUPERVISOR:
        raise Refused("limitation.supervisor")
    found = of([case], on=timezone.localdate(now))[case.pk]
    if found.status not in OPEN:
        raise Refused("limitation.running")
    if released([case]):
        raise Refused("limitation.released")
    made = LimitationRelease.objects.create(
        case=case, status=found.status, alarm=found.alarm, reason=reason, by=by, at=now
    )
    said = {"status": found.status, "alarm": found.alarm.isoformat(), "reason": reason}
    record.append(case=case, action="limitation.released", object=f"case:{case.pk}", actor=by, now=now, payload=said)
    return made


def open_and_unreleased(case: Case, *, on: date) -> Limitation | None:
    """The limitation that stands in the way of a promise, a plan or a receipt; None where nothing does."""
    found = of([case], on=on)[case.pk]
    return found if found.status in OPEN and not released([case]) else None


def last_due(case: Case) -> date | None:
    """When the loan itself falls due as a whole, as far as the file says."""
    return _last(case) or _due(case)


def _due(case: Case) -> date | None:
    debt = getattr(case, "debt", None)
    return debt.due_since if debt else None


def _last(case: Case) -> date | None:
    """The end of the loan's own term (Civil Code 189), where the file says when it began and how long it ran."""
    debt = getattr(case, "debt", None)
    if not (debt and debt.formed_on and debt.term_months):
        return None
    end = dates.add_months(debt.formed_on, debt.term_months)
    # overdue only since later: the term was extended, or instalments went on being paid
    return max(end, debt.due_since) if debt.due_since else end
