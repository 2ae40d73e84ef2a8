"""Registered with fieldvisit when the app is ready: it knows nothing of agreements, they add themselves."""

import json
from functools import lru_cache

import segno
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from fieldvisit import alarms, conduct, held_list, history, packs, pauses, review
from fieldvisit import problems as fieldvisit_problems
from fieldvisit.models import Case, User, Visit

from . import (  # noqa: F401  they register: copies messages, dossier panels, promises their judge, payments their kind of file
    checkpoints,
    clause_sets,
    concerns,
    confirmations,
    copies,
    dossier,
    letter_paper,
    limitation,
    payment_files,
    problems,
    promises,
    proposals,
    scores,
    signing,
    statements,
    timestamps,
)
from . import review as agreement_review
from .models import Agreement, ConfirmationWay, State
from .rules import law
from .rules.money import yuan


def _offers(user: User, visits: list[Visit], now) -> dict:
    """{case_ref: {"body": offer/1, "sig", "token", "copy": picture of the debtor's link}} of the pack's cases.

    {case_ref: {"none": code, "params"}} where there is no offer: why, as problems.py words it.
    """
    cases = {visit.case_id: visit.case for visit in visits}
    # nothing is offered where nobody may go
    paused = pauses.of(cases, now)
    found, refused = proposals.offered([case for pk, case in cases.items() if pk not in paused], now=now)
    none = {cases[pk].ref: {"none": why.code, "params": why.params} for pk, why in refused.items()}
    return none | {
        cases[case_id].ref: {
            "body": bytes(offer.body).decode(), "sig": offer.sig, "token": proposals.copy_token(offer),
            "copy": _square(proposals.copy_url(offer)),
        }
        for case_id, offer in found.items()
    }  # fmt: skip


@lru_cache(maxsize=1024)
def _square(address: str) -> str:
    """6 ms each, and a pack with the same links is built many times a day."""
    return segno.make(address, error="m").svg_data_uri(scale=6, border=3)


def _clauses(user: User, visits: list[Visit], now) -> dict:
    today = timezone.localdate(now)
    return {name: clause_sets.in_force(name, today) for name in ("cn-repayment", "cn-rights")}


def _nothing(visit: Visit, seen: packs.Scope) -> dict:
    return {}


def _agree(visit: Visit, seen: packs.Scope) -> dict:
    """{"why": [what happened, what to do]} where the server knows why there is no offer."""
    said, second = seen.data["offers"].get(visit.case.ref, {}), visit.second
    # for those who sign beside the debtor: the second collector, and how long a guarantee lasts where nobody says
    people = {"second": {"party": second.username, "name": str(second)} if second else None,
              "months": law.load()["guarantee"]["default_months"]}  # fmt: skip
    shown = {"why": None, "people_json": json.dumps(people, ensure_ascii=False)}
    if "none" not in said:
        return shown
    problem = fieldvisit_problems.PROBLEMS[said["none"]]
    return shown | {"why": [format_lazy(problem.sentence, **said["params"]), problem.do]}


def _limits(case_ids, now) -> dict:
    """The facts of CN-LIM-01 and CN-LIM-02: the alarm, and whether it is or may be over and nobody has released it."""
    cases = Case.objects.filter(pk__in=case_ids).select_related("debt")
    let = limitation.released(cases)
    return {
        pk: {"limitation_open": found.status in limitation.OPEN and pk not in let}
        | ({"limitation_on": found.alarm.isoformat()} if found.alarm else {})
        for pk, found in limitation.of(cases, on=timezone.localdate(now)).items()
    }


def _agreed(user: User, visits: list[Visit], now) -> dict:
    """{case_ref: [{"on", "text", "good"}]} for the briefing: what was signed, and what became of it; one query."""
    found, told = {}, (State.SEALED, State.SUPERSEDED, State.VOID, State.REFUSED, State.REJECTED)
    rows = Agreement.objects.filter(case__in={visit.case_id for visit in visits}, state__in=told)
    for row in rows.select_related("case").order_by("-proposed_at"):
        text = format_lazy("{} {}", State(row.state).label, row.number or "")
        good = row.state == State.SEALED
        found.setdefault(row.case.ref, []).append(
            {"on": timezone.localdate(row.proposed_at), "text": text, "good": good}
        )
    return {ref: each[:5] for ref, each in found.items()}


