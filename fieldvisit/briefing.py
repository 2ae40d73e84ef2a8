"""What a collector reads before he knocks, and the context of each page of a visit.

No queries here: `packs.scope` has loaded all.
"""

import json
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from . import callers, history, packs, steps
from .flags import language
from .models import HEADS, Decision, NextAction, NoteKind, Outcome, PutOffReason, Visit
from .rules import conduct, door

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
    "equal-principal/1": _("Equal principal with interest, less each month"),
    "graduated/1": _("Less at first, more later"),
    "balloon/1": _("Less each month, a larger last payment"),
    "settlement/1": _("Part is let off, the rest in a few payments"),
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
EARLIER = 5
AGES = (30, 60, 90, 180, 365, 730)

# the words of a pack in the language of the page that is rendered
in_words = lazy(lambda texts, params: texts[language()].format(**params), str)


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


def ageing(days: int) -> str:
    """How the trade sorts debts by age: "181–365"; the bounds are customary, no rule."""
    low = max((bound for bound in AGES if days > bound), default=0)
    high = next((bound for bound in AGES if days <= bound), None)
    return f"{low + 1 if low else 0}–{high}" if high else f"> {low}"


def offer(visit: Visit, seen: packs.Scope) -> dict | None:
    """What may be offered: {methods (words), least_fen, most_months, until, reduction_fen}; None without an offer."""
    found = (seen.data.get("offers") or {}).get(visit.case.ref)
    if not found or "body" not in found:
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
    """Is all in order for this visit, by the rules: [{state: ok | no | mind, text, rule}]. `no` counts as missing."""
    known = seen.data["conduct"]
    pack, found = (known["packs"].get(visit.case.jurisdiction) or known)["pack"], []
    if code := (seen.data.get("paused") or {}).get(visit.case.ref):
        # why is no business of a phone
        stay = _("Do not go and do not call; ask the office")
        found.append({"state": "no", "text": PAUSED.get(code, PAUSED["hold"]), "rule": stay})
    for verdict in conduct.weigh(_planned(visit, known["cases"][visit.case.ref]), pack):
        rule = pack["rules"][verdict.rule]
        state = {"ok": "ok", "warn": "mind"}.get(verdict.effect, "no")
        key = "title" if state == "ok" else f"say-{verdict.kind}" if verdict.kind else "say"
        own = _own(verdict.rule, rule, visit, kept=state == "ok")
        cited = "" if state == "ok" else in_words(rule["citation"], {})
        found.append({"state": state, "text": own or in_words(rule[key], verdict.params), "rule": cited})
    if visit.debtor and door.advises(age(visit.debtor.birth_date, seen.on)):
        words = _("He is of a certain age: take more time; somebody he trusts may be there")
        found.append({"state": "mind", "text": words, "rule": _("Advice only; age alone is no reason to stop")})
    if visit.address is None:
        found.append({"state": "no", "text": _("No address on file"), "rule": _("Ask the office where to go")})
    return found


def _planned(visit, situation):
    """The visit as it is planned; without an hour, at ten."""
    start, end = visit.planned_start or time(10), visit.planned_end or visit.planned_start or time(10)
    return situation | {
        "act": "visit",
        "local": f"{visit.planned_on}T{start:%H:%M:%S}",
        "until": f"{visit.planned_on}T{end:%H:%M:%S}",
        "channel": "visit",
        "contacts": [contact for contact in situation["contacts"] if contact.get("visit") != str(visit.pk)],
        "same": situation["same"] | {"address": str(visit.address_id)},
        "facts": situation["facts"] | {"collectors": 2 if visit.second else 1},
    }


def _own(name, rule, visit, *, kept):
    """Where a collector wants a name or a figure rather than the pack's general words."""
    if name == "CN-VIS-01":
        return format_lazy(_("Two go together: {name}"), name=visit.second.name) if kept else _("Nobody goes with you")
    if name == "CN-AGCY-01" and kept and visit.mandate:
        return format_lazy(_("Mandate valid until {date}"), date=visit.mandate.valid_until.isoformat())
    if name == "CN-TIME-01" and kept:
        return format_lazy(_("Between {start} and {end}"), start=rule["from"], end=rule["until"])
    return None


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
    about = history.part(returned.marked) if returned else ""
    return {"returned": returned, "returned_about": about, "checks": found,
            "missing": sum(check["state"] == "no" for check in found)}  # fmt: skip


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


def promised(visit: Visit, seen: packs.Scope) -> list[dict]:
    """What he promised and what came of it: [{on, fen, state, paid_fen}], the latest day first."""
    found = (seen.data.get("promises") or {}).get(visit.case.ref, [])
    return [one | {"on": date.fromisoformat(one["on"])} for one in found[:EARLIER]]


def lessons(visit: Visit, seen: packs.Scope) -> list:
    """Of the strategy that is suggested."""
    score = (seen.data.get("scores") or {}).get(visit.case.ref)
    return (seen.data.get("lessons") or {}).get(score["strategies"][0]["id"], [])[:3] if score else []


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
        "promised": promised(visit, seen),
        "agreed": (seen.data.get("agreed") or {}).get(visit.case.ref, []),
        "ageing": ageing((seen.on - debt.due_since).days) if debt and debt.due_since else "",
        "score": (seen.data.get("scores") or {}).get(visit.case.ref),
        "training": seen.data.get("training"),
        "lessons": lessons(visit, seen),
        "securities": (seen.data.get("securities") or {}).get(visit.case.ref),
        "papers": (seen.data.get("papers") or {}).get(visit.case.ref),
        "bring": steps.BRING,
        "put_off": PutOffReason.choices,
        "others": [party for party in visit.case.parties.all() if party is not visit.debtor],
    }


def arrive(visit: Visit, seen: packs.Scope) -> dict:
    return _common(visit, seen) | {"present": steps.PRESENT, "entries": steps.ENTRIES, "caller": callers.card(visit)}


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
