"""The second collector: confirmed on his own phone, or, with no signal, by a code that only his own pack holds.

The first one's pack holds a salted hash of that code; the server compares the code again when the event arrives.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from . import flags, intake, packs, review
from .flags import Flag
from .fragments import Fragment
from .intake import Incoming
from .models import Case, Companion, CompanionWay, Role, User, Visit
from .rules import conduct, door

URL = "/m/companion"
RULE = "CN-VIS-01"


def code(visit: Visit) -> str:
    """For this visit, this companion and this day."""
    return door.spelled(_own("code", f"{visit.pk}.{visit.second_id}.{visit.planned_on}"))


def _own(what: str, value: str) -> bytes:
    return salted_hmac(f"fieldvisit.companions.{what}", value, algorithm="sha256").digest()


@lru_cache(maxsize=4096)
def _hashed(secret: str, salt: str, iterations: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", secret.encode(), bytes.fromhex(salt), iterations).hex()


@intake.handles("visit.companion/1")
def confirmed(event: Incoming, visit: Visit, case: Case) -> None:
    """From his own phone. Counted apart from the visit's other events: it is another phone's."""
    if event.author.pk != visit.second_id:
        event.marks.append("companion_unknown")
        return
    Companion.objects.create(visit=visit, event=event.row, at=event.at, user=event.author, way=CompanionWay.PHONE)


@intake.handles("visit.second/1")
def shown(event: Incoming, visit: Visit, case: Case) -> None:
    """The code as it was typed at the door; the first phone has compared it with its hash, this is the second look."""
    second, said = visit.second, event.body
    right = second and hmac.compare_digest(door.plain(said["code"]), code(visit))
    if not right or second.username != said["username"]:
        event.marks.append("companion_code")
        return
    Companion.objects.create(visit=visit, event=event.row, at=event.at, user=second, way=CompanionWay.CODE)


def way(visit: Visit, username: str) -> str:
    """ "phone", "code", or "" where only his name was entered. Reads `companions`, which may be prefetched."""
    ways = {row.way for row in visit.companions.all() if row.user.username == username}
    return next((each for each in CompanionWay.values if each in ways), "")


def _flags(visit: Visit) -> list[Flag]:
    """Two must go; a name alone is a weak proof of it. Queries nothing: the rows are prefetched."""
    names = [row.second_username for row in visit.consents.all()] + [visit.went_with]
    if visit.second is None or visit.second.username not in names:
        return []  # nobody, or nobody who counts: the rule itself says so
    found = way(visit, visit.second.username)
    cited = f"{RULE} · {conduct.pack()['rules'][RULE]['citation'][flags.language()]}"
    if found:
        words = _("The second collector: {how}").format(how=CompanionWay(found).label)
        return [Flag("FV-SECOND-01", "ok", words, cited)]
    return [Flag("FV-SECOND-01", "warn", _("Only the name of the second collector was entered"), cited)]


review.flags(_flags, prefetch=["companions__user"])


def _hashes(user: User, visits: list[Visit], now: datetime) -> dict:
    """{visit id: {username, name, salt, hash, iterations, tries}} of visits with a companion who has a phone here."""
    rules, made = door.policy()["code"], {}
    for visit in visits:
        if visit.second and visit.second.role == Role.COLLECTOR and not visit.ended_at:
            salt = _own("salt", str(visit.pk))[:16].hex()
            made[str(visit.pk)] = {
                "username": visit.second.username,
                "name": visit.second.name,
                "salt": salt,
                "hash": _hashed(code(visit), salt, rules["iterations"]),
                "iterations": rules["iterations"],
                "tries": rules["tries"],
            }
    return made


def _own_codes(user: User, visits: list[Visit], now: datetime) -> list[dict]:
    """Where he goes along today and tomorrow, with the code that he tells the other at the door."""
    on = timezone.localdate(now)
    found = Visit.objects.filter(second=user, planned_on__range=(on, on + timedelta(days=1)), ended_at=None)
    found = found.filter(case__assignments__until_at=None, case__closed_at=None).distinct()
    rows = found.select_related("case", "collector", "address").prefetch_related("companions__user")
    return [
        {
            "visit": str(visit.pk),
            "case": visit.case.ref,
            "version": visit.case.version,
            "on": visit.planned_on.isoformat(),
            "start": f"{visit.planned_start:%H:%M}" if visit.planned_start else "",
            "with": visit.collector.name,
            "district": visit.address.district if visit.address else "",
            "code": f"{(secret := code(visit))[:4]} {secret[4:]}",
            "confirmed": way(visit, user.username) == CompanionWay.PHONE,
        }
        for visit in rows.order_by("planned_on", "place", "pk")
    ]


packs.provides("companions", _hashes)
packs.provides("accompanied", _own_codes)


@packs.pages
def pages(seen: packs.Scope) -> list[Fragment]:
    return [fragment(seen)]


def fragment(seen: packs.Scope) -> Fragment:
    return Fragment(URL, "fieldvisit/companions/index.html", {"rows": seen.data["accompanied"], "on": str(seen.on)})
