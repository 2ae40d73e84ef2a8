"""Credit reports and bank statements: keyed on the phone from a photographed paper; for briefing, desk, scorecard."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from . import bodies, dossier, history, intake, packs, scores, steps
from .flags import language
from .intake import Incoming
from .models import Case, Paper, Photo, User, Visit
from .rules import papers

bodies.BODIES["paper.keyed/1"] = bodies.keys(
    kind=bodies.one_of(*papers.KINDS),
    on=bodies.day,
    figures=bodies.list_of(
        bodies.keys(item=bodies.like(r"[a-z][a-z-]{0,31}"), n=bodies.whole(0, 10**13)), 20, 1
    ),
    photo=bodies.maybe(bodies.sha256),
    text=bodies.text(500),
)
steps.ASKS["papers"] = papers.data()["paper"]


def _keyed(payload: dict) -> str:
    body = payload.get("body") or {}
    name = next((each["name"][language()] for each in papers.data()["paper"] if each["kind"] == body.get("kind")), "")
    return " · ".join(filter(None, [name, body.get("on")]))


history.words("paper.keyed/1", _("Figures keyed from a paper he showed"), text=_keyed)


@intake.handles("paper.keyed/1")
def keyed(event: Incoming, visit: Visit, case: Case) -> None:
    """A fact. What the form of the paper does not know, or what cannot be true together, is marked and not counted."""
    body = event.body
    figures = {each["item"]: each["n"] for each in body["figures"]}
    if papers.misfits(body["kind"], figures):
        event.marks.append("paper_misfits")
        return
    Paper.objects.create(
        case=case, visit=visit, event=event.row, by=event.author, at=event.at, kind=body["kind"],
        on=date.fromisoformat(body["on"]), figures=figures, photo=body["photo"] or "",
    )  # fmt: skip


def of(cases: Iterable[Case]) -> dict:
    """{case id: {"rows": [Paper, one of each kind], "lines": words, "reading": ratios}}, one query."""
    newest = defaultdict(dict)
    for row in Paper.objects.filter(case__in=cases).order_by("on", "at"):
        newest[row.case_id][row.kind] = row
    made = {}
    for pk, rows in newest.items():
        known = {kind: row.figures for kind, row in rows.items()}
        shown = [_shown(row) for row in rows.values()]
        made[pk] = {"rows": shown, "lines": papers.lines(known), "reading": papers.reading(known), "papers": rows}
    return made


def _shown(row: Paper) -> dict:
    kind = next(each for each in papers.data()["paper"] if each["kind"] == row.kind)
    figures = [
        {"name": each["name"], "unit": each["unit"], "n": row.figures[each["id"]]}
        for each in kind["items"] if each["id"] in row.figures
    ]  # fmt: skip
    return {"row": row, "name": kind["name"], "figures": figures}


@scores.also
def facts(cases: Iterable[Case], now: datetime) -> dict:
    """The scorecard's facts, each with its paper as the source."""
    found = {}
    for pk, known in of(cases).items():
        told, rows, facts = known["reading"], known["papers"], {}
        if "service_ppm" in told:
            facts["service_ppm"] = (told["service_ppm"], "bank-statement", rows["bank-statement"].on)
        if "overdue_accounts" in told:
            facts["overdue_accounts"] = (told["overdue_accounts"], "credit-report", rows["credit-report"].on)
        found[pk] = facts
    return found


def _for_pages(user: User, visits: list[Visit], now: datetime) -> dict:
    cases = {visit.case_id: visit.case for visit in visits}
    return {cases[pk].ref: known for pk, known in of(cases.values()).items()}


packs.provides("papers", _for_pages, phone=False)


@dossier.panels
def panel(case: Case, user: User, now: datetime) -> list[dict]:
    known = of([case]).get(case.pk)
    if known is None:
        return []
    names = [each["row"].photo for each in known["rows"] if each["row"].photo]
    pictures = {photo.sha256: photo for photo in Photo.objects.filter(visit__case=case, sha256__in=names)}
    for each in known["rows"]:
        each["picture"] = pictures.get(each["row"].photo)
    return [{"template": "fieldvisit/papers/_panel.html", "context": {"known": known, "desk": True}}]
