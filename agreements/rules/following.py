"""What follows an agreement, by dated data (after/*.toml): days for an answer, life of a link, reminders. Pure."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo


@cache
def pack(name: str = "cn") -> dict:
    return tomllib.loads((Path(__file__).parent / "after" / f"{name}.toml").read_text(encoding="utf-8"))


def rules(on: date, name: str = "cn") -> dict:
    """The version in force on that day: {"concerns": {kind: {"days", "pauses", …}}, "link", "reminders", "void"}.

    Before the first version the first holds: nobody is left without an answer.
    """
    versions = sorted(pack(name)["version"], key=lambda version: version["from"])
    return next((version for version in reversed(versions) if version["from"] <= on), versions[0])


def day(at: datetime, name: str = "cn") -> date:
    """The date of a moment where the creditor is."""
    return at.astimezone(ZoneInfo(pack(name)["zone"])).date()


def answer_by(kind: str, received: datetime, extensions: int = 0) -> date:
    """The last day for an answer; the day of receipt does not count (Civil Code 201). IndexError: no longer time."""
    days = rules(day(received))["concerns"][kind]["days"]
    return day(received) + timedelta(days=days[extensions])


def may_extend(kind: str, received: datetime, extensions: int) -> bool:
    return extensions + 1 < len(rules(day(received))["concerns"][kind]["days"])


def withdraw_until(signed: datetime, cooling_off_days: int) -> date:
    """The last day, whole, on which a signature may be taken back; the day of signing does not count (CC 201)."""
    return day(signed) + timedelta(days=cooling_off_days)


def link_until(last: date) -> date:
    """The last day of a debtor's link; `last` is the last due day, or the last day of the offer."""
    return last + timedelta(days=rules(last)["link"]["days_after"])
