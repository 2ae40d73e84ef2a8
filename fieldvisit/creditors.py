"""Creditors and their mandates. Where the debtor's money goes is never one person's decision."""

from copy import copy
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from .models import Agency, Creditor, CreditorChange, Mandate, User
from .problems import Refused

FIELDS = ("name", "short_name", "account_name", "account_bank", "account_number", "complaint_phone", "lender_type")
OF_MANDATE = ("agency", "number", "valid_from", "valid_until")


@transaction.atomic
def propose(
    *, creditor: Creditor | None, values: dict, reason: str, by: User, now: datetime,
    about: str = "creditor", mandate: Mandate | None = None,
) -> CreditorChange:  # fmt: skip
    """Stands once somebody else approves it. Refused("creditor.reason" | ".same" | ".waiting" | ".wrong")."""
    if not reason.strip():
        raise Refused("creditor.reason")
    before = stood(mandate, OF_MANDATE) if about == "mandate" else stood(creditor, FIELDS)
    if before == values:
        raise Refused("creditor.same")
    waiting = CreditorChange.objects.filter(about=about, decided_at=None, creditor=creditor, mandate=mandate)
    if before and waiting.exists():
        raise Refused("creditor.waiting")
    change = CreditorChange(
        creditor=creditor, mandate=mandate, about=about, values=values, before=before, reason=reason.strip(), by=by,
        at=now,
    )  # fmt: skip
    _row(change)  # said now, not to the one who approves
    change.save()
    return change


def stood(row: Creditor | Mandate | None, fields: tuple) -> dict:
    """Its fields as JSON: dates in ISO form, the agency by its name."""
    return {} if row is None else {name: _plain(getattr(row, name)) for name in fields}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _row(change: CreditorChange) -> Creditor | Mandate:
    """The row as it would stand, checked, not saved. Refused("creditor.wrong")."""
    values = dict(change.values)
    if change.about == "creditor":
        row = copy(change.creditor) or Creditor()
    else:
        row = copy(change.mandate) or Mandate(creditor=change.creditor)
        agency = Agency.objects.filter(name=values.pop("agency")).first()
        values |= {"agency": agency, **{name: date.fromisoformat(values[name]) for name in OF_MANDATE[2:]}}
        if agency is None or values["valid_until"] < values["valid_from"]:
            raise Refused("creditor.wrong")
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError:
        raise Refused("creditor.wrong") from None
    return row


@transaction.atomic
def decide(*, change: CreditorChange, approve: bool, by: User, now: datetime) -> None:
    """Refused("creditor.second") for the one who asked, ("creditor.decided"), ("creditor.moved")."""
    rows = CreditorChange.objects.select_for_update(of=("self",)).select_related("creditor", "mandate__agency")
    change = rows.get(pk=change.pk)
    if change.decided_at:
        raise Refused("creditor.decided")
    if approve:
        if change.by_id == by.pk:
            raise Refused("creditor.second")
        mine = (change.mandate, OF_MANDATE) if change.about == "mandate" else (change.creditor, FIELDS)
        if stood(*mine) != change.before:
            raise Refused("creditor.moved")
        row = _row(change)
        row.save()
        if change.about == "creditor":
            change.creditor = row
        else:
            change.mandate = row
    change.decided_by, change.decided_at, change.approved = by, now, approve
    change.save()
