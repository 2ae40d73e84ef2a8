"""Who is at a door, is he well? Words from the phone, by when the next is due, quiet calls for help, what was done.

The server watches: by when a word is due stands in the visit, so a phone that has died alarms all the same.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from . import access, intake, packs, record
from .intake import Incoming
from .models import Case, HelpCall, Hold, HoldReason, Position, User, Visit
from .problems import Refused
from .rules import door


def plans(visits: list[Visit], now: datetime) -> dict:
    """{visit id: plan of rules/door.py}. One query. What is not begun is judged by its planned hour."""
    since = now - timedelta(days=door.policy()["safety"]["back_days"])
    stopped = Hold.objects.filter(case__in={v.case_id for v in visits}, reason=HoldReason.DANGER, at__gte=since)
    danger = set(stopped.values_list("case", flat=True))
    return {visit.pk: door.plan(_facts(visit, visit.case_id in danger)) for visit in visits}


def _facts(visit, danger) -> set[str]:
    began = timezone.localtime(visit.started_at).hour if visit.started_at else None
    hour = began if began is not None else visit.planned_start.hour if visit.planned_start else 0
    late = hour >= door.policy()["safety"]["evening_from"]
    found = {"danger": danger, "alone": visit.second_id is None, "evening": late}
    return {fact for fact, holds in found.items() if holds}


def due(visit: Visit, at: datetime) -> datetime:
    """By when the next word is due after one at `at`: never earlier than what stands."""
    by = at + timedelta(minutes=plans([visit], at)[visit.pk]["minutes"])
    return max(by, visit.check_by or by)


@intake.handles("visit.checkin/1")
def checked_in(event: Incoming, visit: Visit, case: Case) -> None:
    """The event itself is the row. Before the start has come, or after the end, nothing is due."""
    if visit.started_at and not visit.ended_at:
        visit.check_by = due(visit, event.at)
        visit.save(update_fields=["check_by"])


@intake.handles("visit.help/1")
def called(event: Incoming, visit: Visit, case: Case) -> None:
    HelpCall.objects.create(visit=visit, event=event.row, at=event.at)
    if place := event.body["position"]:
        Position.objects.create(visit=visit, event=event.row, at=event.at, **place)


def overdue(user: User, now: datetime):
    """Visits whose collector should have given a word; the longest first."""
    return access.visits(user).filter(check_by__lt=now, ended_at=None).order_by("check_by")


def calls(user: User):
    return access.through_case(HelpCall.objects.filter(answered_at=None), user, "visit__case__").order_by("pk")


@transaction.atomic
def reached(*, visit: Visit, text: str, by: User, now: datetime) -> None:
    """Somebody of the office has spoken with him; the next word is due anew. Refused("safety.text" | "safety.over")."""
    if not (text := text.strip()):
        raise Refused("safety.text")
    record.lock([visit.case_id])
    visit.refresh_from_db()
    if visit.ended_at or visit.check_by is None:
        raise Refused("safety.over")
    visit.check_by = due(visit, now)
    visit.save(update_fields=["check_by"])
    record.append(
        case=visit.case, action="visit.reached", object=f"visit:{visit.pk}", payload={"text": text}, now=now, actor=by
    )


@transaction.atomic
def answer(*, call: HelpCall, text: str, by: User, now: datetime) -> None:
    """What was done about a call for help. Refused("safety.text" | "safety.over")."""
    if not (text := text.strip()):
        raise Refused("safety.text")
    record.lock([call.visit.case_id])
    call.refresh_from_db()
    if call.answered_at:
        raise Refused("safety.over")
    call.answered_at, call.answered_by, call.answer = now, by, text
    call.save(update_fields=["answered_at", "answered_by", "answer"])
    said = {"text": text}
    record.append(
        case=call.visit.case, action="visit.helped", object=f"visit:{call.visit_id}", payload=said, now=now, actor=by
    )


def _for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """{visit id: {"level", "why", "minutes"}}."""
    return {str(pk): plan for pk, plan in plans(visits, now).items()}


packs.provides("safety", _for_phone)
