"""What the debtor pays today to be done with his plan, and what is owed where it is broken and the rest is demanded.

Nothing is stored but that it was told: a line of the record with the sums, their day and until when they hold.
"""

from datetime import datetime

from django.db import transaction

from fieldvisit import record, wire
from fieldvisit.models import Entry, User
from fieldvisit.problems import Refused

from . import payments
from .models import Agreement, State
from .rules import following, settling
from .rules.allocation import HEADS
from .rules.standing import BROKEN, FULFILLED

TOLD = "settling.told"
# The clauses of the agreement on which each figure rests, by their names in every version of the set.
EARLY, BROKEN_BY = ("c15",), ("c9", "c10", "c7")


def of(agreement: Agreement, now: datetime) -> dict:
    """{"on", "until", "left": Parts, "plan", "early": [clause]}.

    If broken also {"owed", "again": Parts, "broken": [clause], "reduced": fen}. A clause is {"heading", "texts"} as it
    was signed. Refused("settling.over" | "settling.paid").
    """
    if agreement.state != State.SEALED:
        raise Refused("settling.over", state=agreement.get_state_display())
    plan, on = payments.plan_of(agreement, now), following.day(now)
    if plan.state == FULFILLED:
        raise Refused("settling.paid")
    doc = wire.parse(bytes(agreement.body))
    figure = settling.today(doc["terms"], plan, on)
    found = {"on": on, "until": figure.until, "left": figure.left, "plan": plan, "early": _clauses(doc, EARLY)}
    if plan.state == BROKEN:
        owed, again = settling.demanded(doc["terms"], plan, on)
        found |= {"owed": owed, "again": again, "broken": _clauses(doc, BROKEN_BY),
                  "reduced": doc["terms"]["reduction"]["fen"]}  # fmt: skip
    return found


def _clauses(doc: dict, names: tuple) -> list[dict]:
    found = {}
    for part in doc["rendered_text"]:
        if part["clause"] in names:
            found.setdefault(part["clause"], {"heading": part["heading"], "texts": []})["texts"].append(part["text"])
    return [found[name] for name in names if name in found]


@transaction.atomic
def tell(*, agreement: Agreement, way: str, by: User | None, now: datetime) -> dict:
    """The figures of this moment, as `of`, and the line that says to whom and how they were told; `by` None: his page.

    The same figures on the same day in the same way stand there once. Refused as `of`, and "settling.way".
    """
    way = way.strip()
    if not way:
        raise Refused("settling.way")
    record.lock([agreement.case_id])
    agreement.refresh_from_db()
    found, what = of(agreement, now), f"agreement:{agreement.pk}"
    said = {"way": way[:200], "on": found["on"].isoformat(), "until": found["until"].isoformat()}
    for name in ("left", "owed", "again"):
        if name in found:
            said[name] = {head: getattr(found[name], head) for head in HEADS} | {"total": found[name].total}
    last = Entry.objects.filter(case=agreement.case_id, action=TOLD, object=what).order_by("seq").last()
    if not (last and hasattr(last, "detail") and last.detail.payload == said):
        record.append(case=agreement.case, action=TOLD, object=what, actor=by, now=now, payload=said)
    return found
