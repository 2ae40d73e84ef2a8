"""The register of collateral and guarantees of a case: written at the desk, read in the briefing, its dates alarm."""

from collections import defaultdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import access, history, packs, record
from .models import Case, Security, SecurityKind, User, Visit
from .problems import Refused
from .rules import court

DATES = ("insured_until", "registered_until", "seized_until", "period_end")


@transaction.atomic
def write(*, case: Case, said: dict, replaces: Security | None, by: User, now: datetime) -> Security:
    """`said`: the fields of a Security. Refused("security.form" | "security.replaced"). The old row stays."""
    if said["value_fen"] is not None and not (said["source"] and said["valued_on"]):
        raise Refused("security.form")  # a value without its source and day says nothing
    record.lock([case.pk])
    try:
        with transaction.atomic():
            row = Security.objects.create(case=case, replaces=replaces, by=by, at=now, **said)
    except IntegrityError as twice:
        raise Refused("security.replaced") from twice
    known = {name: said[name].isoformat() for name in DATES if said[name]}
    earlier = replaces.pk if replaces else None
    payload = {"kind": row.kind, "what": row.what, "gone": row.gone, "replaces": earlier} | known
    record.append(case=case, action="security.written", object=f"security:{row.pk}", payload=payload, now=now, actor=by)
    return row


def standing(found=None):
    """What secures now: the newest row of each."""
    return (Security.objects.all() if found is None else found).filter(replaced_by=None, gone=False)


def of(cases, now: datetime) -> dict[int, list[dict]]:
    """{case id: [{"row", "ends"}]}, in one query."""
    found, today = defaultdict(list), timezone.localdate(now)
    for row in standing(Security.objects.filter(case__in=cases)).select_related("by").order_by("pk"):
        found[row.case_id].append({"row": row, "ends": court.ends({name: getattr(row, name) for name in DATES}, today)})
    return found


def running_out(user: User, now: datetime) -> list[dict]:
    """[{"row", "end"}] of the cases he may reach: dates that are near or over, soonest first."""
    rows = standing(access.through_case(Security.objects.filter(case__closed_at=None), user)).select_related("case")
    today = timezone.localdate(now)
    ends = ((row, end) for row in rows for end in court.ends({name: getattr(row, name) for name in DATES}, today))
    return sorted(({"row": row, "end": end} for row, end in ends if end["alarm"]), key=lambda each: each["end"]["on"])


def _for_pages(user: User, visits: list[Visit], now: datetime) -> dict:
    refs = {visit.case_id: visit.case.ref for visit in visits}
    return {refs[pk]: rows for pk, rows in of(refs, now).items()}


def _text(payload: dict) -> str:
    parts = [history.label(SecurityKind, payload.get("kind", "")), payload.get("what", "")]
    return " · ".join(str(part) for part in [*parts, _("secures no more") if payload.get("gone") else ""] if part)


packs.provides("securities", _for_pages, phone=False)
history.words("security.written", _("Collateral or guarantee written down"), text=_text)
