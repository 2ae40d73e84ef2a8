"""Held work: what waits for a person, who may see and decide it, and what becomes of it on both sides."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from uuid6 import uuid7

from fieldvisit import cases as case_verbs
from fieldvisit import handlers, held, held_list, history, people, record, review
from fieldvisit.intake import Held
from fieldvisit.models import Event, HeldDecision, Note, Quarantine, Receipt, Role, Status, Visit
from fieldvisit.problems import Refused
from tests.cast import NOW, PASSWORD
from tests.phone import Phone

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def command(monkeypatch):
    """What agreements does with its command: keeps what it was called with, raises what it is told to."""
    told = {"called": []}

    def handler(event, visit, case):
        if told.get("raise"):
            raise told["raise"]
        told["called"].append(event.id)

    monkeypatch.setitem(handlers.HANDLERS, "agreement.proposed/1", handler)
    return told


def propose(phone, visit, **more):
    return phone.append("agreement.proposed/1", {"agreement": {"any": "thing"}}, visit=visit, **more)


def receipts(saved):
    return [
        json.loads(bytes(row.body))
        for row in Receipt.objects.order_by("counter")
        if json.loads(bytes(row.body))["event_id"] == str(saved.id)
    ]


@pytest.fixture
def late(phone, visit, xu, chen, command):
    """A command of Ana's from the time when the case was hers; meanwhile it is Xu's."""
    saved = propose(phone, visit)
    child = phone.note(visit, depends_on=[saved])
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=2))
    assert [v["code"] for v in phone.deliver(now=LATER)] == ["after_reassignment", "waiting"]
    visit.case.refresh_from_db()
    return saved, child


@pytest.fixture
def wang(late, xu):
    return people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)


def test_an_accepted_command_goes_through_its_handler_and_frees_what_waited(late, wang, command, visit):
    saved, child = late
    row = Event.objects.get(pk=saved.id)
    made = held.decide(event=row, accept=True, reason="Dora asked for it.", by=wang, now=LATER)
    assert command["called"] == [saved.id]
    assert {row.status for row in Event.objects.all()} == {Status.APPLIED} and Note.objects.count() == 1
    assert (made.accepted, made.code, made.by) == (True, "after_reassignment", wang)
    first, second = receipts(saved)
    assert (first["status"], first["rev"]) == ("held", 1)
    assert (second["status"], second["rev"], second["code"]) == ("applied", 2, "held.accepted")
    assert "Dora asked for it." in second["message"] and second["sha256"] == saved.sha256
    assert [r["status"] for r in receipts(child)] == ["held", "applied"]
    assert record.verify(visit.case) == []
    last = [line for line in record.timeline(visit.case) if line["action"] == "held.accepted"]
    assert [line["actor"] for line in last] == [wang] and last[0]["payload"]["reason"] == "Dora asked for it."
    assert history.line(last[0])["text"] == "Dora asked for it."


def test_the_phone_learns_of_it_and_a_repeat_gets_the_newest_receipt(late, wang, phone, sign_in, ana):
    saved, _child = late
    client = sign_in(ana)
    address, headers = "/sync/receipts?since=", {"X-Device": str(phone.id)}
    seen = client.get(address + "0", headers=headers).json()["next"]
    held.decide(event=Event.objects.get(pk=saved.id), accept=False, reason="No {braces} please", by=wang, now=LATER)
    (news,) = client.get(f"{address}{seen}", headers=headers).json()["receipts"]
    assert (news["event_id"], news["status"], news["rev"]) == (str(saved.id), "rejected", 2)
    assert "No {braces} please" in news["message"]
    (again,) = phone.deliver([saved], now=LATER)
    assert again == {key: value for key, value in news.items() if key != "counter"}


def test_a_rejected_command_is_never_applied_and_what_waited_for_it_may_be_decided(late, wang, command):
    saved, child = late
    with pytest.raises(Refused, match="earlier entry"):
        held.decide(event=Event.objects.get(pk=child.id), accept=True, reason="Now", by=wang, now=LATER)
    held.decide(event=Event.objects.get(pk=saved.id), accept=False, reason="Not his case", by=wang, now=LATER)
    row = Event.objects.get(pk=saved.id)
    assert (row.status, row.code, command["called"]) == (Status.REJECTED, "held.rejected", [])
    held.decide(event=Event.objects.get(pk=child.id), accept=True, reason="The note is true", by=wang, now=LATER)
    assert Note.objects.count() == 1


def test_a_fact_is_never_refused_only_set_aside(phone, visit, chen):
    waiting = phone.note(visit, depends_on=[uuid7()])
    phone.deliver()
    with pytest.raises(Refused) as refused:
        held.decide(event=Event.objects.get(), accept=False, reason="x", by=chen, now=NOW + timedelta(days=4))
    assert refused.value.code == "held.too_early"
    held.decide(event=Event.objects.get(), accept=False, reason="Twice told", by=chen, now=NOW + timedelta(days=5))
    row = Event.objects.get()
    assert (row.status, row.marks) == (Status.APPLIED, ["set_aside"]) and Note.objects.count() == 0
    assert [r["code"] for r in receipts(waiting)] == ["waiting", "held.set_aside"]


def test_after_five_days_a_person_may_take_a_fact_without_its_parent(phone, visit, chen):
    phone.note(visit, depends_on=[uuid7()])
    phone.deliver()
    held.decide(event=Event.objects.get(), accept=True, reason="Parent lost", by=chen, now=NOW + timedelta(days=5))
    assert Note.objects.count() == 1 and Event.objects.get().status == Status.APPLIED


def test_what_its_handler_still_holds_changes_nothing_and_says_why(late, wang, command):
    saved, _child = late
    command["raise"] = Held("agreement.malformed")
    with pytest.raises(Refused) as refused:
        held.decide(event=Event.objects.get(pk=saved.id), accept=True, reason="Try", by=wang, now=LATER)
    assert refused.value.code == "held.still" and "not complete" in str(refused.value)
    row = Event.objects.get(pk=saved.id)
    assert (row.status, row.code) == (Status.HELD, "after_reassignment")
    assert not HeldDecision.objects.exists() and len(receipts(saved)) == 1


def test_one_decision_only_by_one_who_may_and_with_a_reason(late, wang, ana, olga, mia):
    event = Event.objects.get(pk=late[0].id)

    def refused(by, reason="Because"):
        with pytest.raises(Refused) as found:
            held.decide(event=event, accept=True, reason=reason, by=by, now=LATER)
        return found.value.code

    assert [refused(olga), refused(ana), refused(mia, "  ")] == ["held.not_yours", "held.not_yours", "held.reason"]
    held.decide(event=event, accept=True, reason="Because", by=mia, now=LATER)
    assert refused(wang) == "held.decided"


def test_what_waited_and_has_gone_on_by_itself_is_not_decided_again(phone, visit, chen):
    parent = phone.note(visit)
    child = phone.note(visit, depends_on=[parent])
    phone.deliver([child])
    row = Event.objects.get()
    phone.deliver([parent])
    with pytest.raises(Refused) as refused:
        held.decide(event=row, accept=True, reason="Late", by=chen, now=NOW + timedelta(days=6))
    assert refused.value.code == "held.settled"


# --- quarantine


def strange(visit, xu):
    """A whole visit to Dora by somebody whose case it never was."""
    phone = Phone(xu)
    for told in (phone.started, phone.consent, phone.note, phone.ended):
        told(visit)
    assert {v["code"] for v in phone.deliver()} == {"being_checked"}
    return phone


def test_accepted_work_of_nobody_becomes_a_late_visit_of_the_case(visit, xu, chen):
    phone = strange(visit, xu)
    rows = held_list.group(Quarantine.objects.first(), chen)
    assert held.decide_all(events=rows, accept=True, reason="Ana was ill.", by=chen, now=LATER) == 4
    visit.refresh_from_db()
    assert (visit.collector, visit.outcome) == (xu, "no_agreement") and visit.complete_at
    assert Event.objects.count() == 4 and all("let_in" in row.marks for row in Event.objects.all())
    assert {row.received_at for row in Event.objects.all()} == {NOW}
    for saved in phone.outbox:
        first, second = receipts(saved)
        assert (first["status"], second["status"], second["rev"]) == ("held", "applied", 2) and second["server_seq"]
    assert {v["status"] for v in phone.deliver(now=LATER)} == {"applied"}
    assert Event.objects.count() == 4 and record.verify(visit.case) == []
    assert not held.quarantined(chen).exists()


def test_a_visit_that_was_never_planned_is_made_when_its_work_is_let_in(dora, visit, xu, chen):
    phone, unknown = Phone(xu), uuid7()
    phone.append("visit.note/1", {"kind": "statement", "text": "Hm."}, visit_id=unknown, case_ref=dora.ref)
    phone.deliver()
    (row,) = held.quarantined(chen)
    held.decide(event=row, accept=True, reason="He stood in", by=chen, now=LATER)
    made = Visit.objects.get(pk=unknown)
    assert (made.case, made.collector, made.notes.count()) == (dora, xu, 1)


def test_rejected_it_stays_outside_the_case_and_the_collector_reads_why(visit, xu, chen):
    phone = strange(visit, xu)
    rows = held_list.group(Quarantine.objects.first(), chen)
    held.decide_all(events=rows, accept=False, reason="Wrong door.", by=chen, now=LATER)
    assert not Event.objects.exists() and Quarantine.objects.count() == 4
    verdict = phone.deliver([phone.outbox[0]], now=LATER)[0]
    assert (verdict["status"], verdict["rev"]) == ("rejected", 2) and "Wrong door." in verdict["message"]
    assert [line["action"] for line in record.timeline(visit.case)].count("held.rejected") == 4


def test_a_child_let_in_before_its_parent_waits_and_has_three_receipts_in_the_end(visit, xu, chen):
    phone = Phone(xu)
    parent = phone.note(visit)
    child = phone.note(visit, depends_on=[parent])
    phone.deliver()
    by_id = {row.event_id: row for row in Quarantine.objects.all()}
    for saved in (child, parent):
        held.decide(event=by_id[saved.id], accept=True, reason="Both", by=chen, now=LATER)
    assert [(r["status"], r["rev"]) for r in receipts(child)] == [("held", 1), ("held", 2), ("applied", 3)]
    assert Note.objects.count() == 2


def test_other_bytes_under_one_id_are_put_beside_and_overwrite_nothing(phone, visit, chen):
    first = phone.note(visit, "He pays on Monday.")
    other = phone.seal(first.event | {"body": {"kind": "statement", "text": "He never pays."}})
    phone.deliver([first])
    phone.deliver([other])
    (row,) = held.quarantined(chen)
    assert row.case == visit.case
    held.decide(event=row, accept=True, reason="Both were said.", by=chen, now=LATER)
    assert bytes(Event.objects.get().bytes) == first.bytes and Note.objects.get().text == "He pays on Monday."
    line = next(line for line in record.timeline(visit.case) if line["action"] == "held.accepted")
    assert line["payload"]["body"]["text"] == "He never pays."
    assert [v["status"] for v in phone.deliver([other], now=LATER)] == ["applied"]


def test_an_entry_that_speaks_of_two_cases_is_no_supervisors_and_can_only_be_rejected(
    visit, make_case, ana, chen, mia, phone
):
    other = make_case("李宇")
    case_verbs.assign(cases=[other], collector=ana, by=chen, now=NOW)
    phone.note(visit, case_ref=other.ref)
    phone.deliver()
    assert not held.quarantined(chen).exists() and held.elsewhere(chen).count() == 1
    (row,) = held.quarantined(mia)
    with pytest.raises(Refused) as refused:
        held.decide(event=row, accept=True, reason="x", by=mia, now=LATER)
    assert refused.value.code == "held.no_case"
    held.decide(event=row, accept=False, reason="Mixed up", by=mia, now=LATER)
    assert not held.elsewhere(chen).exists()


def test_late_work_brings_a_decided_visit_back_to_the_review(visit, phone, xu, chen, olga):
    from tests.fieldvisit.played import play

    play(visit, phone)
    visit.refresh_from_db()
    stranger = Phone(xu)
    stranger.note(visit, "I was there too.")
    stranger.deliver(now=LATER)
    review.decide(visit=visit, decision="approved", by=olga, now=LATER)
    assert not review.queue(olga).exists()
    held.decide(event=Quarantine.objects.get(), accept=True, reason="True", by=chen, now=LATER + timedelta(hours=1))
    assert list(review.queue(olga)) == [visit]
    (gathered,) = review.gather(review.queue(olga))
    assert review.standing(gathered) is None


# --- the page


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


def test_the_page_says_what_why_since_when_and_what_would_happen(late, wang, sign_in, visit):
    page = sign_in(wang).get(reverse("held")).content.decode()
    for words in ["朵拉", visit.case.contract_number, "Ana", "The case was given to another collector meanwhile.",
                  "If accepted", "If rejected", "2026-11-24 13:14"]:  # fmt: skip
        assert words in page, words


def test_a_decision_on_the_page(late, wang, sign_in):
    client, saved = sign_in(wang), late[0]
    address = reverse("held-decision", args=["events", saved.id])
    answer = client.post(address, {"decision": "accept", "reason": " "})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    answer = client.post(address, {"decision": "accept", "reason": "Right"}, follow=True)
    assert answer.redirect_chain and "Accepted." in answer.content.decode() and "Right" in answer.content.decode()
    assert Event.objects.get(pk=saved.id).status == Status.APPLIED
    again = client.post(address, {"decision": "reject", "reason": "No"})
    assert again.status_code == 422 and "Wang has already decided." in again.content.decode()
    assert Event.objects.get(pk=saved.id).status == Status.APPLIED


def test_the_supervisor_of_another_team_learns_nothing(visit, xu, chen, sign_in, phone):
    """Xu's work on Dora's case: Dora is Chen's. Xu's own supervisor knows that something of Xu's is held, no more."""
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)
    strange(visit, xu)
    page = sign_in(wang).get(reverse("held")).content.decode()
    assert "<b>Xu</b>" in page
    for secret in ["朵拉", visit.case.contract_number, visit.case.ref, str(visit.pk), "月底发工资"]:
        assert secret not in page
    address = reverse("held-decision", args=["quarantine", Quarantine.objects.first().pk])
    answer = sign_in(wang).post(address, {"decision": "reject", "reason": "x"})
    assert answer.status_code == 404


