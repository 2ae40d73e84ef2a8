"""A8: what the office did meanwhile. A fact is always taken in; a command is held when the case has moved on.

Every row of the table in three timings, as fact and as command.
"""

from datetime import timedelta

import pytest
from django.db import connection

from agreements.models import Agreement, Sealed
from fieldvisit import cases as case_verbs
from fieldvisit import contacts, pauses, record, review
from fieldvisit.models import ContactChange, Debt, Event, Mandate, Note, Party, Quarantine
from tests.agreements.conftest import agreed, deliver, offer, phone, policy, signature, strokes, tell  # noqa: F401
from tests.cast import NOW, TODAY

HOUR = timedelta(hours=1)
NEW_NUMBER = "19911112222"
COMMANDS = ("agreement.proposed/1", "contact.change_requested/1")
TIMINGS = ["before it was made", "on the way", "after it came"]


class Story:
    """What a row of the table needs to happen."""

    def __init__(self, visit, people, agreed, tell, deliver, phone):  # noqa: F811
        self.visit, self.case, self.phone = visit, visit.case, phone
        self.ana, self.bruno, self.chen, self.olga, self.xu = people
        self.agreed, self.tell, self.deliver = agreed, tell, deliver

    def reassigned(self, at):
        case_verbs.assign(cases=[self.case], collector=self.xu, by=self.chen, now=at)

    def visit_approved(self, at):
        self.visit.refresh_from_db()
        review.decide(visit=self.visit, decision="approved", by=self.olga, now=at)

    def case_closed(self, at):
        type(self.case).objects.filter(pk=self.case.pk).update(closed_at=at)

    def mandate_ended(self, at):
        Mandate.objects.update(valid_until=TODAY - timedelta(days=1))

    def paused(self, at):
        pauses.place(case=self.case, reason="legal", text="court", by=self.chen, now=at)

    def same_field(self, at):
        self.edit("mobile", "19933334444", at)

    def another_field(self, at):
        self.edit("name", "朵菈", at)

    def edit(self, property, after, at):
        party = self.case.parties.get()
        before = contacts.value(party, property)
        contacts.change(party=party, property=property, before=before, after=after, by=self.chen, now=at)

    def debtor_paid(self, at):
        Debt.objects.update(principal_fen=500_000)
        type(self.case).objects.filter(pk=self.case.pk).update(version=self.case.version + 1)

    def another_agreement(self, at):
        """Signed at the same door, for the same debt."""
        first, before = self.agreed(instalments=6), len(self.phone.outbox)
        self.tell(first, signed=[signature(first, strokes=strokes(1))])
        self.deliver(self.phone.outbox[before:])

    def visited(self):
        """A visit without an agreement, all of it here."""
        for event in (self.phone.started, self.phone.consent, self.phone.note, self.phone.ended):
            event(self.visit)
        self.deliver()

    def fact(self):
        return [self.phone.note(self.visit, "late")]

    def command_of_a_field(self):
        return [self.phone.change(self.visit, self.case.parties.get(), "mobile", "19000000006", NEW_NUMBER)]

    def command(self):
        before, self.agreement = len(self.phone.outbox), self.agreed()
        self.tell(self.agreement)
        return self.phone.outbox[before:]

    def ended(self, verdicts, kind):
        """ "" for applied (and sealed), else the code for which it is held."""
        place = (
            0
            if kind == "fact"
            else next(n for n, saved in enumerate(self.sent) if saved.event["type"] in COMMANDS)
        )
        if verdicts[place]["status"] != "applied":
            assert verdicts[place]["status"] == "held"
            return verdicts[place]["code"]
        if kind == "fact" or self.sent[0].event["type"] == "contact.change_requested/1":
            return ""
        row = Agreement.objects.get(pk=self.agreement["agreement_id"])
        assert (row.state == "sealed") == Sealed.objects.filter(agreement=row).exists()
        return ",".join(row.codes) if row.state != "sealed" else ""


# how it ends in the three timings, as fact and as command
ROWS = {
    "reassigned": (["being_checked", "", ""], ["being_checked", "after_reassignment", ""]),
    "visit_approved": (["", "", ""], ["visit_closed", "visit_closed", ""]),
    "case_closed": (["", "", ""], ["case_closed", "case_closed", ""]),
    "mandate_ended": (["", "", ""], ["seal.authority", "seal.authority", ""]),
    # on the way: the other is kept when its visit is whole, and that is when ours is here, which was made first
    "another_agreement": (["", "", ""], ["seal.in_force", "", ""]),
    "debtor_paid": (["", "", ""], ["seal.ledger", "seal.ledger", ""]),
    "paused": (["", "", ""], ["case_paused", "case_paused", ""]),
    # these two as a command that edits a field; after it came, the office writes over it with its eyes open
    "same_field": (["", "", ""], ["contact.changed_meanwhile", "contact.changed_meanwhile", ""]),
    "another_field": (["", "", ""], ["", "", ""]),
}
FIELDS = {"same_field", "another_field"}
MARKS = {"reassigned": "after_reassignment", "case_closed": "case_closed", "visit_approved": "visit_closed"}
MARKS |= {"paused": "case_paused"}


@pytest.fixture
def story(visit, ana, bruno, chen, olga, xu, agreed, tell, deliver, phone):  # noqa: F811
    return Story(visit, (ana, bruno, chen, olga, xu), agreed, tell, deliver, phone)


@pytest.mark.parametrize("timing", range(3), ids=TIMINGS)
@pytest.mark.parametrize("kind", ["fact", "command"])
@pytest.mark.parametrize("name", ROWS)
def test_what_changed_meanwhile(story, tally, name, kind, timing):
    row = tally("A8", f"conflict table, facts and commands, {connection.vendor}")
    change = getattr(story, name)
    if name == "visit_approved":
        story.visited()
    if timing == 0:
        change(NOW - HOUR)
    story.sent = getattr(story, "command_of_a_field" if kind == "command" and name in FIELDS else kind)()
    if timing == 1:
        change(NOW + 2 * HOUR / 60)
    verdicts = story.deliver(story.sent)
    if timing == 2:
        change(NOW + HOUR)
        assert story.deliver(story.sent) == verdicts
    wanted = ROWS[name][kind == "command"][timing]
    apart = wanted == "being_checked"
    here = (Quarantine if apart else Event).objects.filter(
        **{"event_id__in" if apart else "pk__in": [saved.id for saved in story.sent]}
    )
    row.run(lost=max(0, len(story.sent) - here.count()), doubled=max(0, here.count() - len(story.sent)))
    assert here.count() == len(story.sent)
    assert story.ended(verdicts, kind) == wanted
    if kind == "fact" and not apart:
        assert Note.objects.filter(text="late").count() == 1
        marked = MARKS.get(name)
        assert (marked in Event.objects.get(pk=story.sent[0].id).marks) == (
            timing == 1 or (timing == 0 and not apart)
        ) or not marked
    if kind == "command" and name in FIELDS:
        applied, party = wanted == "", Party.objects.get(case=story.case)
        changes = list(ContactChange.objects.order_by("at").values_list("property", "after"))
        assert (("mobile", NEW_NUMBER) in changes) == applied and len(changes) == 1 + applied
        edited = name == "same_field" and timing == 2
        assert party.mobile == ("19933334444" if edited or not applied else NEW_NUMBER)
        assert party.name == ("朵菈" if name == "another_field" else "朵拉")
    elif kind == "command":
        assert Sealed.objects.count() <= 1
        if name == "another_agreement":
            assert sorted(Agreement.objects.values_list("state", flat=True)) == ["held", "sealed"]
    assert record.verify(story.case) == []
