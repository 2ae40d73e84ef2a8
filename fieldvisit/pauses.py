"""May anybody go there at all? What stands in the way of a visit: a pause of the case, or what another app says.

    of(case_ids, now) -> {case id: Pause}      also(fn): fn(case_ids, now) -> the same, for apps above
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import packs, record
from .models import Case, Event, Hold, HoldReason, User, Visit
from .problems import Refused

HOLD = _("The work on this case is paused.")


@dataclass(frozen=True)
class Pause:
    """`code` is for the phone, which learns no more: hold, or the word of another app. `why` is for the office."""

    code: str
    why: str | Promise
    until: date | None = None


_others: list[Callable] = []


def also(fn: Callable) -> Callable:
    _others.append(fn)
    return fn


def of(case_ids: Iterable, now: datetime) -> dict:
    """What stands in the way; a hold comes before anything else. The number of queries does not grow."""
    case_ids, found = list(case_ids), {}
    for fn in _others:
        found |= fn(case_ids, now)
    standing = Hold.objects.standing(timezone.localdate(now)).filter(case__in=case_ids).order_by("-pk")
    return found | {hold.case_id: Pause("hold", HOLD, hold.until) for hold in standing}


def refuse(cases: Iterable[Case], now: datetime) -> None:
    """Raises Refused("visit.paused") that names every case to which nobody may go."""
    cases = list(cases)
    if found := of([case.pk for case in cases], now):
        names = ", ".join(case.contract_number for case in cases if case.pk in found)
        why = " ".join(dict.fromkeys(str(pause.why) for pause in found.values()))
        raise Refused("visit.paused", contracts=names, why=why)


@transaction.atomic
def place(
    *,
    case: Case,
    reason: str,
    text: str,
    by: User | None,
    now: datetime,
    until: date | None = None,
    event: Event | None = None,
) -> Hold:
    """Nobody goes there from now on. `by` None: the debtor himself. Refused("hold.text" | "hold.form").

    The record says that it is paused, not why: collectors read it.
    """
    if not text.strip():
        raise Refused("hold.text")
    if reason not in HoldReason:
        raise Refused("hold.form")
    record.lock([case.pk])
    hold = Hold.objects.create(case=case, reason=reason, text=text.strip(), by=by, at=now, until=until, event=event)
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1)
    said = {"until": until.isoformat() if until else None}
    record.append(case=case, action="case.paused", object=f"hold:{hold.pk}", payload=said, now=now, actor=by)
    return hold


def _for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """{case_ref: code}: enough to stay away, without the reason."""
    found = of({visit.case_id for visit in visits}, now)
    return {visit.case.ref: found[visit.case_id].code for visit in visits if visit.case_id in found}


packs.provides("paused", _for_phone)
