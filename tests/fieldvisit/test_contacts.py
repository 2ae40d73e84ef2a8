"""Calls, promises, contact data and requests: with a visit and beside one, by phone and by office, exactly once."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from fieldvisit import cases as case_verbs
from fieldvisit import conduct, contacts, held, history, holds, record
from fieldvisit.models import Contact, ContactChange, Event, Hold, Party, Permission, Promise, Quarantine
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY
from tests.phone import SAME_ORIGIN, Phone

HOUR = timedelta(hours=1)


@pytest.fixture
def phone(ana):
    return Phone(ana)


def said(case):
    return [line["action"] for line in record.timeline(case)]


def statuses(verdicts):
    return [(verdict["status"], verdict["code"]) for verdict in verdicts]


def test_a_call_beside_any_visit_is_in_the_case_and_in_no_visit(phone, visit, dora):
    phone.called(dora)
    assert statuses(phone.deliver()) == [("applied", "")]
    contact = Contact.objects.get()
    assert (contact.case, contact.visit, contact.outcome, contact.by) == (dora, None, "no_answer", phone.user)
    assert said(dora)[-1] == "contact.made/1"
    assert record.verify(dora) == []
    assert statuses(phone.deliver()) == [("applied", "")]
    assert Contact.objects.count() == 1


def test_a_note_without_a_visit_is_invalid_and_stays_on_the_phone(phone, visit):
    phone.append("visit.note/1", {"kind": "statement", "text": "x"}, case_ref=visit.case.ref, visit_id="", at=NOW)
    assert statuses(phone.deliver()) == [("invalid", "event.form")]


def test_a_call_in_a_strangers_case_tells_nothing_and_lies_apart(xu, visit, dora):
    phone = Phone(xu)
    phone.called(dora)
    phone.called(dora, case_ref="no-such-case")
    verdicts = phone.deliver()
    assert statuses(verdicts) == [("held", "being_checked")] * 2
    assert sorted(row.case == dora for row in Quarantine.objects.all()) == [False, True]
    assert Contact.objects.count() == 0


def test_a_call_that_nobody_was_assigned_can_be_let_in(xu, visit, dora, chen):
    phone = Phone(xu)
    phone.called(dora)
    phone.deliver()
    held.decide(event=Quarantine.objects.get(), accept=True, reason="he stood in", by=chen, now=NOW + HOUR)
    assert Contact.objects.get().case == dora
    assert record.verify(dora) == []


def test_a_promise_at_the_door_is_a_row_with_sum_and_day(phone, visit, dora):
    phone.promise(visit, 50_000, "2026-12-01")
    assert statuses(phone.deliver()) == [("applied", "")]
    promise = Promise.objects.get()
    assert (promise.amount_fen, promise.on.isoformat()) == (50_000, "2026-12-01")
    assert (promise.visit, promise.case) == (visit, dora)


@pytest.mark.parametrize(
    ("fen", "on", "code"), [(90_000_000, "2026-12-01", "promise.above_debt"), (100, "2026-11-23", "promise.past")]
)
def test_a_promise_that_does_not_fit_waits_for_a_person_who_may_let_it_pass(phone, visit, chen, fen, on, code):
    phone.promise(visit, fen, on)
    assert statuses(phone.deliver()) == [("held", code)]
    assert not Promise.objects.exists()
    held.decide(event=Event.objects.get(), accept=True, reason="seen the paper", by=chen, now=NOW + HOUR)
    assert Promise.objects.get().amount_fen == fen


def test_new_contact_data_applies_and_stands_in_the_history(phone, visit, dora):
    party = dora.parties.get()
    phone.change(visit, party, "mobile", "19000000006", "19911112222")
    version = dora.version
    assert statuses(phone.deliver()) == [("applied", "")]
    party.refresh_from_db()
    dora.refresh_from_db()
    assert (party.mobile, dora.version) == ("19911112222", version + 1)
    change = ContactChange.objects.get()
    assert (change.before, change.after, change.by) == ("19000000006", "19911112222", phone.user)


def test_a_new_address_is_a_new_row_and_the_old_one_stays(phone, visit, dora):
    party = dora.parties.get()
    before = contacts.value(party, "address")
    phone.change(visit, party, "address", before, "浙江省杭州市西湖区文三路1号")
    assert statuses(phone.deliver()) == [("applied", "")]
    assert party.addresses.count() == 2
    new = party.addresses.order_by("pk").last()
    assert (new.province, new.city, new.district, new.street) == ("浙江省", "杭州市", "西湖区", "文三路1号")


def test_the_same_field_changed_by_the_office_waits_and_accepted_the_phones_value_stands(phone, visit, dora, chen, mia):
    party = dora.parties.get()
    phone.change(visit, party, "mobile", "19000000006", "19911112222")
    contacts.change(party=party, property="mobile", before="19000000006", after="19933334444", by=mia, now=NOW)
    (verdict,) = phone.deliver()
    assert (verdict["status"], verdict["code"]) == ("held", "contact.changed_meanwhile")
    assert Party.objects.get(pk=party.pk).mobile == "19933334444"
    held.decide(event=Event.objects.get(), accept=True, reason="asked him", by=chen, now=NOW + HOUR)
    assert Party.objects.get(pk=party.pk).mobile == "19911112222"
    rows = ContactChange.objects.order_by("pk").values_list("before", "after")
    assert list(rows) == [("19000000006", "19933334444"), ("19933334444", "19911112222")]
    assert record.verify(dora) == []


def test_another_field_changed_by_the_office_is_no_conflict(phone, visit, dora, mia):
    party = dora.parties.get()
    contacts.change(party=party, property="name", before="朵拉", after="朵菈", by=mia, now=NOW)
    phone.change(visit, party, "mobile", "19000000006", "19911112222")
    assert statuses(phone.deliver()) == [("applied", "")]
    party.refresh_from_db()
    assert (party.name, party.mobile) == ("朵菈", "19911112222")


def test_both_wrote_the_same_and_nobody_need_decide(phone, visit, dora, mia):
    party = dora.parties.get()
    contacts.change(party=party, property="mobile", before="19000000006", after="19911112222", by=mia, now=NOW)
    phone.change(visit, party, "mobile", "19000000006", "19911112222")
    assert statuses(phone.deliver()) == [("applied", "")]
    assert ContactChange.objects.count() == 1


def test_the_offices_edit_of_an_old_page_is_refused_with_what_stands(dora, mia):
    party = dora.parties.get()
    with pytest.raises(Refused) as refused:
        contacts.change(party=party, property="mobile", before="1", after="2", by=mia, now=NOW)
    assert refused.value.code == "contact.changed_meanwhile"
    with pytest.raises(Refused):
        contacts.change(party=party, property="id_number", before="1", after="2", by=mia, now=NOW)
    assert not ContactChange.objects.exists()


def test_somebody_of_another_case_is_not_changed(phone, visit, make_case):
    other = make_case("别人").parties.get()
    phone.change(visit, other, "mobile", "19000000006", "19911112222")
    assert statuses(phone.deliver()) == [("held", "contact.nobody")]
    assert Party.objects.get(pk=other.pk).mobile == "19000000006"


def test_closing_is_asked_for_and_a_person_closes(phone, visit, dora, chen):
    phone.status(visit, "closed", "paid")
    assert statuses(phone.deliver()) == [("held", "status.asked")]
    dora.refresh_from_db()
    assert dora.closed_at is None
    held.decide(event=Event.objects.get(), accept=True, reason="the bank confirms", by=chen, now=NOW + HOUR)
    dora.refresh_from_db()
    assert dora.closed_at == NOW + HOUR
    assert "case.closed" in said(dora)
    assert record.verify(dora) == []


def test_a_pause_that_is_accepted_marks_facts_and_holds_commands_until_it_ends(phone, visit, dora, chen):
    phone.status(visit, "paused", "illness")
    phone.deliver()
    held.decide(event=Event.objects.get(), accept=True, reason="yes", by=chen, now=NOW + HOUR)
    hold = Hold.objects.get()
    assert (hold.event, hold.by, hold.reason) == (Event.objects.get(), chen, "illness")
    note, promise = phone.note(visit), phone.promise(visit, 100, "2026-12-01")
    assert statuses(phone.deliver([note, promise], now=NOW + HOUR)) == [("applied", ""), ("held", "case_paused")]
    assert "case_paused" in Event.objects.get(pk=note.id).marks
    holds.release(hold=hold, by=chen, now=NOW + 2 * HOUR, text="He is well.")
    with pytest.raises(Refused):
        holds.release(hold=hold, by=chen, now=NOW + 2 * HOUR, text="He is well.")
    again = phone.promise(visit, 200, "2026-12-01")
    assert statuses(phone.deliver([again], now=NOW + 3 * HOUR)) == [("applied", "")]


def test_a_pause_with_a_last_day_ends_by_itself(phone, visit, dora, chen):
    phone.status(visit, "paused", "wish", until=TODAY.isoformat())
    phone.deliver()
    held.decide(event=Event.objects.get(), accept=True, reason="yes", by=chen, now=NOW)
    assert Hold.objects.standing(TODAY).exists()
    assert not Hold.objects.standing(TODAY + timedelta(days=1)).exists()
    assert timezone.localdate(NOW) == TODAY


def test_a_notice_shown_is_in_the_record(phone, visit, dora):
    phone.append("notice.shown/1", {"notice": "card-and-rights", "language": "zh-hans", "ms": 8000}, visit=visit)
    assert statuses(phone.deliver()) == [("applied", "")]
    assert said(dora)[-1] == "notice.shown/1"


def test_after_the_case_went_to_somebody_else_a_call_of_before_counts_and_one_of_after_does_not(
    phone, visit, dora, xu, chen
):
    before = phone.called(dora, at=NOW)
    case_verbs.assign(cases=[dora], collector=xu, by=chen, now=NOW + HOUR)
    after = phone.called(dora, at=NOW + 2 * HOUR)
    now = NOW + 3 * HOUR
    assert statuses(phone.deliver(now=now)) == [("applied", ""), ("held", "being_checked")]
    assert "after_reassignment" in Event.objects.get(pk=before.id).marks
    assert Quarantine.objects.get().event_id == after.id


# --- the office's own


def test_what_the_office_did_itself_is_in_the_record_and_counts_like_a_call_of_the_field(phone, visit, dora, olga):
    before = conduct.situations([dora], NOW)[dora.pk]["contacts"]
    contacts.log(case=dora, channel="call", outcome="reached", text=" asked for time ", at=NOW - HOUR, by=olga, now=NOW)
    row = Contact.objects.get()
    assert (row.event, row.by, row.text) == (None, olga, "asked for time")
    assert said(dora)[-1] == "contact.logged"
    assert record.verify(dora) == []
    (counted,) = [each for each in conduct.situations([dora], NOW)[dora.pk]["contacts"] if each not in before]
    assert (counted["channel"], counted["result"]) == ("call", "effective")
    line = history.of_cases([dora], NOW)[dora.pk][0]
    assert "asked for time" in line["text"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": "pigeon"}, "contact.log_form"),
        ({"outcome": ""}, "contact.log_form"),
        ({"text": "x" * 1001}, "contact.log_form"),
        ({"at": NOW + HOUR}, "contact.to_come"),
    ],
)
def test_what_cannot_be_written_down(dora, olga, changes, code):
    right = {"channel": "letter", "outcome": "no_answer", "text": "", "at": NOW}
    with pytest.raises(Refused) as refused:
        contacts.log(case=dora, by=olga, now=NOW, **(right | changes))
    assert refused.value.code == code
    assert not Contact.objects.exists()


def test_a_contact_without_an_event_can_be_changed_or_deleted_no_more_than_another(dora, olga):
    contacts.log(case=dora, channel="call", outcome="reached", text="", at=NOW, by=olga, now=NOW)
    for change in (lambda: Contact.objects.update(text="x"), lambda: Contact.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_office_writes_down_a_call_on_the_page_of_the_case(dora, olga, client, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    desk, url = sign_in(olga, client), reverse("case-contacts", args=[dora.ref])
    sent = {"contact-channel": "call", "contact-outcome": "no_answer", "contact-at": "2026-11-24T09:30",
            "contact-text": ""}  # fmt: skip
    assert desk.post(url, sent, headers=SAME_ORIGIN).url == reverse("case", args=[dora.ref])
    assert Contact.objects.get().at == NOW - timedelta(minutes=44)
    desk.post(url, sent | {"contact-at": "2026-11-24T10:30"}, headers=SAME_ORIGIN)
    assert "这个时间还没有到" in desk.get(reverse("case", args=[dora.ref])).content.decode()
    assert Contact.objects.count() == 1


def test_a_pause_is_placed_on_the_page_of_the_case_with_its_last_day(dora, chen, client, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    desk, url = sign_in(chen, client), reverse("case-pauses", args=[dora.ref])
    sent = {"pause-reason": "illness", "pause-text": "in hospital", "pause-until": "2026-12-01"}
    for wrong in ({"pause-until": "2026-11-23"}, {"pause-text": " "}, {"pause-reason": "mood"}):
        desk.post(url, sent | wrong, headers=SAME_ORIGIN)
        assert not Hold.objects.exists()
    desk.post(url, sent, headers=SAME_ORIGIN)
    hold = Hold.objects.get()
    assert (hold.reason, hold.text, hold.until.isoformat(), hold.by) == ("illness", "in hospital", "2026-12-01", chen)
    assert said(dora)[-1] == "case.paused"


def test_a_consent_to_other_hours_is_ended_on_the_page_of_the_case(
    phone, visit, dora, olga, client, sign_in, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    leave = Permission.objects.create(
        case=dora, visit=visit, event=delivered(phone, dora), by=phone.user, at=NOW, from_hour="20:00",
        until_hour="21:00", last_day=TODAY,
    )  # fmt: skip
    desk, url = sign_in(olga, client), reverse("permission-end", args=[leave.pk])
    assert url in desk.get(reverse("case", args=[dora.ref])).content.decode()
    desk.post(url, headers=SAME_ORIGIN)
    leave.refresh_from_db()
    assert (leave.ended_by, said(dora)[-1]) == (olga, "permission.ended")
    assert url not in desk.get(reverse("case", args=[dora.ref])).content.decode()


def delivered(phone, case):
    phone.called(case)
    phone.deliver()
    return Event.objects.get()


def test_the_fourth_talk_of_a_day_is_against_the_rules_and_needs_a_word_why(dora, olga, client, sign_in, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    right = {"channel": "call", "outcome": "reached", "by": olga, "now": NOW}
    for minutes in (50, 40, 30):
        contacts.log(case=dora, text="", at=NOW - timedelta(minutes=minutes), **right)
    page = sign_in(olga, client).get(reverse("case", args=[dora.ref])).content.decode()
    assert "上限 3 次" in page and "GB/T 45251-2025" in page
    with pytest.raises(Refused) as refused:
        contacts.log(case=dora, text="", at=NOW, **right)
    assert refused.value.code == "contact.unlawful"
    contacts.log(case=dora, text="他打回来的", at=NOW, **right)
    assert {"rule": "CN-CALL-01", "effect": "block"} in record.timeline(dora)[-1]["payload"]["verdicts"]
    # a letter is no call, and yesterday's talks are over
    contacts.log(case=dora, text="", at=NOW, **(right | {"channel": "letter"}))
    contacts.log(case=dora, text="", at=NOW - timedelta(days=1), **right)


def test_a_call_at_night_is_against_the_rules(dora, olga):
    night = NOW - timedelta(hours=11)  # 23:14 of the day before
    with pytest.raises(Refused, match="22:00"):
        contacts.log(case=dora, channel="call", outcome="no_answer", text="", at=night, by=olga, now=NOW)