def test_the_reviewer_sees_and_does_not_decide(visit, xu, olga, sign_in):
    strange(visit, xu)
    client = sign_in(olga)
    page = client.get(reverse("held")).content.decode()
    assert "朵拉" in page and "<textarea" not in page
    row = Quarantine.objects.first()
    answer = client.post(reverse("held-decision", args=["quarantine", row.pk]), {"decision": "accept", "reason": "x"})
    assert answer.status_code == 403


@pytest.mark.parametrize("address", ["/office/held/events/nothing/decision/", "/office/held/quarantine/x/decision/",
                                     "/office/held/else/1/decision/",
                                     "/office/held/events/7144cd86-bd24-4a65-aaab-f88bf1a60487/decision/"])  # fmt: skip
def test_a_made_up_address_is_not_there(chen, sign_in, address):
    assert sign_in(chen).post(address, {"decision": "accept", "reason": "x"}).status_code == 404


def test_what_waits_is_flagged_after_a_day_and_decided_after_five(phone, visit, chen):
    phone.note(visit, depends_on=[uuid7()])
    phone.deliver()
    at = Event.objects.get().received_at
    found = [held_list.items(chen, at + timedelta(hours=h))[0] for h in (23, 24, 119, 120)]
    assert [item.alarm for item in found] == ["", "late", "late", "decide"]
    assert [item.from_at is None for item in found] == [False, False, False, True]


def test_forty_held_entries_cost_as_many_queries_as_two(visit, ana, bruno, xu, chen, make_case, sign_in, phone):
    def fill(count):
        for _ in range(count):
            case = make_case("许多")
            case_verbs.assign(cases=[case], collector=ana, by=chen, now=NOW)
            (other,) = case_verbs.plan_visits(
                cases=[case], collector=ana, second=bruno, on=visit.planned_on, by=chen, now=NOW
            )
            case.refresh_from_db()
            other.case = case
            saved = phone.note(other, depends_on=[uuid7()])
            phone.deliver([saved])
            Phone(xu).note(other)
            stranger = Phone(xu)
            stranger.deliver([stranger.note(other)])

    client = sign_in(chen)
    counts = []
    for count in (2, 20):
        fill(count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("held")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[0] < 30
