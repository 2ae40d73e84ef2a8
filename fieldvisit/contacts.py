"""Contacts beside visits, and how somebody is reached: what the office edits and what a collector asks to be changed.

The same property changed by both: the collector's waits for a person, with both values in the history. Another
property: it applies (design: sync). A visit that is planned already keeps its address; the next plan takes the newest.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from . import conduct, intake, record
from .flags import language, sentence_of
from .intake import Held, Incoming, Rejected
from .models import Address, Answer, Case, Channel, Contact, ContactChange, Party, Property, User, Visit
from .problems import Refused
from .rules import places
from .rules.conduct import STOPS

MOST_TEXT = 1000
MOST = {Property.NAME: 120, Property.MOBILE: 32, Property.ADDRESS: 200}


def value(party: Party, property: str) -> str:
    """What stands now: the newest home, for an address."""
    if property != Property.ADDRESS:
        return getattr(party, property)
    return party.home.full if party.home else ""


def editable(party: Party) -> list[tuple]:
    """[(property, its word, what stands, most characters)] for a form."""
    return [(prop.value, prop.label, value(party, prop), MOST[prop]) for prop in Property]


@transaction.atomic
def change(*, party: Party, property: str, before: str, after: str, by: User, now: datetime) -> ContactChange | None:
    """The office's edit. `before` is what the page showed. None: nothing to change.

    Refused("contact.changed_meanwhile" | "contact.form").
    """
    after = after.strip()
    if property not in MOST or not after or len(after) > MOST[property]:
        raise Refused("contact.form")
    record.lock([party.case_id])
    party = Party.objects.select_related("case").get(pk=party.pk)
    if (stands := value(party, property)) == after:
        return None
    if stands != before:
        raise Refused("contact.changed_meanwhile", value=stands)
    row = _write(party, property, after, by=by, at=now)
    said = {"party": str(party.pk), "property": property, "before": before, "after": after}
    record.append(
        case=party.case, action="contact.changed", object=f"party:{party.pk}", payload=said, now=now, actor=by
    )
    return row


def _write(party: Party, property: str, after: str, *, by: User, at: datetime, event=None) -> ContactChange:
    before = value(party, property)
    if property == Property.ADDRESS:
        names = ("province", "city", "district", "street")
        parts = dict(zip(names, places.split(after), strict=True))
        Address.objects.create(party=party, source=f"event:{event.pk}" if event else f"user:{by.pk}", **parts)
    else:
        setattr(party, property, after)
        party.save(update_fields=[property, "pinyin", "initials"])
    Case.objects.filter(pk=party.case_id).update(version=F("version") + 1)
    return ContactChange.objects.create(
        party=party, property=property, before=before[:400], after=after, event=event, by=by, at=at
    )


@transaction.atomic
def log(*, case: Case, channel: str, outcome: str, text: str, at: datetime, by: User, now: datetime) -> Contact:
    """What the office did itself, at the time it says; the rules of conduct count it like any other.

    Refused("contact.log_form" | "contact.to_come").
    """
    text = text.strip()
    if channel not in Channel or outcome not in Answer or len(text) > MOST_TEXT:
        raise Refused("contact.log_form")
    if at > now:
        raise Refused("contact.to_come")
    verdicts = weighed(case, channel, at)
    stops = [each for each in verdicts if each["stops"]]
    if stops and not text:
        raise Refused("contact.unlawful", why=" ".join(each["sentence"] for each in stops))
    record.lock([case.pk])
    row = Contact.objects.create(case=case, by=by, at=at, channel=channel, outcome=outcome, text=text)
    said = {"at": at.isoformat(), "channel": channel, "outcome": outcome, "text": text}
    said |= {"verdicts": [{"rule": each["rule"], "effect": each["effect"]} for each in verdicts]} if verdicts else {}
    record.append(case=case, action="contact.logged", object=f"contact:{row.pk}", payload=said, now=now, actor=by)
    return row


def weighed(case: Case, channel: str, at: datetime) -> list[dict]:
    """[{"rule", "effect", "sentence", "citation", "stops"}]: what the rules say of calling or writing to him then."""
    if channel not in (Channel.CALL, Channel.MESSAGE):
        return []
    pack, verdicts = conduct.weigh(case, channel, at=at, channel=channel)
    return [
        {
            "rule": each.rule, "effect": each.effect, "sentence": sentence_of(each, pack["rules"][each.rule]),
            "citation": pack["rules"][each.rule]["citation"][language()], "stops": each.effect in STOPS,
        }
        for each in verdicts
        if each.effect != "ok"
    ]  # fmt: skip


def today(case: Case, now: datetime) -> dict:
    """{"effective", "unanswered"}: calls of the debtor's day so far, of everybody who works the case."""
    day = timezone.localdate(now)
    made = Contact.objects.filter(case=case, channel=Channel.CALL, at__date=day).values_list("outcome", flat=True)
    made = list(made)
    return {"effective": made.count(Answer.REACHED), "unanswered": made.count(Answer.NO_ANSWER)}


@intake.handles("contact.change_requested/1", command=True)
def change_requested(event: Incoming, visit: Visit | None, case: Case) -> None:
    said = event.body
    after = said["after"].strip()
    if not after or len(after) > MOST[said["property"]]:
        raise Rejected("contact.form")
    party = case.parties.filter(pk=said["party"]).first()
    if party is None:
        raise Held("contact.nobody")
    stands = value(party, said["property"])
    if stands == after:
        return
    if stands != said["before"] and event.decided_by is None:
        raise Held("contact.changed_meanwhile")
    _write(party, said["property"], after, by=event.author, at=event.at, event=event.row)


@intake.handles("contact.made/1")
def made(event: Incoming, visit: Visit | None, case: Case) -> None:
    Contact.objects.create(case=case, visit=visit, event=event.row, by=event.author, at=event.at, **event.body)


@intake.handles("notice.shown/1")
def notice_shown(event: Incoming, visit: Visit, case: Case) -> None:
    """The event itself is the row: which notice was on the screen, in what language, for how long."""
