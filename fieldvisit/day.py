"""The day of a collector: his visits as a line, with the way between doors, and his cases."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import access, briefing, day_plan, history, packs, steps
from .cases import metres
from .fragments import Fragment
from .models import Case, Decision, Event, User, Visit
from .rules.path import path

WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def weekday(day: date) -> str | Promise:
    return WEEKDAYS[day.weekday()]


def rows(visits: list[Visit], seen: packs.Scope) -> list[dict]:
    """Visits of one day as rows: {visit, way (m from the door before), owed_fen, missing, sentence, state}."""
    made, before = [], None
    for visit in visits:
        debt = getattr(visit.case, "debt", None)
        made.append(
            {
                "visit": visit,
                "debtor": visit.debtor,
                "address": visit.address,
                "way": metres(before, visit.address),
                "owed_fen": debt.total_fen if debt else None,
                "missing": [] if visit.started_at else [c for c in briefing.checks(visit, seen) if c["state"] == "no"],
                "sentence": visit.latest.sentence
                if visit.latest and visit.latest.decision == Decision.RETURNED
                else "",
                "state": state(visit),
                "step": step(visit),
            }
        )
        before = visit.address or before
    return made


def step(visit: Visit) -> str:
    """Where a tap leads: to what is open; of a visit sent back, to where he can add what was missing."""
    if visit.latest and visit.latest.decision == Decision.RETURNED:
        return "talk"
    opened = path(visit.known)["open"]
    return "leave" if opened == "done" else opened


def state(visit: Visit) -> str:
    """What the server knows; the phone paints over it what it holds itself."""
    if visit.latest:
        return "needs" if visit.latest.decision == Decision.RETURNED else "approved"
    if visit.put_off_at:
        return "put_off"
    if visit.ended_at:
        return "sent" if visit.complete_at else "sending"
    return "started" if visit.started_at else ""


def today(seen: packs.Scope) -> dict:
    on = seen.on
    on_day = {day: [v for v in seen.visits if v.planned_on == day] for day in (on, on + timedelta(days=1))}
    earlier = [v for v in seen.visits if v.planned_on < on]
    now_rows = rows(on_day[on], seen)
    following = next((row for row in now_rows if not row["visit"].started_at and row["state"] != "put_off"), None)
    under_way = next((row for row in now_rows if row["visit"].started_at and not row["visit"].ended_at), None)
    return {
        "on": on,
        "weekday": weekday(on),
        "rows": now_rows,
        "next": under_way or following,
        "under_way": under_way,
        "way": sum(row["way"] or 0 for row in now_rows),
        "earlier": rows(earlier, seen),
        "tomorrow_on": on + timedelta(days=1),
        "tomorrow": rows(on_day[on + timedelta(days=1)], seen),
        "user": seen.user,
        "ordered": _ordered(seen.user, on, [str(visit.pk) for visit in on_day[on]]),
        "accompanied": len(seen.data["accompanied"]),
    }


def _ordered(user: User, on: date, shown: list[str]) -> list[str]:
    """His own changes of order that are in what is shown: the phone need not paint them again.

    None where an order has come between reading the visits and now: the phone paints its own over the old one then.
    """
    newest = day_plan.latest(user, on)
    if newest and [pk for pk in newest.order if pk in shown] != [pk for pk in shown if pk in newest.order]:
        return []
    come = Event.objects.filter(device__user=user, type="plan.ordered/1", received_at__date__gte=on)
    return [str(pk) for pk in come.values_list("pk", flat=True)]


def cases(seen: packs.Scope) -> dict:
    """The cases that are on the phone: those with a visit in the pack, each once; and how many others are his."""
    visits = {}
    for visit in seen.visits:
        visits.setdefault(visit.case_id, visit)
    others = access.cases(seen.user).filter(closed_at=None).exclude(pk__in=visits).count()
    return {"rows": rows(list(visits.values()), seen), "others": others}


def case(case: Case, lines: list[dict], on: date, visit: Visit | None = None) -> dict:
    """One case with its history; `visit` is the one it is shown for, if any. Calls may be written down beside it."""
    people = list(case.parties.all())
    assignments = [each for each in case.assignments.all() if each.until_at is None]
    debtor = next((party for party in people if party.role == "debtor"), None)
    return {
        "case": case,
        "debtor": debtor,
        "others": [p for p in people if p is not debtor],
        "lines": lines,
        "debt": getattr(case, "debt", None),
        "visit": visit,
        "on": on,
        "asks": steps.ASKS,
        "words": steps.ASK_WORDS,
        "people": sorted(people, key=lambda party: (party is not debtor, party.pk)),
        "assignment": next(iter(assignments), None),
    }


@packs.pages
def pages(seen: packs.Scope) -> list[Fragment]:
    of_cases = {v.case_id: v for v in reversed(seen.visits)}
    lines = history.of_cases(list(of_cases), seen.now)
    return [
        today_fragment(seen),
        cases_fragment(seen),
        *(case_fragment(visit.case, lines[visit.case_id], seen.on, visit) for visit in of_cases.values()),
    ]


def today_fragment(seen: packs.Scope) -> Fragment:
    return Fragment("/m/today", "fieldvisit/today/today.html", today(seen))


def cases_fragment(seen: packs.Scope) -> Fragment:
    return Fragment("/m/cases", "fieldvisit/cases/cases.html", cases(seen))


def case_fragment(of: Case, lines: list[dict], on: date, visit: Visit | None) -> Fragment:
    return Fragment(f"/m/cases/{of.ref}", "fieldvisit/cases/case.html", case(of, lines, on, visit))
