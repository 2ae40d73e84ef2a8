"""Co-debtors and guarantors of a case, as an offer names them; whether an earlier guarantee still runs."""

from collections.abc import Iterable
from datetime import date

from fieldvisit.models import Case, Party
from fieldvisit.rules import identity

from . import limitation
from .rules import guarantee, law, workdays

ROLES = ("co-debtor", "guarantor")


def of(cases: Iterable[Case], *, on: date) -> dict:
    """{case id: [{"party","role","name","id_masked"} + "guarantee": {"until","ended"} of a guarantor]}; one query.

    Who is not of age is not among them (Civil Code 18). Of an earlier guarantee the house knows no agreed last day: the
    period of the law is reckoned from the end of the loan's own term (Civil Code 692).
    """
    by_id = {case.pk: case for case in cases}
    found = {}
    for party in Party.objects.filter(case__in=by_id, role__in=ROLES).order_by("pk"):
        if not party.id_number or (party.birth_date and identity.age(party.birth_date, on) < identity.OF_AGE):
            continue
        person = {"party": str(party.pk), "role": party.role, "name": party.name,
                  "id_masked": identity.mask(party.id_number)}  # fmt: skip
        if party.role == "guarantor":
            person["guarantee"] = _standing(by_id[party.case_id], on)
        found.setdefault(party.case_id, []).append(person)
    return found


def _standing(case: Case, on: date) -> dict:
    due = limitation.last_due(case)
    if due is None:  # nobody knows when it began to run: whoever would rely on it proves it to the office first
        return {"until": on.isoformat(), "ended": True}
    its = guarantee.period(due, default_months=law.load()["guarantee"]["default_months"], off=workdays.load())
    how = guarantee.standing(its, on=on, demanded_on=None, changed=True, consented=True)
    return {"until": its.expires.isoformat(), "ended": how.code == "ended"}
