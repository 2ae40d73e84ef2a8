"""Statements of income and spending (收支表): taken at the door, kept one after another, read by gate and desk."""

from collections.abc import Iterable
from datetime import date

from fieldvisit import bodies, intake
from fieldvisit.models import Case, Event, Visit

from . import shapes
from .models import Statement
from .rules import affordability

bodies.BODIES["statement.taken/1"] = shapes.STATEMENT


@intake.handles("statement.taken/1")
def take(event: intake.Incoming, visit: Visit, case: Case) -> None:
    """A fact: the newest governs, nothing of the older ones is lost."""
    said = event.body
    Statement.objects.create(
        case=case, visit=visit, event=event.row, taken_at=event.at, declined=said["declined"], figures=said["figures"],
        dependants=said["dependants"],
    )  # fmt: skip


def before(proposal: Event) -> Statement | None:
    """The one that governed when these terms were proposed: the last of that visit before them."""
    told = Statement.objects.filter(visit=proposal.visit_id, event__seq__lt=proposal.seq)
    return told.order_by("event__seq", "pk").last()


def latest(cases: Iterable) -> dict:
    """{case id: the newest Statement} in one query."""
    return {row.case_id: row for row in Statement.objects.filter(case__in=cases).order_by("taken_at", "pk")}


def told(statement: Statement, *, on: date, language: str) -> dict:
    """For people of this case: {"statement", "at", "home" (affordability.assess), "lines" [{"code","text"}]}."""
    policy = affordability.policy(on)
    home = affordability.assess(statement.said, policy)
    lines = affordability.meanings(home, policy, language, affordability.data())
    return {"statement": statement, "at": statement.taken_at, "home": home, "lines": lines}
