"""Training cards: which are to be read before a visit, on the phone and with no signal, and who has read what."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import access, bodies, conduct, history, intake, packs
from .flags import language
from .fragments import Fragment
from .intake import Incoming
from .models import CardRead, Case, Role, User, Visit
from .rules import cards

GO_OUT = (Role.COLLECTOR,)

bodies.BODIES["training.read/1"] = bodies.keys(
    card=bodies.like(r"[a-z][a-z-]{0,31}"), version=bodies.text(32, 1), language=bodies.one_of("zh-hans", "en")
)
bodies.BESIDE_VISITS.add("training.read/1")


def _which(payload: dict) -> str:
    name = (payload.get("body") or {}).get("card")
    return next((card["title"][language()] for card in cards.data() if card["id"] == name), "")


history.words("training.read/1", _("Training card read"), text=_which)


@intake.handles("training.read/1")
def read(event: Incoming, visit: Visit | None, case: Case) -> None:
    """A fact, whatever card or version it names: an old version does not count for the present one."""
    note(user=event.author, card=event.body["card"], version=event.body["version"], at=event.at, event=event.row)


def note(*, user: User, card: str, version: str, at: datetime, event=None) -> CardRead:
    return CardRead.objects.create(user=user, card=card, version=version, at=at, event=event)


def state(users: Iterable[User], now: datetime) -> dict:
    """{user id: [{"card", "version", "at": when that was read or None, "before": an older one was}]}; 2 queries."""
    users, present = list(users), cards.versions(conduct.rules(timezone.localdate(now)))
    rows = defaultdict(dict)
    for row in CardRead.objects.filter(user__in=users).order_by("at"):
        rows[row.user_id].setdefault((row.card, row.version), row.at)
    return {
        user.pk: [
            {
                "card": card,
                "version": present[card["id"]],
                "at": rows[user.pk].get((card["id"], present[card["id"]])),
                "before": any(name == card["id"] for name, _version in rows[user.pk]),
            }
            for card in cards.data()
        ]
        for user in users
    }


def _for_pages(user: User, visits: list[Visit], now: datetime) -> dict:
    """{"cards": state, "due": those to read}."""
    found = state([user], now)[user.pk]
    return {"cards": found, "due": [each for each in found if each["at"] is None]}


packs.provides("training", _for_pages, phone=False)


@packs.pages
def pages(seen: packs.Scope) -> list[Fragment]:
    return [fragment(seen)]


def fragment(seen: packs.Scope) -> Fragment:
    """The cards. To have read one is an event, and stands in the record of a case: of the next visit, or one of his."""
    case = next((visit.case for visit in seen.visits if visit.started_at is None), None)
    case = case or access.cases(seen.user).filter(closed_at=None).order_by("pk").first()
    return Fragment("/m/cards", "fieldvisit/training/cards.html", seen.data["training"] | {"case": case})