conduct.also(_limits)
packs.provides("agreed", _agreed, phone=False)
packs.provides("offers", _offers)
packs.provides("clauses", _clauses)
packs.provides("affordability", statements.rules_for_phone)
packs.provides("statements", statements.for_phone)
packs.page("statement", "agreements/statements/statement.html", statements.page)
packs.page("agree", "agreements/proposals/agree.html", _agree)
packs.page("sign", "agreements/signatures/sign.html", _nothing)
review.flags(agreement_review.flags, prefetch=["agreements"])
review.panels(agreement_review.panels)
held_list.also(agreement_review.held)

# What the record says of an agreement, in words.
history.words("agreement.proposed/1", _("A plan was chosen"), point="main")
history.words("statement.taken/1", _("Income and spending were written down"))
history.words("signature.captured/1", _("Signed"), point="main")
history.words("signature.refused/1", _("He does not sign"), point="mind")
history.words("confirmation.sent", _("A code was sent to the debtor"), text=lambda p: p.get("number", ""))
history.words("confirmation.entered", _("The debtor has confirmed with the code"), point="kept",
              text=lambda p: ConfirmationWay(p["way"]).label if p.get("way") else "")  # fmt: skip
history.words("confirmation.wrong", _("A wrong code was entered"), text=lambda p: p.get("number", ""))
history.words("agreement.ready", _("Everything for the agreement is here"))
history.words("agreement.refused", _("The agreement stays unsigned"), point="mind")
history.words("agreement.dropped", _("The agreement will not be sealed"), point="mind")
history.words("agreement.held", _("The agreement is held for review"), point="mind")
history.words("agreement.checked_again", _("The agreement is checked again"))
history.words("limitation.released", _("A debt past its time limit is released"), text=lambda p: p.get("reason", ""))
history.words("agreement.approved", _("A second person lets the plan pass"), text=lambda p: p.get("reason", ""))
history.words("agreement.paper_seen", _("The pages of the paper were looked at"))
history.words("agreement.rejected", _("The agreement is rejected"), point="mind", text=lambda p: p.get("reason", ""))
history.words("agreement.sealed", _("The agreement is sealed"), point="kept", text=lambda p: p.get("number") or "")
history.words("agreement.timestamp.evidence", _("An authority's time over the evidence"))
history.words("agreement.timestamp.seal", _("An authority's time over the seal"))
history.words("agreement.timestamp.archive", _("The paper is archived: an authority's time over all of it"))
history.words("clearance.timestamp.seal", _("An authority's time over the seal of the settlement certificate"))
history.words("clearance.timestamp.archive", _("The settlement certificate is archived"))
history.words("agreement.withdrawn", _("The debtor has taken his signature back"), point="mind")
history.words("agreement.void_asked", _("Somebody asks to make the agreement void"),
              text=lambda p: p.get("reason", ""))  # fmt: skip
history.words("agreement.void_declined", _("The agreement stays in force"), text=lambda p: p.get("reason", ""))
history.words("agreement.voided", _("The agreement is void"), point="mind", text=lambda p: p.get("reason", ""))
history.words("agreement.renewal", _("A new agreement may replace it"), text=lambda p: p.get("reason", ""))
history.words("agreement.superseded", _("Replaced by a later agreement"), text=lambda p: p.get("by") or "")
history.words("agreement.settled", _("Settlement certificate sealed"), point="kept",
              text=lambda p: p.get("number", ""))  # fmt: skip
history.words("settling.told", _("He was told what it costs to be done"),
              text=lambda p: f"¥{yuan(p['left']['total'])} · {p['on']} → {p['until']} · {p['way']}")  # fmt: skip
history.words("payment.recorded", _("Payment"), point="kept",
              text=lambda p: f"¥{yuan(p.get('fen', 0))} · {p.get('on')}")  # fmt: skip
history.words("payment.reversed", _("Payment taken back"), point="mind",
              text=lambda p: f"¥{yuan(-p.get('fen', 0))} · {p.get('note', '')}")  # fmt: skip
history.words("message.sent", _("Message to the debtor"), text=lambda p: p.get("by", ""))
history.words("bundle.exported", _("The evidence was exported"), office=True, text=lambda p: p.get("what", ""))
_CONCERNS = {
    "received": _("The debtor wrote to the office"),
    "taken": _("Somebody deals with what he wrote"),
    "extended": _("More time for the answer"),
    "answered": _("The debtor was answered"),
}
for action, title in _CONCERNS.items():
    history.words(f"concern.{action}", title, office=True)


alarms.also(timestamps.alarms)
alarms.also(checkpoints.alarms)


@alarms.also
def _late(user: User, now) -> list[alarms.Line]:
    n = concerns.overdue(user, now)
    return [alarms.Line(_("Debtors who wait beyond the last day for an answer: {n}"), n, "concerns")] if n else []
