"""The yearly cost of a plan: IRR × 12 and effective (PBOC Announcement 2021 No. 3). E13. Twin:
static/src/rules/annualised.js.

Method, exact in whole numbers: the monthly rate is the largest whole number of 1e-10 at which the payments are still
worth as much as the sum in use. Payments follow each other by a month; a first period of another length grows
linearly, as its interest does (compliance.md F.8). IRR × 12 and the effective rate are rounded half up to ppm from
that rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .money import half_up

UNIT = 10**10


@dataclass(frozen=True)
class Annualised:
    """`monthly` in 1e-10; the other two in ppm a year."""

    monthly: int
    nominal_ppm: int
    effective_ppm: int


def rate(in_use_fen: int, payments: Sequence[int], first_thirtieths: int = 30) -> Annualised:
    """For a sum in use and what is paid for it, month by month. A plan that costs nothing: zero. At most 100 % a
    month.
    """
    low, high = 0, UNIT
    if in_use_fen < 1 or sum(payments) <= in_use_fen:
        high = 0
    while low < high:
        middle = (low + high + 1) // 2
        if _left(in_use_fen, payments, first_thirtieths, middle) <= 0:
            low = middle
        else:
            high = middle - 1
    grown = (UNIT + low) ** 12 - UNIT**12
    return Annualised(low, half_up(low * 12 * 10**6, UNIT), half_up(grown * 10**6, UNIT**12))


def _left(in_use: int, payments: Sequence[int], thirtieths: int, monthly: int) -> int:
    """What would be owed after the last payment, scaled; more than nothing when the rate is too high."""
    owed, scale = in_use * (30 * UNIT + monthly * thirtieths), 30 * UNIT
    for k, paid in enumerate(payments):
        if k:
            owed, scale = owed * (UNIT + monthly), scale * UNIT
        owed -= paid * scale
    return owed
