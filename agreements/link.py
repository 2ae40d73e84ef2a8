"""The debtor's link: who holds it, whether it still lives, and the second factor before anything about a person.

A few wrong answers lock the link for a day, whoever gives them. What opens is a signed cookie of half an hour.
"""

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from fieldvisit import messages, record, wire
from fieldvisit.models import Party
from fieldvisit.problems import Refused

from . import copies, proposals
from .models import Agreement, LinkTry, Offer, State
from .rules import following

SALT = "fieldvisit.debtor"
LAST = 4


@dataclass(frozen=True)
class Ways:
    """By which second factor this link can be opened. Not even a masked number is told before."""

    identity: bool
    code: bool


def find(token: str) -> Offer | None:
    rows = Offer.objects.filter(copy_token_sha256=proposals.token_hash(token))
    return rows.select_related("case__creditor").first()


def current(offer: Offer) -> Agreement | None:
    """The agreement that this link is about: the sealed one, else what ended, else what is on its way."""
    found = list(offer.agreements.filter(signatures__isnull=False).distinct().select_related("case__creditor", "offer"))
    order = [State.SEALED, State.SUPERSEDED, State.VOID, State.HELD, State.READY, State.COLLECTING, State.REJECTED]
    found = [agreement for agreement in found if agreement.state in order]
    return min(found, key=lambda a: (order.index(a.state), -a.proposed_at.timestamp()), default=None)


def until(offer: Offer) -> date:
    """The last day of the link."""
    agreement = current(offer)
    last = wire.parse(bytes(agreement.body))["schedule"][-1]["due"] if agreement else offer.valid_until.isoformat()
    return following.link_until(max(date.fromisoformat(last), offer.valid_until))


def ways(offer: Offer) -> Ways:
    party = _debtor(offer)
    return Ways(bool(party and len(party.id_number) >= LAST), bool(party and party.mobile and messages.way("sms")))


def _debtor(offer: Offer) -> Party | None:
    return Party.objects.filter(case=offer.case_id, role="debtor").first()


def locked_until(offer: Offer, now: datetime) -> datetime | None:
    """Since the last right answer so many wrong ones stand within the hours that the lock lasts."""
    rule = following.rules(following.day(now))["link"]
    since = now - timedelta(hours=rule["locked_hours"])
    wrong = []
    for row in LinkTry.objects.filter(offer=offer, at__gt=since).exclude(way="sent").order_by("pk"):
        wrong = [] if row.ok else [*wrong, row.at]
    if len(wrong) < rule["tries"]:
        return None
    return wrong[-1] + timedelta(hours=rule["locked_hours"])


def send_code(*, offer: Offer, language: str, now: datetime) -> LinkTry:
    """A one-time code to the debtor's own number. Refused("link.no_code" | "link.locked")."""
    rule = following.rules(following.day(now))["link"]
    with transaction.atomic():
        record.lock([offer.case_id])
        _refuse_locked(offer, now)
        party = _debtor(offer)
        sent = LinkTry.objects.filter(offer=offer, way="sent", at__gt=now - timedelta(days=1)).count()
        if not ways(offer).code or sent >= rule["codes_a_day"]:
            raise Refused("link.no_code")
        row = LinkTry.objects.create(offer=offer, way="sent", ok=True, at=now)
        messages.note(key=f"link.code:{row.pk}", kind="link.code", case=offer.case, to=party.mobile, language=language,
                      now=now, params={"sent": row.pk})  # fmt: skip
    return row


def open_with(*, offer: Offer, said: str, way: str, now: datetime) -> None:
    """`way`: identity (its last four places) or code. Refused("link.wrong" | "link.locked"); a wrong answer is counted.

    The count is written even though the answer is a refusal.
    """
    with transaction.atomic():
        record.lock([offer.case_id])
        _refuse_locked(offer, now)
        ok = _fits(offer, said, way, now)
        LinkTry.objects.create(offer=offer, way=way, ok=ok, at=now)
        left = _left(offer, now)
    if not ok:
        _refuse_locked(offer, now)
        raise Refused("link.wrong", left=left)


def _fits(offer: Offer, said: str, way: str, now: datetime) -> bool:
    said = "".join(said.split()).upper()
    if way == "identity":
        party = _debtor(offer)
        wanted = party.id_number[-LAST:].upper() if party and len(party.id_number) >= LAST else ""
        return bool(wanted) and hmac.compare_digest(said.encode(), wanted.encode())
    minutes = following.rules(following.day(now))["link"]["code_minutes"]
    sent = (
        LinkTry.objects.filter(offer=offer, way="sent", at__gt=now - timedelta(minutes=minutes)).order_by("-pk").first()
    )
    if sent is None or LinkTry.objects.filter(offer=offer, way="code", ok=True, pk__gt=sent.pk).exists():
        return False  # none, too old, or used already
    return hmac.compare_digest(said.encode(), copies.code_of(sent).encode())


def _left(offer: Offer, now: datetime) -> int:
    rule = following.rules(following.day(now))["link"]
    wrong = 0
    for row in LinkTry.objects.filter(offer=offer, at__gt=now - timedelta(hours=rule["locked_hours"])).order_by("pk"):
        wrong = wrong if row.way == "sent" else 0 if row.ok else wrong + 1
    return max(rule["tries"] - wrong, 0)


def _refuse_locked(offer: Offer, now: datetime) -> None:
    if till := locked_until(offer, now):
        hours = -(-int((till - now).total_seconds()) // 3600)
        raise Refused("link.locked", hours=max(hours, 1))


def cookie(offer: Offer) -> str:
    return signing.TimestampSigner(salt=SALT).sign(offer.copy_token_sha256)


def opened(offer: Offer, value: str | None) -> bool:
    """Does this cookie open this link, and is it young enough?"""
    minutes = following.rules(following.day(timezone.now()))["link"]["open_minutes"]
    try:
        return signing.TimestampSigner(salt=SALT).unsign(value or "", max_age=minutes * 60) == offer.copy_token_sha256
    except signing.BadSignature:
        return False
