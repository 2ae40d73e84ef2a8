"""What was paid: taken in from the creditor's file or typed in the office, taken back by a row of its own.

How a plan is kept follows from these rows (rules/standing) and is never written down: plan_of(agreement, now).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fieldvisit import pauses, record, wire
from fieldvisit.models import Case, ImportRun, User
from fieldvisit.problems import Refused

from .models import Agreement, Payment, State
from .rules import following, settling
from .rules.standing import FULFILLED, LATE, PERFORMING, Standing, standing

KEPT = _("He keeps the plan {number}: while he does, only reminders (credit card measures Art. 70).")
DONE = _("The plan {number} is paid to the end.")


@transaction.atomic
def record_payment(
    *,
    case: Case,
    reference: str,
    fen: int,
    paid_on: date,
    by: User | None,
    now: datetime,
    note: str = "",
    run: ImportRun | None = None,
) -> tuple[Payment, bool]:
    """(the payment, whether it is new). The same reference with the same sum and day again changes nothing.

    Refused("payment.sum" | "payment.to_come" | "payment.reference" | "payment.other_sum").
    """  # fmt: skip
    reference = reference.strip()
    if not reference:
        raise Refused("payment.reference")
    if fen <= 0:
        raise Refused("payment.sum")
    if paid_on > following.day(now):
        raise Refused("payment.to_come")
    record.lock([case.pk])
    earlier = Payment.objects.filter(creditor=case.creditor_id, reference=reference).first()
    if earlier:
        if (earlier.case_id, earlier.fen, earlier.paid_on) != (case.pk, fen, paid_on):
            raise Refused("payment.other_sum", reference=reference)
        return earlier, False
    return _add(case=case, reference=reference, fen=fen, paid_on=paid_on, note=note, run=run, by=by, now=now), True


@transaction.atomic
def reverse(*, payment: Payment, reason: str, by: User, now: datetime) -> Payment:
    """The money did not stay: a row of the opposite sum, of today. Refused("payment.reason" | "payment.reversed")."""
    if not reason.strip():
        raise Refused("payment.reason")
    record.lock([payment.case_id])
    if payment.fen < 0 or Payment.objects.filter(reverses=payment).exists():
        raise Refused("payment.reversed")
    return _add(
        case=payment.case, reference=f"-{payment.reference}"[:64], fen=-payment.fen, paid_on=following.day(now),
        note=reason.strip()[:200], run=None, by=by, now=now, reverses=payment,
    )  # fmt: skip


def _add(*, case: Case, fen: int, by: User | None, now: datetime, **values) -> Payment:
    agreement = in_force(case)
    reverses = values.get("reverses")
    row = Payment.objects.create(
        creditor_id=case.creditor_id, case=case, fen=fen, by=by,
        agreement=reverses.agreement if reverses else agreement,
        at=now, **values,
    )  # fmt: skip
    record.append(
        case=case, action="payment.reversed" if fen < 0 else "payment.recorded", object=f"payment:{row.pk}", now=now,
        actor=by, payload={"fen": fen, "on": row.paid_on.isoformat(), "reference": row.reference, "note": row.note},
    )  # fmt: skip
    return row


def in_force(case: Case) -> Agreement | None:
    return Agreement.objects.filter(case=case, state=State.SEALED).first()


def plan_of(agreement: Agreement, now: datetime) -> Standing:
    """How this plan is kept today, where the creditor is."""
    rows = Payment.objects.filter(agreement=agreement).values_list("paid_on", "fen")
    return _standing(agreement, rows, now)


def plans_of(agreements: Iterable[Agreement], now: datetime) -> dict:
    """{agreement id: Standing}, one query for all payments."""
    agreements = list(agreements)
    paid = paid_by_plan(agreements)
    return {a.pk: _standing(a, paid[a.pk], now) for a in agreements}


def paid_by_plan(agreements: Iterable[Agreement]) -> dict:
    """{agreement id: [(day, fen)]}, in one query."""
    paid = defaultdict(list)
    rows = Payment.objects.filter(agreement__in=list(agreements)).values_list("agreement", "paid_on", "fen")
    for agreement, day, fen in rows:
        paid[agreement].append((day, fen))
    return paid


def _standing(agreement: Agreement, rows, now: datetime) -> Standing:
    return standing_on(agreement, rows, following.day(now))


def standing_on(agreement: Agreement, rows, on: date) -> Standing:
    """How the plan was kept at the end of a day; `rows` as of `paid_by_plan`."""
    doc = wire.parse(bytes(agreement.body))
    terms = doc["terms"]
    paid = [each for each in rows if each[0] <= on]
    plan = settling.rows(terms, doc["schedule"], paid)
    return standing(plan, paid, default=terms["default"], order=terms["allocation"], on=on)


@pauses.also
def pausing(case_ids: list, now: datetime) -> dict:
    """{case id: Pause} of plans that are kept or paid; who is late may be visited, and a renewal needs a visit."""
    found = Agreement.objects.filter(case__in=case_ids, state=State.SEALED, renewal=None)
    found = list(found)
    stands = dict(zip(found, plans_of(found, now).values(), strict=True))
    return {
        agreement.case_id: pauses.Pause(
            "plan", format_lazy(DONE if plan.state == FULFILLED else KEPT, number=agreement.number or "")
        )
        for agreement, plan in stands.items()
        if plan.state in (PERFORMING, FULFILLED)
    }


def missed(agreements: Iterable[Agreement], now: datetime) -> list[tuple[Agreement, Standing]]:
    """Those that are late or broken, the longest first: a return visit is proposed."""
    agreements = list(agreements)
    plans = plans_of(agreements, now)
    late = [(a, plans[a.pk]) for a in agreements if plans[a.pk].state not in (PERFORMING, FULFILLED)]
    return sorted(late, key=lambda each: (each[1].state == LATE, each[1].since))
