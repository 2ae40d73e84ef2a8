"""What the reviewer sees of a visit's agreement: its seal verified on the spot, the four clocks, or why it is held."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fieldvisit import access, problems, wire
from fieldvisit.held_list import Elsewhere
from fieldvisit.models import Party, Photo, User, Visit
from fieldvisit.review import Flag

from . import decisions, pades, pdf, printed, shapes, timestamps
from .models import Agreement, State
from .rules import affordability, document, schedule, signers

ROLES = {
    "debtor": gettext_lazy("Debtor"), "co-debtor": gettext_lazy("Co-debtor"), "guarantor": gettext_lazy("Guarantor"),
    "spouse": gettext_lazy("Spouse"), "interpreter": gettext_lazy("Interpreter"),
    "collector": gettext_lazy("Collector"),
}  # fmt: skip


def flags(visit: Visit) -> list[Flag]:
    """One for each agreement that is held, with every reason. Queries nothing: `agreements` is prefetched."""
    found = []
    for agreement in visit.agreements.all():
        if agreement.state == State.HELD:
            for code in agreement.codes:
                said = problems.PROBLEMS[code].sentence.format(**agreement.params)
                found.append(Flag(code, "block", said, _("Checks before sealing")))
    return found


def held(user: User) -> list[Elsewhere]:
    """Every held agreement of the cases this user may reach, also of visits that nobody reviews any more."""
    debtors = Prefetch("case__parties", Party.objects.filter(role="debtor"), to_attr="debtors")
    found = access.through_case(Agreement.objects.filter(state=State.HELD), user).select_related("case")
    return [
        Elsewhere(
            title=" · ".join([*(party.name for party in row.case.debtors), row.case.contract_number, row.number or ""]),
            text=" ".join(str(problems.PROBLEMS[code].sentence).format(**row.params) for code in row.codes),
            url=reverse("review", args=[row.visit_id]),
            since=row.state_at,
        )
        for row in found.prefetch_related(debtors).order_by("state_at")[:200]
    ]


@dataclass(frozen=True)
class Clocks:
    device: datetime
    corrected: datetime
    received: datetime
    authority: datetime | None


def panels(visit: Visit) -> list[dict]:
    """A panel for each agreement that was signed or refused; proposals nobody signed are left to the timeline."""
    shown = (
        Agreement.objects.filter(visit=visit)
        .exclude(state=State.DROPPED)
        .select_related("sealed", "event", "case__creditor", "offer", "rejection__by", "approval__by")
        .prefetch_related("signatures__event")
        .order_by("proposed_at")
    )
    return [{"template": "agreements/agreements/_panel.html", "context": _panel(agreement)} for agreement in shown]


def _panel(agreement: Agreement) -> dict:
    doc = wire.parse(bytes(agreement.body))
    sealed = getattr(agreement, "sealed", None)
    signatures = list(agreement.signatures.all())
    signature = next((each for each in signatures if each.role == "debtor"), next(iter(signatures), None))
    verdict = None
    if sealed:
        edition = timestamps.newest(sealed)  # asked once: the archive may put a newer one beside it at this moment
        paper = timestamps.content(edition)
        verdict = timestamps.verify(paper)
        if verdict.ok and wire.sha256(paper) != edition.pdf_sha256:
            verdict = pades.Verdict(ok=False, reason="altered")
    event = signature.event if signature else agreement.event
    return {
        "agreement": agreement,
        "doc": doc,
        "sums": _sums(doc),
        "verdict": verdict,
        "sealed": sealed,
        "rejection": getattr(agreement, "rejection", None),
        "stamp": pdf.seal_lines(agreement.case.creditor.short_name),
        "check_code": document.check_code(agreement.terms_sha256),
        "reasons": [problems.sentence(code, **agreement.params) for code in agreement.codes],
        "clocks": Clocks(
            event.captured_at, event.corrected_at, event.received_at, sealed.timestamp_at if sealed else None
        ),
        "before": _last_contact(event),
        "approval": getattr(agreement, "approval", None),
        "approvable": decisions.approvable(agreement),
        "gate": _gate(doc),
        "few_strokes": any(_few(each) for each in signatures),
        "signers": _signers(doc, signatures),
        "paper": _paper(agreement, signatures),
    }


def _paper(agreement: Agreement, signatures: list) -> dict | None:
    """{"photos", "pages", "sha256", "ask", "seen"} where it was signed on paper: what there is to compare."""
    named = []
    for each in signatures:
        body = wire.parse(bytes(each.body))
        if signers.on_paper(body) and isinstance(body.get("photos"), list):
            named += [one for one in body["photos"] if one not in named]
    if not named:
        return None
    rows = {row.sha256: row for row in Photo.objects.filter(visit=agreement.visit_id, sha256__in=named)}
    return {
        "photos": [rows[one] for one in named if one in rows], "pages": printed.pages(agreement),
        "sha256": agreement.terms_sha256, "ask": decisions.UNSEEN in agreement.codes and agreement.state == State.HELD,
        "seen": getattr(agreement, "paper_check", None),
    }  # fmt: skip


def _signers(doc: dict, signatures: list) -> list[dict]:
    """[{"role" (words), "name", "at": when he signed or None}] where more than the debtor must sign; else nothing."""
    try:
        people, required = signers.of(doc["parties"]), doc["required_signers"]
        names = {(each["role"], each["party"]): each["name"] for each in people}
        signed = {(each.role, each.party): each.signed_at for each in signatures}
        debtor = doc["parties"]["debtor"]
        names["debtor", debtor["party"]] = debtor["name"]
        found = [(each["role"], each["party"]) for each in required] if people else []
        return [
            {"role": ROLES.get(role, role), "name": names.get((role, party), ""), "at": signed.get((role, party))}
            for role, party in found
        ]
    except (KeyError, TypeError, AttributeError):
        return []


def _sums(doc: dict) -> dict | None:
    """The plan in four figures; None where what the phone sent is no plan."""
    try:
        return schedule.summary(doc["terms"], doc["schedule"])
    except (KeyError, TypeError, IndexError, ValueError):
        return None


def _gate(doc: dict) -> dict | None:
    """What the household was found to carry, and the plans that lay side by side; None where nothing was told."""
    try:
        said, rules = doc["affordability"], affordability.data()
        limits = next(one for one in rules["policy"] if one["version"] == said["policy"]["version"])
        language = "zh-hans" if (get_language() or "").startswith("zh") else "en"
        lines = affordability.plan_meanings(
            said["household"], said["gate"], limits, said["instalment_fen"], language, rules
        )
        shown = [plan["summary"] | {"chosen": n == said["chosen"]} for n, plan in enumerate(said["shown"])]
        return {"lines": lines, "shown": shown, "beyond": bool(said["beyond_offer"])}
    except (KeyError, TypeError, ValueError, StopIteration, AttributeError):
        return None


def _few(signature) -> bool:
    try:
        body = wire.parse(bytes(signature.body))
        return not signers.on_paper(body) and shapes.few_strokes(body["strokes"])
    except (KeyError, TypeError, IndexError):
        return True


def _last_contact(event) -> datetime:
    """When the phone had last compared its clock with ours, before this event: the earliest it can have happened."""
    age = wire.parse(bytes(event.bytes))["clock"]["offset_age_s"]
    return event.corrected_at - timedelta(seconds=age or 0)
