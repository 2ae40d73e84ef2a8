"""What a creditor's policy comes to for one case: methods, rates, reduction, deferral, days, the ceiling of the law."""

from datetime import date, timedelta

from fieldvisit.models import Debt

from .models import OfferPolicy
from .rules import ceilings, interest, law, workdays
from .rules.cost_sheet import year
from .rules.refusal import Refused
from .rules.terms import FREE, REDUCED_FIRST

MILLION = 1_000_000
NEED_PRINCIPAL = ("equal-instalment/1", "equal-principal/1")  # nothing to reckon with where only arrears are left


def of(debt: Debt, policy: OfferPolicy, today: date, valid_until: date) -> dict:
    """The part of offer/1 that says what may be agreed. Raises Refused("offer.ceiling") where the law forbids it."""
    ceiling = _ceiling(debt, policy, today)
    reduction = largest_reduction(debt, policy)
    methods = [
        method
        for method in policy.methods
        if (debt.principal_fen or method not in NEED_PRINCIPAL) and (reduction or method != "settlement/1")
    ]
    rates = {method: ppm for method, ppm in policy.rates.items() if method in methods}
    _within(ceiling, debt, policy, methods, rates, today)
    return {
        "methods": methods,
        "annual_rate_ppm": policy.annual_rate_ppm,
        "rates": rates,
        "day_count": policy.day_count,
        "least_fen": policy.least_fen,
        "most_months": policy.most_months,
        "largest_reduction_fen": reduction,
        "settlement_months": policy.settlement_months,
        "deferral": _deferral(policy),
        "balloon_ppm": policy.balloon_ppm,
        "ceiling": None if ceiling is None else _said(ceiling),
        "shift": _shift(policy, today, valid_until),
        "default": {
            "missed": policy.missed, "grace_days": policy.grace_days, "waiver_lapses": policy.waiver_lapses,
        },
    }  # fmt: skip


def largest_reduction(debt: Debt, policy: OfferPolicy) -> int:
    """Fen that may be let off: of each head its part. It comes off in the order of the rules."""
    return sum(getattr(debt, head) * policy.reducible.get(head, 0) // MILLION for head in REDUCED_FIRST)


def formed(debt: Debt) -> tuple[date, date] | None:
    """When the contract was made, as far as the bank's file says: a month, or nothing."""
    return ceilings.month(debt.formed_on) if debt.formed_on else None


def _ceiling(debt: Debt, policy: OfferPolicy, today: date) -> ceilings.Ceiling | None:
    return ceilings.blocking(ceilings.ceilings(law.load(), policy.lender, formed(debt), today))


def _said(ceiling: ceilings.Ceiling) -> dict:
    return {name: getattr(ceiling, name) for name in ("ppm", "rule", "citation", "provisional")}


def _within(ceiling, debt, policy, methods, rates, today) -> None:
    """No rate of the offer passes the ceiling on 365 days, nor does what the file calls interest, penalty and costs.

    The second is measured on the sum lent over the whole time since the contract was made (private lending 27, 29):
    what the file claims beside the principal may not be more. Where it does not say both, only the rates are looked at.
    """
    if ceiling is None:
        return
    bearing = [rates.get(method, policy.annual_rate_ppm) for method in methods if method not in FREE]
    basis = year({"day_count": policy.day_count})
    if any(interest.yearly(ppm, basis) > ceiling.ppm for ppm in bearing):
        raise Refused("offer.ceiling", rule=ceiling.rule)
    if debt.formed_on and debt.original_fen:
        beside = debt.total_fen - debt.principal_fen
        if beside > interest.simple(debt.original_fen, ceiling.ppm, (today - debt.formed_on).days, 365):
            raise Refused("offer.ceiling", rule=ceiling.rule)


def _deferral(policy: OfferPolicy) -> dict | None:
    if not policy.deferral_months:
        return None
    return {"most_months": policy.deferral_months, "interest": policy.deferral_interest}


def _shift(policy: OfferPolicy, today: date, valid_until: date) -> object:
    """The days off until the last due date that this offer can lead to."""
    if not policy.working_days:
        return "none"
    days = policy.latest_first_due_days + 31 * (policy.most_months + policy.deferral_months)
    return workdays.shift(workdays.load(), today, valid_until + timedelta(days=days))
