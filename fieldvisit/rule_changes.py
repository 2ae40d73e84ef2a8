"""Changing a rule of conduct: anybody in charge may tighten it; to loosen it takes a reason and a second person."""

from datetime import date, datetime

from django.db import transaction

from .models import RuleChange, User
from .problems import Refused
from .rules import changes, conduct


@transaction.atomic
def propose(
    *, pack: str, rule: str, values: dict, reason: str, valid_from: date, valid_to: date | None, by: User, now: datetime
) -> RuleChange:
    """In force from `valid_from` if it tightens; else from then on, once somebody else has approved it.

    `values`: {"limit": 2}, {"until": "21:00"}, {"effect": "block"} …; what stands in the pack is what it is compared
    with. Refused("rule.values" | "rule.same" | "rule.reason" | "rule.dates").
    """
    found = conduct.pack(pack)["rules"][rule]
    if not reason.strip():
        raise Refused("rule.reason")
    if valid_to and valid_to < valid_from:
        raise Refused("rule.dates")
    try:
        if not values or changes.changes_nothing(found, values):
            raise Refused("rule.same")
        loosens = changes.loosens(found, values)
    except ValueError:
        raise Refused("rule.values") from None
    return RuleChange.objects.create(
        pack=pack, rule=rule, values=values, loosens=loosens, reason=reason.strip(), valid_from=valid_from,
        valid_to=valid_to, by=by, at=now,
    )  # fmt: skip


@transaction.atomic
def approve(*, change: RuleChange, by: User, now: datetime) -> None:
    """Refused("rule.second") for the one who proposed it, ("rule.decided") when it needs none any more."""
    change = RuleChange.objects.select_for_update().get(pk=change.pk)
    if change.by_id == by.pk:
        raise Refused("rule.second")
    if not change.loosens or change.approved_at or change.withdrawn_at:
        raise Refused("rule.decided")
    change.approved_by, change.approved_at = by, now
    change.save(update_fields=["approved_by", "approved_at"])


@transaction.atomic
def withdraw(*, change: RuleChange, by: User, now: datetime) -> None:
    """What the pack says stands again. To take back what tightened loosens, so it takes a second person too."""
    change = RuleChange.objects.select_for_update().get(pk=change.pk)
    if change.withdrawn_at:
        raise Refused("rule.decided")
    if not change.loosens and change.by_id == by.pk:
        raise Refused("rule.second")
    change.withdrawn_by, change.withdrawn_at = by, now
    change.save(update_fields=["withdrawn_by", "withdrawn_at"])
