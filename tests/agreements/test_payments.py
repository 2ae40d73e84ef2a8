"""After the seal, in the office: what was paid, how a plan is kept, who may be visited, the certificate at the end."""

import io
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from agreements import clearances, copies, dossier, payment_files, payments, portal, timestamps
from agreements.models import Agreement, Clearance, Payment
from fieldvisit import cases as case_verbs
from fieldvisit import messages, pauses
from fieldvisit.models import Message
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY


@pytest.fixture
def agreement(agreed, tell, deliver):
    tell(agreed(instalments=3))
    deliver()
    found = Agreement.objects.get()
    assert found.state == "sealed", found.codes
    return found


@pytest.fixture
def pay(agreement, olga):
    def pay(fen, on, reference=None, now=None):
        at = now or datetime.combine(date.fromisoformat(on), NOW.timetz())
        return payments.record_payment(
            case=agreement.case, reference=reference or f"R-{on}", fen=fen, paid_on=date.fromisoformat(on), by=olga,
            now=at,
        )[0]  # fmt: skip

    return pay


def plan(agreement, day):
    return payments.plan_of(agreement, datetime.combine(date.fromisoformat(day), NOW.timetz()))


def test_the_same_reference_twice_is_one_payment(agreement, pay):
    assert pay(1000, "2026-12-20").pk == pay(1000, "2026-12-20").pk
    with pytest.raises(Refused, match="R-2026-12-20"):
        pay(1001, "2026-12-20")
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(("fen", "on", "reference"), [(0, "2026-11-24", "a"), (-1, "2026-11-24", "a"),
                                                      (1, "2026-11-25", "a"), (1, "2026-11-24", "  ")])  # fmt: skip
def test_what_is_no_payment(agreement, olga, fen, on, reference):
    with pytest.raises(Refused):
        payments.record_payment(case=agreement.case, reference=reference, fen=fen, paid_on=date.fromisoformat(on),
                                by=olga, now=NOW)  # fmt: skip


def test_a_payment_taken_back_stays_and_has_a_row_against_it(agreement, pay, olga):
    row = pay(267051, "2026-12-20")
    payments.reverse(payment=row, reason="returned by the bank", by=olga, now=NOW + timedelta(days=27))
    assert sum(Payment.objects.values_list("fen", flat=True)) == 0
    with pytest.raises(Refused):
        payments.reverse(payment=row, reason="again", by=olga, now=NOW)


