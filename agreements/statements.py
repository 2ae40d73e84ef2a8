"""Statements of income and spending (收支表): taken at the door, kept one after another, read by gate and desk."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fieldvisit import bodies, dossier, intake, review
from fieldvisit.models import Case, Event, Photo, User, Visit

from . import shapes
from .models import Statement
from .rules import affordability

bodies.BODIES["statement.taken/1"] = shapes.STATEMENT


@intake.handles("statement.taken/1")
def take(event: intake.Incoming, visit: Visit, case: Case) -> None:
    """A fact: the newest governs, nothing of the older ones is lost."""
    said = event.body
    Statement.objects.create(
        case=case, visit=visit, event=event.row, taken_at=event.at, declined=said["declined"], figures=said["figures"],
        dependants=said["dependants"],
    )  # fmt: skip


def before(proposal: Event) -> Statement | None:
    """The one that governed when these terms were proposed: the last of that visit before them."""
    told = Statement.objects.filter(visit=proposal.visit_id, event__seq__lt=proposal.seq)
    return told.order_by("event__seq", "pk").last()


def latest(cases: Iterable) -> dict:
    """{case id: the newest Statement} in one query."""
    return {row.case_id: row for row in Statement.objects.filter(case__in=cases).order_by("taken_at", "pk")}


def told(statement: Statement, *, on: date, language: str) -> dict:
    """For people of this case: {"statement", "at", "home" (affordability.assess), "lines" [{"code","text"}]}."""
    policy = affordability.policy(on)
    home = affordability.assess(statement.said, policy)
    lines = affordability.meanings(home, policy, language, affordability.data())
    return {"statement": statement, "at": statement.taken_at, "home": home, "lines": lines}


# --- what people read of it

ITEMS = {
    "wage": _("Wages, after tax"), "business": _("Own business"), "benefit": _("Pension, allowances"),
    "family": _("From family"), "other_income": _("Other income"), "gross": _("Income before tax, if known"),
    "food": _("Food"), "transport": _("Transport"), "phone": _("Telephone, internet"), "daily": _("Household, clothes"),
    "care": _("Children, elders"), "other_living": _("Other living costs"),
    "rent": _("Rent or mortgage"), "utilities": _("Water, power, gas, heating"), "medical": _("Medical"),
    "school": _("School"), "tax": _("Taxes, social insurance"), "maintenance": _("Maintenance owed"),
    "card_debt": _("Credit cards"), "loan_debt": _("Loans"), "private_debt": _("Owed to people"),
    "cash": _("Savings and cash"), "property": _("House, land"), "vehicle": _("Vehicle"),
    "other_asset": _("Other things of value"), "owed": _("All other debts, in sum"),
}  # fmt: skip
DEPENDANTS = [("children", _("Children")), ("elders", _("Elders")), ("others", _("Others"))]
SOURCES = {"said": _("He said"), "seen": _("We saw"), "document": _("A paper, photographed")}
# name, title, what its head says, its items, open at first
GROUPS = [
    ("income", _("Income"), _("each month"), [*affordability.ITEMS["income"], "gross"], True),
    ("living", _("Living costs"), _("each month"), affordability.ITEMS["living"], True),
    ("priority", _("Bills that come first"), _("each month"), affordability.ITEMS["priority"], True),
    ("debt", _("Other debts"), _("paid each month"), affordability.ITEMS["debt"], True),
    ("liquid", _("Savings"), "", affordability.ITEMS["liquid"], True),
    ("asset", _("What he owns and owes"), "", [*affordability.ITEMS["asset"], "owed"], False),
]


def for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """{case ref: {"at", "declined", "figures": {item: fen}, "surplus_fen"}}: the newest of each case in the pack."""
    cases = {visit.case_id: visit.case for visit in visits}
    return {
        cases[case_id].ref: {
            "at": row.taken_at.isoformat(),
            "declined": row.declined,
            "figures": {figure["item"]: figure["fen"] for figure in row.figures},
            "surplus_fen": affordability.assess(row.said, affordability.policy(timezone.localdate(now)))["surplus_fen"],
        }
        for case_id, row in latest(cases).items()
    }


def rules_for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """affordability.toml with the policy in force today."""
    return affordability.data() | {"policy": affordability.policy(timezone.localdate(now))}


def page(visit: Visit, seen) -> dict:
    """The form: groups of items, with what was told last in grey."""
    known = (seen.data.get("statements") or {}).get(visit.case.ref)
    figures = known["figures"] if known else {}
    return {
        "last": {"at": datetime.fromisoformat(known["at"])} if known and not known["declined"] else None,
        "papers": (seen.data.get("papers") or {}).get(visit.case.ref),
        "dependants": DEPENDANTS,
        "groups": [
            {"name": name, "title": title, "hint": hint, "open": open_,
             "items": [{"code": code, "label": ITEMS[code], "last": figures.get(code)} for code in codes]}
            for name, title, hint, codes, open_ in GROUPS
        ],
    }  # fmt: skip


@review.panels
def panels(visit: Visit) -> list[dict]:
    """For the review: the statement of this visit that governs, figure by figure, and those before it."""
    return _panel(Statement.objects.filter(visit=visit).order_by("event__seq", "pk"))


@dossier.panels
def of_case(case: Case, user: User, now: datetime) -> list[dict]:
    """For the page of a case: the newest of all its visits, and when it was told before."""
    return _panel(Statement.objects.filter(case=case).order_by("taken_at", "pk"))


def _panel(told_in_order) -> list[dict]:
    rows = list(told_in_order)
    if not rows:
        return []
    row = rows[-1]
    found = told(row, on=timezone.localdate(row.taken_at), language="zh-hans" if _chinese() else "en")
    pictures = {photo.sha256: photo for photo in Photo.objects.filter(visit=row.visit_id)}
    groups = [
        {"title": title, "sum": _sum(found["home"], name),
         "figures": [_figure(figure, pictures) for figure in row.figures if figure["item"] in codes]}
        for name, title, _hint, codes, _open in GROUPS
    ]  # fmt: skip
    context = found | {"groups": [group for group in groups if group["figures"]], "earlier": rows[:-1],
                       "people": [(label, row.dependants[who]) for who, label in DEPENDANTS if row.dependants[who]]}
    return [{"template": "agreements/statements/_panel.html", "context": context}]


def _sum(home: dict, name: str) -> int | None:
    return home[f"{name}_fen"] if name != "asset" else None


def _figure(figure: dict, pictures: dict) -> dict:
    picture = pictures.get(figure["photo"])
    return {"label": ITEMS[figure["item"]], "fen": figure["fen"], "source": SOURCES[figure["source"]],
            "picture": picture, "lost": figure["photo"] is not None and picture is None}  # fmt: skip


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
