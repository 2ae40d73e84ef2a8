"""How an agreement ends: taken back by the debtor, made void by the office, or replaced by a later one."""

from datetime import datetime

from django.db import transaction

from fieldvisit import access, record, wire
from fieldvisit.models import User
from fieldvisit.problems import Refused

from .models import Agreement, Renewal, State, Void
from .rules import following

# Until it is refused, rejected or over, a signature can be taken back.
STANDING = (State.COLLECTING, State.READY, State.HELD, State.SEALED)


def withdraw_until(agreement: Agreement):
    """The last day of the cooling-off, or None: nobody has signed, or none was agreed."""
    signed = agreement.signatures.order_by("signed_at").last()
    days = wire.parse(bytes(agreement.body))["terms"]["effect"]["cooling_off_days"]
    return following.withdraw_until(signed.signed_at, days) if signed and days else None


def may_withdraw(agreement: Agreement, now: datetime) -> bool:
    last = withdraw_until(agreement)
    return agreement.state in STANDING and last is not None and following.day(now) <= last


@transaction.atomic
def withdraw(*, agreement: Agreement, reason: str, now: datetime) -> Void:
    """By the debtor, without a reason if he gives none: void at once. Refused("void.late" | "void.over")."""
    record.lock([agreement.case_id])
    agreement.refresh_from_db()
    if agreement.state not in STANDING:
        raise Refused("void.over", state=agreement.get_state_display())
    if not may_withdraw(agreement, now):
        raise Refused("void.late")
    # a void that the office asked for and nobody decided yet is overtaken
    Void.objects.filter(agreement=agreement, agreed=None).update(agreed=False, decided_at=now)
    made = Void.objects.create(
        agreement=agreement, withdrawal=True, reason=reason.strip() or "withdrawn", at=now, agreed=True, decided_at=now
    )
    _end(agreement, State.VOID, "agreement.withdrawn", {"void": made.pk}, None, now)
    return made


@transaction.atomic
def void(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Void:
    """By the office, with a reason; where the policy says so it waits for a second person.

    Refused("void.reason" | "void.over" | "void.who" | "void.asked").
    """
    if by.role not in access.IN_CHARGE:
        raise Refused("void.who")
    if not reason.strip():
        raise Refused("void.reason")
    record.lock([agreement.case_id])
    agreement.refresh_from_db()
    if agreement.state not in STANDING:
        raise Refused("void.over", state=agreement.get_state_display())
    if Void.objects.filter(agreement=agreement, agreed=None).exists():
        raise Refused("void.asked")
    second = following.rules(following.day(now))["void"]["second_person"]
    made = Void.objects.create(
        agreement=agreement, reason=reason.strip(), by=by, at=now, agreed=None if second else True,
        decided_by=None if second else by, decided_at=None if second else now,
    )  # fmt: skip
    if second:
        _say(agreement, "agreement.void_asked", {"reason": made.reason}, by, now)
    else:
        _end(agreement, State.VOID, "agreement.voided", {"reason": made.reason}, by, now)
    return made


@transaction.atomic
def decide(*, asked: Void, agree: bool, by: User, now: datetime) -> Void:
    """The second person. Refused("void.own" | "void.decided" | "void.who" | "void.over")."""
    if by.role not in access.IN_CHARGE:
        raise Refused("void.who")
    record.lock([asked.agreement.case_id])
    asked.refresh_from_db()
    asked.agreement.refresh_from_db()
    if asked.agreed is not None:
        raise Refused("void.decided")
    if asked.by_id == by.pk:
        raise Refused("void.own")
    if agree and asked.agreement.state not in STANDING:
        raise Refused("void.over", state=asked.agreement.get_state_display())
    asked.agreed, asked.decided_by, asked.decided_at = agree, by, now
    asked.save(update_fields=["agreed", "decided_by", "decided_at"])
    if agree:
        _end(asked.agreement, State.VOID, "agreement.voided", {"reason": asked.reason}, by, now)
    else:
        _say(asked.agreement, "agreement.void_declined", {"reason": asked.reason}, by, now)
    return asked


@transaction.atomic
def renew(*, agreement: Agreement, reason: str, by: User, now: datetime) -> Renewal:
    """A later agreement may replace this one; until that is sealed, this one stays in force.

    From now on the offers of the case carry its hash, and visits to it may be planned. Refused("renewal.reason" |
    "renewal.not_in_force" | "renewal.again" | "void.who").
    """
    if by.role not in access.IN_CHARGE:
        raise Refused("void.who")
    if not reason.strip():
        raise Refused("renewal.reason")
    record.lock([agreement.case_id])
    agreement.refresh_from_db()
    if agreement.state != State.SEALED:
        raise Refused("renewal.not_in_force")
    made, fresh = Renewal.objects.get_or_create(
        agreement=agreement, defaults={"reason": reason.strip(), "by": by, "at": now}
    )
    if not fresh:
        raise Refused("renewal.again")
    # offers that do not name the earlier agreement are no longer those of the case
    case = agreement.case
    case.version += 1
    case.save(update_fields=["version"])
    _say(agreement, "agreement.renewal", {"reason": made.reason}, by, now)
    return made


def earlier_of(case_id) -> Agreement | None:
    """The agreement that a new one of this case replaces."""
    return Agreement.objects.filter(case=case_id, state=State.SEALED, renewal__isnull=False).first()


def replace(*, earlier: Agreement, later: Agreement, now: datetime) -> None:
    """Called while the later one is being sealed, under the case's lock."""
    Renewal.objects.filter(agreement=earlier).update(replaced_by=later, replaced_at=now)
    _end(earlier, State.SUPERSEDED, "agreement.superseded", {"by": later.number}, None, now)


def _end(agreement: Agreement, state: State, action: str, said: dict, by: User | None, now: datetime) -> None:
    agreement.state, agreement.state_at = state, now
    agreement.save(update_fields=["state", "state_at"])
    _say(agreement, action, said, by, now)


def _say(agreement: Agreement, action: str, said: dict, by: User | None, now: datetime) -> None:
    record.append(
        case=agreement.case, action=action, object=f"agreement:{agreement.pk}", actor=by, now=now,
        payload=said | {"terms_sha256": agreement.terms_sha256},
    )  # fmt: skip
