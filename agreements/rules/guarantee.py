"""The guarantee period and the guarantor's consent. Civil Code 686, 692, 695; Security interpretation 32, 34; E10.

Twin for the tests: static/src/rules/guarantee.js.
"""

from dataclasses import dataclass
from datetime import date

from . import dates, workdays


@dataclass(frozen=True)
class Period:
    """`until`: the raw last day, for alarms; `expires`: moved over days off (203); `agreed`: the contract set it."""

    until: date
    expires: date
    agreed: bool


@dataclass(frozen=True)
class Standing:
    """May the guarantor be asked? `code`: standing · ended · no-consent. What he owes at most follows from `added`."""

    code: str
    liable: bool
    added: bool


def period(due: date, agreed_end: date | None = None, *, default_months: int, off: dict) -> Period:
    """From the day the principal debt falls due. An agreed end on or before that day counts as none (692(2)).

    `default_months`: law/*.toml; it holds for "until paid off" too (Security interpretation 32). `off`: a calendar.
    """
    agreed = agreed_end is not None and agreed_end > due
    until = agreed_end if agreed else dates.add_months(due, default_months)
    return Period(until, workdays.next_working_day(until, off), agreed)


def standing(guaranteed: Period, *, on: date, demanded_on: date | None, changed: bool, consented: bool) -> Standing:
    """After the period no signature revives it (34): only a demand made within it, or a new contract.

    A change without his written consent adds nothing to what he owes, and never moves the period (695).
    """
    in_time = on <= guaranteed.expires or (demanded_on is not None and demanded_on <= guaranteed.expires)
    if not in_time:
        return Standing("ended", False, False)
    return Standing("standing" if consented or not changed else "no-consent", True, consented or not changed)
