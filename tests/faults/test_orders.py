"""A6: all orders of a visit of five, and two phones that save, send, repeat and alter as Hypothesis likes."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fieldvisit import record
from fieldvisit.models import Event, Note, Quarantine, Receipt, Visit
from tests.fieldvisit.test_intake import test_all_orders_of_a_visit_of_five_end_the_same as all_orders
from tests.phone import Phone

pytestmark = pytest.mark.django_db


def test_all_120_orders(ana, make_case, bruno, chen, tally):
    row = tally("A6", "120 orders; two phones at random (Hypothesis)")
    all_orders(Phone(ana), make_case, ana, bruno, chen)
    events = Event.objects.count()
    row.run(runs=120, lost=max(0, 600 - events), doubled=max(0, events - 600))


class TwoPhones(RuleBasedStateMachine):
    """Ana's phone and Bruno's at one visit. `row` and `visit` are set for each test."""

    visit = people = row = None

    @initialize()
    def begin(self):
        self.outer = contextlib.ExitStack()
        self.outer.enter_context(transaction.atomic())
        self.phones = [Phone(person) for person in self.people]
        self.saved, self.first, self.altered = [], {}, set()

    @rule(phone=st.integers(0, 1), kind=st.sampled_from(["note", "location", "started", "ended"]), data=st.data())
    def save(self, phone, kind, data):
        parents = [data.draw(st.sampled_from(self.saved))] if self.saved and data.draw(st.booleans()) else []
        self.saved.append(getattr(self.phones[phone], kind)(self.visit, depends_on=parents))

    @rule(phone=st.integers(0, 1), data=st.data())
    def send(self, phone, data):
        """Some of its events, in any order, some of them twice in one request."""
        own = self.phones[phone].outbox
        if not own:
            return
        batch = data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=12))
        for saved, verdict in zip(batch, self.phones[phone].deliver(batch), strict=True):
            assert verdict["status"] in ("applied", "held"), verdict
            assert verdict["sha256"] == saved.sha256
            known = self.first.setdefault(saved.id, verdict)
            assert verdict["rev"] > known["rev"] or verdict == known  # a repeat, or news of what had waited
            self.first[saved.id] = verdict

    @rule(phone=st.integers(0, 1), data=st.data())
    def alter(self, phone, data):
        sent = [each for each in self.phones[phone].outbox if each.id in self.first]
        if not sent:
            return
        saved = data.draw(st.sampled_from(sent))
        other = self.phones[phone].seal(saved.event | {"seq": saved.event["seq"] + 500})
        (verdict,) = self.phones[phone].deliver([other])
        assert (verdict["status"], verdict["code"]) == ("held", "same_id_other_bytes")
        self.altered.add((saved.id, other.sha256))

    @invariant()
    def each_once_and_as_signed(self):
        rows = {row.pk: row for row in Event.objects.filter(pk__in=list(self.first))}
        assert rows.keys() == self.first.keys()
        for saved in self.saved:
            if saved.id in rows:
                assert bytes(rows[saved.id].bytes) == saved.bytes and rows[saved.id].sha256 == saved.sha256
        assert Quarantine.objects.count() == len(self.altered)

    def teardown(self):
        """The signal is back for good: all of it arrives, nothing waits any more, the record stands."""
        if not hasattr(self, "outer"):
            return
        try:
            for phone in self.phones:
                for at in range(0, len(phone.outbox), 50):
                    phone.deliver(phone.outbox[at : at + 50])
            here = Event.objects.count()
            self.row.run(lost=max(0, len(self.saved) - here), doubled=max(0, here - len(self.saved)))
            assert here == len(self.saved)
            assert not Event.objects.exclude(status="applied").exists()
            assert Note.objects.count() == sum(each.event["type"] == "visit.note/1" for each in self.saved)
            revisions = Receipt.objects.values_list("event", "quarantine", "rev")
            assert len(set(revisions)) == len(revisions)
            assert record.verify(self.visit.case) == []
            visit = Visit.objects.get(pk=self.visit.pk)
            numbers = {each.event["seq"] for each in self.saved}
            if visit.last_seq:
                assert (visit.complete_at is not None) == (numbers >= set(range(1, visit.last_seq + 1)))
        finally:
            transaction.set_rollback(True)
            self.outer.close()


def test_two_phones_in_any_order(visit, ana, bruno, seed, soak, tally):
    row = tally("A6", "120 orders; two phones at random (Hypothesis)")

    def machine():
        TwoPhones.visit, TwoPhones.people, TwoPhones.row = visit, (ana, bruno), row
        return TwoPhones()

    run_state_machine_as_test(
        seeded(seed)(machine),
        settings=settings(
            max_examples=5000 if soak else 40,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert row.lost == row.doubled == 0
