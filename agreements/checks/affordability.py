"""Does the household carry it? Reckoned again from what it told, and from each plan that was shown to it."""

from collections.abc import Iterator

from agreements import statements
from agreements.models import Statement
from agreements.rules import affordability, document, offer, schedule

from .papers import Papers

MOST_SHOWN = 3
CHOICE = {
    "method", "instalments", "anchor_day", "first_due", "interest_from", "reduction_fen", "steps", "deferral_months",
}  # fmt: skip
# What a supervisor may let pass with a reason: the limits of the gate, and two bounds of the offer.
APPROVABLE = (
    "afford.declined", "afford.incomplete", "afford.short", "afford.reserve", "afford.debt_share",
    "offer.too_many", "offer.too_small",
)  # fmt: skip


def gated(p: Papers) -> Iterator[str]:
    if p.agreement.offer is None:
        return
    policy, said = p.offer_body.get("affordability"), p.doc["affordability"]
    statement = statements.before(p.agreement.event)
    if policy is None or said is None:
        if said is not None:
            yield "seal.affordability"
        elif policy and (policy["statement_required"] or statement):
            yield "afford.no_statement"
        return
    if statement is None or said != _expected(p, policy, statement, said):
        yield "seal.affordability"
    else:
        yield from said["gate"]["codes"]


def _expected(p: Papers, policy: dict, statement: Statement, said: dict) -> dict | None:
    """The annex that these terms and this statement give; None where what was shown is not what they give."""
    shown, chosen = said["shown"], said["chosen"]
    if not (isinstance(shown, list) and 1 <= len(shown) <= MOST_SHOWN and type(chosen) is int and chosen >= 0):
        return None
    if not all(offer.same(each, _shown(p, each["choice"])) for each in shown):
        return None
    if not offer.same(document.terms(p.offer_body, shown[chosen]["choice"]), p.doc["terms"]):
        return None
    rows = p.doc["schedule"]
    broken = offer.within(p.offer_body, p.doc["terms"], rows, p.day)
    beyond = [code for code in broken if code in APPROVABLE]
    home = affordability.assess(statement.said, policy)
    made = affordability.annex(str(statement.event_id), home, policy, rows, shown, chosen, beyond=beyond)
    return made if offer.same(made, said) else None


def _shown(p: Papers, choice: dict) -> dict | None:
    """A plan as it stood before the debtor, the choice and its four figures; None for one that was not to be shown."""
    terms = document.terms(p.offer_body, choice)
    rows = schedule.plan(terms)
    broken = offer.within(p.offer_body, terms, rows, p.day)
    if not set(choice) <= CHOICE or not set(broken) <= set(APPROVABLE):
        return None
    return {"choice": choice, "summary": schedule.summary(terms, rows)}
