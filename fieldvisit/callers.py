"""Who stands at the door: a code on the card that a debtor looks up on his own phone, on the day of the visit.

It tells what everybody who opens is told: names, work cards, agency and its telephone. No debtor, no creditor.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import segno
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .models import Mandate, User, Visit
from .rules import door


@dataclass(frozen=True)
class Callers:
    on: date
    people: list[User]
    agency: str
    phone: str


def code(visit: Visit) -> str:
    """Eight characters for this visit and its day; kept nowhere."""
    made = salted_hmac("fieldvisit.callers", f"{visit.pk}.{visit.planned_on}", algorithm="sha256")
    return door.spelled(made.digest())


def card(visit: Visit) -> dict:
    """What the card shows beside the names: {"code" in two halves, "url" to type, "square" to photograph}."""
    his = code(visit)
    address = settings.PUBLIC_URL + reverse("caller", args=[his])
    return {"code": f"{his[:4]} {his[4:]}", "url": settings.PUBLIC_URL + reverse("callers"), "square": _square(address)}


@lru_cache(maxsize=4096)
def _square(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=5, border=3)


def find(said: str, *, now: datetime) -> Callers | None:
    """Whoever visits today under this code; None: nobody of ours."""
    today, typed = timezone.localdate(now), door.plain(said)
    visits = Visit.objects.filter(Q(planned_on=today) | Q(started_at__date=today)).only("pk", "planned_on")
    found = next((visit for visit in visits if hmac.compare_digest(code(visit).encode(), typed.encode())), None)
    if found is None:
        return None
    visit = Visit.objects.select_related("case", "collector__agency", "second__agency").get(pk=found.pk)
    people = [user for user in (visit.collector, visit.second) if user and user.is_active]
    if visit.collector not in people:
        return None
    mandates = Mandate.objects.filter(creditor=visit.case.creditor_id, valid_from__lte=today, valid_until__gte=today)
    mandate = mandates.select_related("agency").order_by("valid_from", "pk").last()
    agency = visit.collector.agency or (mandate and mandate.agency)
    return Callers(today, people, agency.name if agency else "", agency.phone if agency else "")
