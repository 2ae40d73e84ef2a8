"""Interest by days, overdue interest, and what the law lets stand of it. Worked examples E8, E12, E17.

Rates are ppm a year, amounts fen, `basis` the days of a year (360 in bank practice, 365 in court claims). Each amount
is rounded once, half upwards. Twin for the tests: static/src/rules/interest.js.
"""

from dataclasses import dataclass

from .money import half_up

MILLION = 1_000_000


def simple(fen: int, ppm: int, days: int, basis: int) -> int:
    """Simple interest of so many days."""
    return half_up(fen * ppm * days, basis * MILLION)


def overdue_rate(contract_ppm: int, plus_ppm: int) -> int:
    """The contract rate raised by a share of itself: 12 % + 50 % = 18 % (PBOC 银发〔2003〕251号)."""
    return half_up(contract_ppm * (MILLION + plus_ppm), MILLION)


def yearly(ppm: int, basis: int) -> int:
    """What a rate comes to in 365 days, rounded up: 18 % on 360 days is 18.25 % (compliance.md F.2)."""
    return -(-ppm * 365 // basis)


@dataclass(frozen=True)
class Clipped:
    """Interest as agreed, as allowed, and the rest, which may not be charged nor added to the principal."""

    agreed_fen: int
    allowed_fen: int
    excess_fen: int


def clip(fen: int, agreed_ppm: int, ceiling_ppm: int, days: int, basis: int = 365) -> Clipped:
    agreed = simple(fen, agreed_ppm, days, basis)
    allowed = min(agreed, simple(fen, ceiling_ppm, days, 365))
    return Clipped(agreed, allowed, agreed - allowed)


def highest_restated(principal_fen: int, agreed_ppm: int, ceiling_ppm: int, days: int) -> int:
    """The most that a new agreement may call principal (private lending provisions 27, first sentence)."""
    return principal_fen + clip(principal_fen, agreed_ppm, ceiling_ppm, days).allowed_fen


def over_the_whole(first_principal_fen: int, ceiling_ppm: int, days: int, claimed_fen: int) -> int:
    """Fen to cut from a claim: it may not pass the first principal with interest at the ceiling over the whole time
    (27).
    """
    return max(0, claimed_fen - first_principal_fen - simple(first_principal_fen, ceiling_ppm, days, 365))


@dataclass(frozen=True)
class PenaltyTest:
    """A proxy: interest at the loan prime rate stands for the loss; courts weigh more (interpretation 2023, 65)."""

    loss_fen: int
    limit_fen: int
    warns: bool


def penalty_test(penalty_fen: int, principal_fen: int, lpr_ppm: int, days: int, limit_ppm: int) -> PenaltyTest:
    """Is a penalty more than 30 % above the loss? `limit_ppm` is data: 1_300_000. The edge itself does not warn."""
    loss = simple(principal_fen, lpr_ppm, days, 365)
    limit = half_up(loss * limit_ppm, MILLION)
    return PenaltyTest(loss, limit, penalty_fen > limit)
