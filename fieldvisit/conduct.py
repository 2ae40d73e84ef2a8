"""What the rules of conduct say of an act on a case before it is done: the situation as the office knows it.

    also(fn): fn(case_ids, now) -> {case id: {fact: value}}, for apps that know more facts
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from . import packs, pauses
from .flags import wall
from .models import (
    Answer,
    Case,
    Channel,
    Contact,
    Hold,
    HoldReason,
    Mandate,
    Outcome,
    Permission,
    RuleChange,
    User,
    Visit,
)
from .rules import changes, conduct
from .rules.days_off import days_off

JURISDICTION = "cn"
MET = (Outcome.AGREEMENT, Outcome.NO_AGREEMENT, Outcome.REFUSED, Outcome.STOPPED)
BACK = timedelta(days=31)  # the longest window of any pack
AHEAD = timedelta(days=8)  # a pack lives three days, plans reach a week
RESULTS = {Answer.REACHED: "effective", Answer.NO_ANSWER: "unanswered"}
CHANNELS = {Channel.CALL: "call", Channel.MESSAGE: "message", Channel.LETTER: "letter"}
# What a phone weighs by itself, with no signal.
ON_PHONE = ("visit", "sign", "call", "message", "promise", "third-party", "locate")

_others: list[Callable] = []


def also(fn: Callable) -> Callable:
    _others.append(fn)
    return fn


def rules(on: date, name: str = JURISDICTION) -> dict:
    """The pack in force on a day, with what the office has changed. `version` tells one state from another."""
    pack = conduct.pack(name)
    standing = list(RuleChange.objects.standing(on).filter(pack=name))
    if not standing:
        return pack
    changed = changes.applied(pack, [(change.rule, change.values) for change in standing])
    return changed | {"version": f"{pack['version']}+{standing[-1].pk}.{len(standing)}"}


def zone_of(name: str) -> ZoneInfo:
    """The clock on the wall where the rules of this pack stand."""
    return ZoneInfo(conduct.pack(name)["zone"])


def weigh(
    case: Case, act: str, *, at: datetime, name: str = "", facts: dict | None = None, **more
) -> tuple[dict, list]:
    """(the pack in force, its verdicts) for one act on a case at a time. `facts` and `more` add to what is known."""
    name = name or case.jurisdiction
    zone = zone_of(name)
    pack = rules(at.astimezone(zone).date(), name)
    situation = situations([case], at)[case.pk] | {"act": act, "local": wall(at, zone)} | more
    situation["facts"] = situation["facts"] | (facts or {})
    return pack, conduct.weigh(situation, pack)


def situations(cases: Iterable[Case], now: datetime) -> dict:
    """{case id: situation without act and time}. Needs `creditor` loaded; the number of queries does not grow."""
    cases = list(cases)
    zones = {case.pk: zone_of(case.jurisdiction) for case in cases}
    ids, today = list(zones), now.astimezone(zone_of(JURISDICTION)).date()
    contacts, facts = _contacts(zones, now), _facts(cases, now, today)
    consents = defaultdict(list)
    for row in Permission.objects.filter(case__in=ids, last_day__gte=today).order_by("pk"):
        consents[row.case_id].append(row.consent(partial(wall, zone=zones[row.case_id])))
    free = days_off(today - timedelta(days=1), today + AHEAD)
    return {
        case.pk: {
            "lender": case.creditor.lender_type,
            "product": case.product,
            "contacts": contacts[case.pk],
            "consents": consents[case.pk],
            "same": {"debt": str(case.pk)},
            **({"days_off": free} if case.jurisdiction == JURISDICTION else {}),  # no calendar of another is here
            "facts": facts[case.pk],
        }
        for case in cases
    }


def _contacts(zones, now):
    """Earlier visits and contacts of each case, of everybody who works it, oldest first."""
    found, ids = defaultdict(list), list(zones)
    for visit in Visit.objects.filter(case__in=ids, started_at__range=(now - BACK, now)).order_by("started_at"):
        result = "met" if visit.outcome in MET else "not-met"
        found[visit.case_id].append(
            {"local": wall(visit.started_at, zones[visit.case_id]), "channel": "visit", "result": result}
            | {"address": str(visit.address_id), "debt": str(visit.case_id), "visit": str(visit.pk)}
        )
    for row in Contact.objects.filter(case__in=ids, at__range=(now - BACK, now), channel__in=CHANNELS).order_by("at"):
        result = RESULTS.get(row.outcome, "other")
        made = {"local": wall(row.at, zones[row.case_id]), "channel": CHANNELS[row.channel], "result": result}
        found[row.case_id].append(made | {"debt": str(row.case_id)})
    return found


def _facts(cases, now, today):
    """What this app knows of each case today; others add theirs."""
    ids = [case.pk for case in cases]
    creditors = {case.creditor_id for case in cases}
    in_force = Mandate.objects.filter(creditor__in=creditors, valid_from__lte=today, valid_until__gte=today)
    mandated = set(in_force.values_list("creditor", flat=True))
    doubted = Hold.objects.standing(today).filter(case__in=ids, reason__in=(HoldReason.DISPUTE, HoldReason.COMPLAINT))
    disputed = set(doubted.values_list("case", flat=True))
    found = {
        case.pk: {
            "mandate": case.creditor_id in mandated,
            "dispute_open": case.pk in disputed,
        }
        for case in cases
    }
    for pk, pause in pauses.of(ids, now).items():
        found[pk]["plan_performing"] = pause.code == "plan"
    for fn in _others:
        for pk, facts in fn(ids, now).items():
            found[pk] |= facts
    return found


def _for_phone(user: User, visits: list[Visit], now: datetime) -> dict:
    """{"pack", "offset_minutes", "packs": {name: {"pack", "offset_minutes"}}, "cases": {case_ref: situation}}.

    What the phone weighs by until the next pack. `packs` are those of other jurisdictions; such a case names its own.
    """
    cases = {visit.case_id: visit.case for visit in visits}
    known = situations(cases.values(), now)
    for pk, case in cases.items():
        if case.jurisdiction != JURISDICTION:
            known[pk]["jurisdiction"] = case.jurisdiction
    others = {case.jurisdiction for case in cases.values()} - {JURISDICTION}
    return _on_phone(JURISDICTION, now) | {
        "packs": {name: _on_phone(name, now) for name in sorted(others)},
        "cases": {case.ref: known[pk] for pk, case in cases.items()},
    }


def _on_phone(name: str, now: datetime) -> dict:
    zone = zone_of(name)
    pack = rules(now.astimezone(zone).date(), name)
    kept = {rule: its for rule, its in pack["rules"].items() if set(its["acts"]) & set(ON_PHONE)}
    offset = now.astimezone(zone).utcoffset() / timedelta(minutes=1)
    return {"pack": pack | {"rules": kept}, "offset_minutes": int(offset)}


packs.provides("conduct", _for_phone)
