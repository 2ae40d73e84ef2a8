"""The risk scorecard of a case: what is known from files, visits, promises and papers, weighed by rules/scorecard.

    also(fn): fn(cases, now) -> {case id: {fact: (n, source, date)}}, for who knows more; no query more for more cases
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import bodies, dossier, history, intake, packs, promises, steps
from .flags import language
from .intake import Incoming
from .models import Answer, Case, Contact, Outcome, Party, PartyRole, ScoreTick, User, Visit
from .rules import playbook, scorecard

WINDOW = timedelta(days=180)  # of contacts; a product default, as the words of the criterion say
SPOKEN = (Outcome.AGREEMENT, Outcome.NO_AGREEMENT, Outcome.REFUSED, Outcome.STOPPED)
TALKED = (Answer.REACHED, Answer.REFUSED)
HOMES = {"OWN": 1, "MORTGAGE": 1, "RENT": 0}
DIMENSIONS = {
    "ability": _("Ability to pay"),
    "willingness": _("Willingness"),
    "stability": _("Stability"),
    "collateral": _("Security"),
    "history": _("History"),
    "vulnerability": _("Care due"),
}
LEVELS = {
    "strong": _("good"),
    "fair": _("middling"),
    "weak": _("weak"),
    "unknown": _("not known"),
    "care": _("special care"),
    "none": _("no sign of it"),
}
SOURCES = {
    "file": _("the creditor's file"),
    "statement": _("income and spending, as told"),
    "contacts": _("visits and contacts"),
    "promises": _("promises and payments"),
    "payments": _("the creditor's payments"),
    "credit-report": _("credit report, photographed"),
    "bank-statement": _("bank statement, photographed"),
    "collector": _("ticked by the collector"),
}

_others: list[Callable] = []

bodies.BODIES["score.ticked/1"] = bodies.keys(
    ticks=bodies.list_of(bodies.like(r"[a-z][a-z-]{1,31}"), 30, 1), text=bodies.text(500)
)
bodies.BESIDE_VISITS.add("score.ticked/1")
steps.ASKS["ticks"] = scorecard.data()["policy"][-1]["observed"]


def _ticked(payload: dict) -> str:
    body = payload.get("body") or {}
    words = {each["id"]: each["text"][language()] for each in steps.ASKS["ticks"]}
    said = [words[each] for each in body.get("ticks", []) if each in words]
    return " · ".join(filter(None, [*said, body.get("text")]))


history.words("score.ticked/1", _("What he heard and saw, ticked"), text=_ticked)


def also(fn: Callable) -> Callable:
    _others.append(fn)
    return fn


@intake.handles("score.ticked/1")
def ticked(event: Incoming, visit: Visit | None, case: Case) -> None:
    """A fact. An id that no policy knows counts for nothing and stays in the event."""
    ScoreTick.objects.create(
        case=case, visit=visit, event=event.row, by=event.author, at=event.at, ticks=event.body["ticks"],
        text=event.body["text"],
    )  # fmt: skip


def of(cases: Iterable[Case], now: datetime) -> dict:
    """{case id: {"version", "on", "facts", "dimensions": scorecard.score, "strategies": playbook.suited}}.

    Needs `debt` loaded; the number of queries does not grow.
    """
    cases, on = list(cases), timezone.localdate(now)
    policy, known, seen = scorecard.policy(on), facts(cases, now), defaultdict(dict)
    since = now - timedelta(days=policy["observed_days"])
    for row in ScoreTick.objects.filter(case__in=cases, at__gte=since).order_by("at"):
        # what was ticked last stands for that day: the newest list of a case replaces the older ones
        seen[row.case_id] = {each: timezone.localdate(row.at).isoformat() for each in row.ticks}
    made = {}
    for case in cases:
        ticked = [{"id": name, "on": day} for name, day in seen[case.pk].items()]
        dimensions = [
            each | {"title": DIMENSIONS[each["name"]], "word": LEVELS[each["level"]]}
            for each in scorecard.score(known[case.pk], ticked, policy)
        ]
        made[case.pk] = {
            "version": policy["version"], "on": on, "facts": known[case.pk], "dimensions": dimensions,
            "strategies": playbook.suited(dimensions, known[case.pk]),
        }  # fmt: skip
    return made


def facts(cases: list[Case], now: datetime) -> dict:
    """{case id: {fact: {"n", "source", "on"}}} as rules/scorecard reads it. Nothing of who somebody is gets in."""
    on, found = timezone.localdate(now), {}
    parties = defaultdict(list)
    for party in Party.objects.filter(case__in=cases):
        parties[party.case_id].append(party)
    for case in cases:
        found[case.pk] = _of_file(case, parties[case.pk], on)
    for pk, (met, tried, last) in _reached(cases, now).items():
        found[pk]["reached_ppm"] = (met * 1_000_000 // tried, "contacts", last)
    for pk, rows in promises.of([case.pk for case in cases], now).items():
        kept = [row.kept.state for row in rows if row.kept and row.kept.state in ("kept", "broken")]
        if kept:
            found[pk]["kept_ppm"] = (kept.count("kept") * 1_000_000 // len(kept), "promises", on)
            found[pk]["broken"] = (kept.count("broken"), "promises", on)
    for fn in _others:
        for pk, more in fn(cases, now).items():
            found[pk] |= more
    return {
        pk: {name: {"n": n, "source": source, "on": day.isoformat()} for name, (n, source, day) in known.items()}
        for pk, known in found.items()
    }


def _of_file(case: Case, parties: list[Party], on: date) -> dict:
    debt = getattr(case, "debt", None)
    debtor = next((party for party in parties if party.role == PartyRole.DEBTOR), None)
    day = debt.as_of if debt else timezone.localdate(case.opened_at)
    known = {"others_liable": (sum(party is not debtor for party in parties), "file", day)}
    if debtor:
        known["employer"] = (int(bool(debtor.employer)), "file", day)
        if (home := debtor.homeownership.upper()) in HOMES:
            known["home_owned"] = (HOMES[home], "file", day)
        if debt and debtor.annual_income_fen:
            known["owed_of_income_ppm"] = (debt.total_fen * 1_000_000 // debtor.annual_income_fen, "file", day)
    if debt and debt.due_since and debt.due_since <= on:
        known["overdue_days"] = ((on - debt.due_since).days, "file", day)
    if debt and debt.original_fen and debt.paid_fen is not None:
        known["paid_ppm"] = (debt.paid_fen * 1_000_000 // debt.original_fen, "file", day)
    return known


def _reached(cases: list[Case], now: datetime) -> dict:
    """{case id: (times he was met or talked with, times tried, the last day)} of the window."""
    tries = defaultdict(list)
    visits = Visit.objects.filter(case__in=cases, started_at__range=(now - WINDOW, now)).exclude(outcome="")
    for pk, at, outcome in visits.values_list("case", "started_at", "outcome"):
        tries[pk].append((timezone.localdate(at), outcome in SPOKEN))
    contacts = Contact.objects.filter(case__in=cases, at__range=(now - WINDOW, now))
    for pk, at, outcome in contacts.values_list("case", "at", "outcome"):
        tries[pk].append((timezone.localdate(at), outcome in TALKED))
    return {pk: (sum(met for _, met in rows), len(rows), max(day for day, _ in rows)) for pk, rows in tries.items()}


def _for_pages(user: User, visits: list[Visit], now: datetime) -> dict:
    """{case_ref: of()}: for the pages, which are rendered here; the phone needs no second copy."""
    cases = {visit.case_id: visit.case for visit in visits}
    return {cases[pk].ref: found for pk, found in of(cases.values(), now).items()}


packs.provides("scores", _for_pages, phone=False)


@dossier.panels
def panel(case: Case, user: User, now: datetime) -> list[dict]:
    return [{"template": "fieldvisit/scores/_panel.html", "context": {"case": case, "score": of([case], now)[case.pk]}}]
