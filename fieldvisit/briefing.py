"""What a collector reads before he knocks, and the context of each page of a visit.

No queries here: `packs.scope` has loaded all.
"""

import json
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import packs, steps
from .models import HEADS, Decision, NextAction, NoteKind, Outcome, Visit

HEAD_WORDS = {
    "principal_fen": _("Principal"),
    "interest_fen": _("Interest"),
    "overdue_interest_fen": _("Overdue interest"),
    "penalty_fen": _("Liquidated damages"),
    "cost_fen": _("Costs"),
}
METHOD_WORDS = {
    "interest-free/1": _("Instalments without interest"),
    "equal-instalment/1": _("Equal instalments with interest"),
}
HOMES = {
    "RENT": _("Rented"),
    "OWN": _("Owned"),
    "MORTGAGE": _("Owned, with a mortgage"),
    "ANY": _("Not known"),
    "OTHER": _("Other"),
    "NONE": _("Not known"),
}
PAUSED = {"hold": _("The work on this case is paused"), "plan": _("He keeps his plan: no visit (CN-PLAN-02)")}
FROM, UNTIL = time(8), time(22)  # GB/T 45251-2025 (CN-TIME-01)
FREQUENCY_DAYS = 7  # product default (CN-VIS-06)
EARLIER = 5


def age(born: date | None, on: date) -> int | None:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) if born else None


def parts(debt) -> list[dict]:
    """The heads that are owed, with the place of each in a picture 1,000 wide: {name, fen, n, x, width}."""
    owed = [(head, getattr(debt, head)) for head in HEADS if getattr(debt, head)]
    total, x, made = sum(fen for _head, fen in owed), 0, []
    for n, (head, fen) in enumerate(owed, start=1):
        end = x + max(fen * 1000 // total, 8)
        made.append({"name": HEAD_WORDS[head], "fen": fen, "n": n, "x": x, "width": max(min(end, 1000) - x - 4, 4)})
        x = min(end, 996)
    return made


def offer(visit: Visit, seen: packs.Scope) -> dict | None:
    """What may be offered: {methods (words), least_fen, most_months, until, reduction_fen}; None without an offer."""
    found = (seen.data.get("offers") or {}).get(visit.case.ref)
    if not found:
        return None
    body = json.loads(found["body"]) if isinstance(found["body"], str) else found["body"]
    return {
        "methods": [METHOD_WORDS.get(code, code) for code in body["methods"]],
        "least_fen": body["least_fen"],
        "most_months": body["most_months"],
        "until": date.fromisoformat(body["valid_until"]),
        "reduction_fen": body.get("largest_reduction_fen", 0),
    }


def checks(visit: Visit, seen: packs.Scope) -> list[dict]:
    """Is everything there for this visit: [{state: ok | no | mind, text, rule}]. `no` counts as missing."""
    day, found = visit.planned_on, []

    def say(state, text, rule=""):
        found.append({"state": state, "text": text, "rule": rule})

    if paused := (seen.data.get("paused") or {}).get(visit.case.ref):
        say("no", PAUSED.get(paused, PAUSED["hold"]), _("Do not go and do not call; ask the office"))
    if visit.second:
        say("ok", format_lazy(_("Two go together: {name}"), name=visit.second.name))
    else:
        say("no", _("Nobody goes with you"), _("Two must go: China Banking Association guideline 2026, Art. 22"))
    if visit.planned_start and not FROM <= visit.planned_start <= UNTIL:
        say("no", _("Planned outside 08:00–22:00"), _("GB/T 45251-2025"))
    else:
        say("ok", _("Between 08:00 and 22:00"))
    if visit.mandate:
        say("ok", format_lazy(_("Mandate valid until {date}"), date=visit.mandate.valid_until.isoformat()))
    else:
        say("no", _("No mandate in force for this creditor"), _("Do not go before the office has one"))
    lately = [v for v in visit.before if 0 <= (day - timezone.localdate(v.ended_at)).days < FREQUENCY_DAYS]
    if lately:
        say(
            "mind",
            format_lazy(_("Visited {n} times in the last 7 days"), n=len(lately)),
            _("You may go; say why in your notes"),
        )
    else:
        say("ok", _("No other visit in the last 7 days"))
    if visit.address is None:
        say("no", _("No address on file"), _("Ask the office where to go"))
    return found


def earlier(visit: Visit) -> list[dict]:
    """Earlier visits of the case, newest first: {on, outcome, by, said, sentence}; `said` is his own words."""
    return [
        {
            "on": timezone.localdate(other.ended_at),
            "outcome": Outcome(other.outcome).label if other.outcome else "",
            "by": other.collector.name,
            "good": other.outcome == "agreement",
            "said": next((note.text for note in other.notes.all() if note.kind == NoteKind.STATEMENT), ""),
            "decision": next((Decision(d.decision).label for d in reversed(other.decisions.all())), ""),
        }
        for other in visit.before[:EARLIER]
    ]


def _common(visit: Visit, seen: packs.Scope) -> dict:
    returned = visit.latest if visit.latest and visit.latest.decision == Decision.RETURNED else None
    found = checks(visit, seen)
    return {"returned": returned, "checks": found, "missing": sum(check["state"] == "no" for check in found)}


def told(visit: Visit, seen: packs.Scope) -> dict | None:
    """What the household told last: {at, declined, left_fen, short_fen}; None before the first time."""
    found = (seen.data.get("statements") or {}).get(visit.case.ref)
    if not found:
        return None
    surplus = found["surplus_fen"]
    return {
        "at": datetime.fromisoformat(found["at"]),
        "declined": found["declined"],
        "left_fen": max(surplus, 0),
        "short_fen": max(-surplus, 0),
    }


def prepare(visit: Visit, seen: packs.Scope) -> dict:
    debt = getattr(visit.case, "debt", None)
    return _common(visit, seen) | {
        "debt": debt,
        "parts": parts(debt) if debt and debt.total_fen else [],
        "offer": offer(visit, seen),
        "told": told(visit, seen),
        "age": age(visit.debtor.birth_date, seen.on) if visit.debtor else None,
        "home": HOMES.get(visit.debtor.homeownership.upper(), visit.debtor.homeownership) if visit.debtor else "",
        "overdue": (seen.on - debt.due_since).days if debt and debt.due_since else None,
        "earlier": earlier(visit),
        "bring": steps.BRING,
        "others": [party for party in visit.case.parties.all() if party is not visit.debtor],
    }


def arrive(visit: Visit, seen: packs.Scope) -> dict:
    return _common(visit, seen) | {"present": steps.PRESENT, "entries": steps.ENTRIES}


def talk(visit: Visit, seen: packs.Scope) -> dict:
    shown = {"photo_kinds": steps.PHOTO_KINDS, "note_words": steps.NOTES, "people": _people(visit)}
    return _common(visit, seen) | shown


def leave(visit: Visit, seen: packs.Scope) -> dict:
    return _common(visit, seen) | {
        "outcomes": [choice for choice in Outcome.choices if choice[0] != Outcome.STOPPED],
        "actions": NextAction.choices,
        "earliest": seen.on + timedelta(days=1),
        "people": _people(visit),
    }


def _people(visit: Visit) -> list:
    """The debtor first."""
    return sorted(visit.case.parties.all(), key=lambda party: (party is not visit.debtor, party.pk))


packs.page("prepare", "fieldvisit/visits/prepare.html", prepare)
packs.page("arrive", "fieldvisit/visits/arrive.html", arrive)
packs.page("talk", "fieldvisit/visits/talk.html", talk)
packs.page("leave", "fieldvisit/visits/leave.html", leave)