def test_no_payment_can_be_changed_or_deleted_in_the_database(agreement, pay):
    row = pay(1000, "2026-12-20")
    for change in (lambda: Payment.objects.filter(pk=row.pk).update(fen=1), lambda: Payment.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_while_he_keeps_his_plan_nobody_goes_there(agreement, ana, chen):
    with pytest.raises(Refused, match=agreement.number):
        tomorrow = TODAY + timedelta(days=1)
        case_verbs.plan_visits(cases=[agreement.case], collector=ana, second=None, on=tomorrow, by=chen, now=NOW)


def test_when_an_instalment_is_missed_a_return_visit_may_be_planned(agreement, ana, chen):
    due = payments.plan_of(agreement, NOW).rows[0].due
    late = NOW + (due - TODAY) + timedelta(days=8)
    assert plan(agreement, late.date().isoformat()).state == "late"
    assert payments.missed([agreement], late)[0][0] == agreement
    (visit,) = case_verbs.plan_visits(
        cases=[agreement.case], collector=ana, second=None, on=late.date(), by=chen, now=late
    )
    assert visit.case == agreement.case
    assert payments.missed([agreement], NOW) == []


def test_the_page_of_missed_instalments_leads_to_the_plan_in_one_tap(agreement, client, sign_in, chen, monkeypatch):
    late = NOW + timedelta(days=60)
    monkeypatch.setattr("agreements.views.payments.timezone.now", lambda: late)
    page = sign_in(chen).get(reverse("payments")).content.decode()
    assert f"{reverse('assignments')}?cases={agreement.case.ref}" in page


def test_paid_to_the_end_there_is_a_certificate_that_verifies(agreement, pay, client, sign_in, olga):
    total = payments.plan_of(agreement, NOW).total_fen
    pay(total, "2026-12-20")
    assert clearances.issue_due(now=NOW + timedelta(days=26)) == 1
    assert clearances.issue_due(now=NOW + timedelta(days=27)) == 0
    made = Clearance.objects.get()
    with made.pdf.open() as file:
        paper = file.read()
    archived = timestamps.read(made)
    assert [timestamps.verify(each).level for each in (paper, archived)] == ["B-T", "B-LTA"]
    for each in (paper, archived):
        answer = portal.by_file(each, now=NOW + timedelta(days=27))
        assert (answer.state, answer.number) == ("settled", f"{agreement.number}-S")
    got = sign_in(olga).get(reverse("agreement-clearance", args=[agreement.pk]))
    assert b"".join(got.streaming_content) == archived


def test_a_certificate_is_void_when_the_money_went_back(agreement, pay, olga):
    row = pay(payments.plan_of(agreement, NOW).total_fen, "2026-12-20")
    made = clearances.issue(agreement=agreement, now=NOW + timedelta(days=26))
    payments.reverse(payment=row, reason="returned", by=olga, now=NOW + timedelta(days=28))
    with made.pdf.open() as file:
        assert portal.by_file(file.read(), now=NOW + timedelta(days=28)).state == "void"


def test_no_certificate_before_the_last_fen(agreement, pay):
    pay(payments.plan_of(agreement, NOW).total_fen - 1, "2026-12-20")
    with pytest.raises(Refused):
        clearances.issue(agreement=agreement, now=NOW + timedelta(days=26))


def test_the_same_facts_give_the_same_certificate(agreement, pay):
    pay(payments.plan_of(agreement, NOW).total_fen, "2026-12-20")
    facts = clearances.issue(agreement=agreement, now=NOW + timedelta(days=26)).facts
    for language in ("zh-hans", "en"):
        assert clearances.draw(facts, b"{}", language).pdf == clearances.draw(facts, b"{}", language).pdf


def file(agreement, rows):
    head = "loan_number,reference,amount,date,note"
    said = "\n".join([head, *(row.format(c=agreement.case.contract_number) for row in rows)])
    return io.BytesIO(said.encode())


def test_a_file_of_payments_comes_in_once(agreement, olga):
    rows = ["{c},X1,\"1,000.00\",2026-11-20,", "{c},X2,0.50,2026-11-21,app", "NONE,X3,5,2026-11-20,",
            "{c},X4,,2026-11-20,", "{c},X5,-3,2026-11-20,", "{c},X6,3,2027-01-01,"]  # fmt: skip
    first = payment_files.run(file=file(agreement, rows), name="p.csv", profile="bank-a", by=olga, now=NOW)
    assert (first.created, first.unchanged) == (2, 0)
    assert [(refusal.row, refusal.code) for refusal in first.refused] == [
        (4, "payment.no_case"), (5, "payment.missing"), (6, "import.negative"), (7, "payment.to_come"),
    ]  # fmt: skip
    again = payment_files.run(file=file(agreement, rows), name="p.csv", profile="bank-a", by=olga, now=NOW)
    assert (again.created, again.unchanged) == (0, 2)
    assert sorted(Payment.objects.values_list("fen", flat=True)) == [50, 100000]


def test_a_trial_writes_nothing(agreement, olga):
    payment_files.run(file=file(agreement, ["{c},X1,1,2026-11-20,"]), name="p.csv", profile="bank-a", by=olga, now=NOW,
                      dry_run=True)  # fmt: skip
    assert not Payment.objects.exists()


@pytest.mark.parametrize("profile", ["nobody", "../cases", ""])
def test_a_profile_that_is_none(agreement, olga, profile):
    with pytest.raises(Refused):
        payment_files.run(file=file(agreement, []), name="p", profile=profile, by=olga, now=NOW)


# --- messages


def test_the_copy_goes_to_the_number_that_he_signed_at_once(agreement):
    row = Message.objects.get(kind="agreement.copy")
    assert (row.state, row.to, row.tries) == ("sent", "19000000006", 1)
    assert len(row.text_sha256) == 64
    assert "stand-in" in row.sent_by


def test_no_text_link_or_number_stands_in_the_record_or_in_the_row(agreement):
    from agreements import proposals
    from fieldvisit import record

    token = proposals.copy_token(agreement.offer)
    said = str([line["payload"] for line in record.timeline(agreement.case)]) + str(Message.objects.values())
    assert token not in said
    assert "19000000006" not in str([line["payload"] for line in record.timeline(agreement.case)])


def test_a_number_that_was_changed_since_gets_no_copy(agreement):
    agreement.case.parties.update(mobile="19000000007")
    assert copies.number_of(agreement) == ""


def test_reminders_come_three_days_before_only_by_day_and_only_for_what_is_open(agreement, pay):
    row = payments.plan_of(agreement, NOW).rows[0]
    at = NOW + (row.due - TODAY) - timedelta(days=3)
    assert messages.note_due(now=at - timedelta(days=1)) == 0
    night = at.replace(hour=15, minute=30)  # half past eleven in the evening in China
    assert messages.note_due(now=night) == 1
    messages.send_due(now=night)
    waiting = Message.objects.get(kind="agreement.due")
    assert (waiting.state, waiting.next_at > night) == ("waiting", True)
    messages.send_due(now=waiting.next_at)
    waiting.refresh_from_db()
    assert waiting.state == "sent"
    messages.note_due(now=night)
    assert Message.objects.filter(kind="agreement.due").count() == 1


def test_a_reminder_is_dropped_when_it_was_paid_meanwhile(agreement, pay):
    row = payments.plan_of(agreement, NOW).rows[0]
    at = NOW + (row.due - TODAY) - timedelta(days=3)
    messages.note_due(now=at)
    pay(row.amount_fen, at.date().isoformat())
    messages.send_due(now=at)
    assert Message.objects.get(kind="agreement.due").state == "cancelled"


class Broken:
    name = "broken"

    def send(self, **_):
        raise ConnectionError("19000000006 was here")


def test_a_fault_is_tried_again_and_says_no_number(agreement, settings, caplog):
    settings.MESSAGES = {"sms": f"{__name__}.Broken", "email": ""}
    row = messages.note(key="x", kind="agreement.copy", case=agreement.case, to="19000000006", language="en", now=NOW,
                        params={"agreement": str(agreement.pk)})  # fmt: skip
    at = NOW
    for wait in messages.AGAIN:
        messages.send_due(now=at)
        row.refresh_from_db()
        assert (row.state, row.next_at) == ("waiting", at + wait)
        at = row.next_at
    messages.send_due(now=at)
    row.refresh_from_db()
    assert (row.state, row.fault, row.text_sha256) == ("given_up", "ConnectionError", "")
    assert "19000000006" not in caplog.text


def test_without_a_way_to_send_it_waits(agreement, settings):
    settings.MESSAGES = {"sms": "", "email": ""}
    row = messages.note(key="y", kind="agreement.copy", case=agreement.case, to="19000000006", language="en", now=NOW,
                        params={"agreement": str(agreement.pk)})  # fmt: skip
    messages.send_due(now=NOW)
    row.refresh_from_db()
    assert (row.state, row.fault) == ("waiting", "LookupError")


# --- the page of the case


def test_the_page_of_the_case_shows_how_the_plan_is_kept(agreement, pay, client, sign_in, chen, monkeypatch):
    pay(payments.plan_of(agreement, NOW).rows[0].amount_fen, "2026-12-20")
    (panel,) = dossier.panels(agreement.case, chen, NOW + timedelta(days=30))
    assert (panel["context"]["rows"][0]["plan"].kept, panel["context"]["rows"][0]["plan"].state) == (1, "performing")
    page = sign_in(chen).get(reverse("case", args=[agreement.case.ref])).content.decode()
    assert agreement.number in page
    assert "R-2026-12-20" in page


def test_many_plans_are_reckoned_with_one_query(agreement, pay, django_assert_num_queries):
    pay(1000, "2026-12-20")
    with django_assert_num_queries(1):
        payments.plans_of([agreement], NOW)
    with django_assert_num_queries(3):
        pauses.of([agreement.case_id], NOW)
    assert connection.vendor
