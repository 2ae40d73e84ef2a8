"""The debtor's own page: who opens it, what is his there, what he may do; no collector reads what he writes."""

import io
import re
import subprocess
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from agreements import concerns, endings, link, payments, portal, proposals, registry
from agreements.models import Agreement, Concern, LinkTry, State, Void
from fieldvisit import cases as case_verbs
from fieldvisit import history, packs, record
from fieldvisit.models import Hold, Message
from fieldvisit.problems import Refused
from tests.cast import NOW, TODAY

from .conftest import signature, strokes

CODE = re.compile(r"(\d{6}) (?:opens|可)")


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def clock(monkeypatch):
    """clock.at = … sets the time of every view."""

    class At:
        at = NOW + timedelta(minutes=5)

    monkeypatch.setattr("django.utils.timezone.now", lambda: At.at)
    return At


@pytest.fixture
def agreement(agreed, tell, deliver, clock):
    tell(agreed(instalments=3))
    deliver()
    found = Agreement.objects.select_related("offer", "case").get()
    assert found.state == "sealed", found.codes
    timezone.now = lambda: clock.at
    return found


@pytest.fixture
def at(agreement):
    """at("copy-key") → the address with this debtor's token."""
    token = proposals.copy_token(agreement.offer)
    return lambda name, *rest: reverse(name, args=[token, *rest])


@pytest.fixture
def mine(client, at):
    """A client that has given the second factor."""
    answer = client.post(at("copy-key"), {"way": "identity", "said": "4076"})
    assert answer.status_code == 302
    return client


# --- the second factor


def test_the_last_four_places_open_it_and_it_shows_what_is_his(mine, at):
    page = mine.get(at("copy")).content.decode()
    assert "This agreement is genuine" in page
    assert "2,670.50" in page
    assert mine.cookies["__Host-fieldvisit-d"]["httponly"]


def test_five_wrong_answers_lock_it_for_a_day_whoever_gives_them(client, at, clock):
    for left in (4, 3, 2, 1):
        page = client.post(at("copy-key"), {"way": "identity", "said": "0000"})
        assert (page.status_code, f"try {left} more" in page.content.decode()) == (422, True)
    assert "Too many tries" in client.post(at("copy-key"), {"way": "code", "said": "000000"}).content.decode()
    other = Client(headers={"accept-language": "en"})
    right = other.post(at("copy-key"), {"way": "identity", "said": "4076"})
    assert (right.status_code, "Too many tries" in right.content.decode()) == (422, True)
    clock.at += timedelta(hours=24, minutes=1)
    assert other.post(at("copy-key"), {"way": "identity", "said": "4076"}).status_code == 302


def test_a_right_answer_forgives_the_wrong_ones_before(client, at):
    for _ in range(4):
        client.post(at("copy-key"), {"way": "identity", "said": "0000"})
    assert client.post(at("copy-key"), {"way": "identity", "said": " 40 76 "}).status_code == 302
    assert client.post(at("copy-key"), {"way": "identity", "said": "0000"}).status_code == 422


def test_a_code_to_his_own_number_opens_it_once(client, at, clock, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(at("copy-code")).status_code == 200
    assert Message.objects.get(kind="link.code").state == "sent"
    texts = (settings.FIELDVISIT_DATA / "messages.txt").read_text()
    code = CODE.findall(texts)[-1]
    assert client.post(at("copy-key"), {"way": "code", "said": code}).status_code == 302
    again = Client()
    assert again.post(at("copy-key"), {"way": "code", "said": code}).status_code == 422


def test_a_code_is_good_for_ten_minutes(client, at, clock, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("copy-code"))
    code = CODE.findall((settings.FIELDVISIT_DATA / "messages.txt").read_text())[-1]
    clock.at += timedelta(minutes=10, seconds=1)
    assert client.post(at("copy-key"), {"way": "code", "said": code}).status_code == 422


def test_no_row_holds_a_code(client, at, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(at("copy-code"))
    from agreements import copies

    code = copies.code_of(LinkTry.objects.get(way="sent"))
    assert code not in str(list(Message.objects.values("params", "key", "kind", "text_sha256")))


def test_the_cookie_of_one_link_opens_no_other(agreement, client, mine, at, monkeypatch):
    value = mine.cookies["__Host-fieldvisit-d"].value
    other = proposals.Offer(copy_token_sha256="0" * 64)
    assert link.opened(agreement.offer, value)
    assert not link.opened(other, value)
    assert not link.opened(agreement.offer, value[:-1] + ("A" if value[-1] != "A" else "B"))
    assert not link.opened(agreement.offer, None)


@pytest.mark.parametrize("name", ["copy-paper", "copy-calendar", "copy-withdrawal", "copy-clearance"])
def test_nothing_of_his_is_given_without_the_second_factor(client, at, name):
    answer = client.get(at(name))
    assert (answer.status_code, answer["Location"]) == (302, at("copy"))


def test_a_closed_page_is_closed(mine, at):
    mine.post(at("copy-leave"))
    assert "Open your page" in mine.get(at("copy")).content.decode()


def test_an_old_link_says_that_it_is_over(agreement, client, at, clock):
    clock.at += timedelta(days=600)
    page = client.get(at("copy"))
    assert (page.status_code, "This link is over" in page.content.decode()) == (410, True)


def test_no_answer_is_kept_or_told_to_another_site(mine, at):
    for name in ("copy", "copy-paper", "copy-calendar", "copy-withdrawal"):
        answer = mine.get(at(name))
        assert answer["Referrer-Policy"] == "same-origin", name
        assert answer["Cache-Control"].startswith("private, no-store"), name


# --- what is his


def test_his_copy_is_the_sealed_paper(agreement, mine, at):
    paper = b"".join(mine.get(at("copy-paper")).streaming_content)
    assert portal.by_file(paper, now=NOW).state == "genuine"


def test_the_calendar_names_days_and_no_sum(agreement, mine, at, olga):
    first = payments.plan_of(agreement, NOW).rows[0]
    payments.record_payment(case=agreement.case, reference="a", fen=first.amount_fen, paid_on=TODAY, by=olga, now=NOW)
    raw = mine.get(at("copy-calendar")).content
    events = list(Calendar.from_ical(raw).walk("VEVENT"))
    assert [event["dtstart"].dt.isoformat() for event in events] == ["2027-01-25", "2027-02-25"]
    assert b"2670" not in raw
    assert all(event.walk("VALARM") for event in events)
    assert b"\r\n" in raw and max(map(len, raw.split(b"\r\n"))) <= 75


def test_looking_changes_nothing_even_when_it_is_open(mine, at):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for name, rest in (("copy", ()), ("copy-paper", ()), ("copy-withdrawal", ()), ("copy-concern", ("complaint",))):
        with CaptureQueriesContext(connection) as queries:
            assert mine.get(at(name, *rest)).status_code == 200
        assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []


def test_bigger_type_stays_through_the_page(mine, at):
    page = mine.get(at("copy") + "?big=1").content.decode()
    assert 'class="bigger"' in page
    assert at("copy-withdrawal") + "?big=1" in page


def test_no_script_is_needed(mine, at):
    for name, rest in (("copy", ()), ("copy-withdrawal", ()), ("copy-concern", ("new-plan",))):
        assert b"<script" not in mine.get(at(name, *rest)).content


# --- taking it back


def test_within_the_cooling_off_he_takes_it_back(agreement, mine, at):
    assert 'Until the end of <span class="keep">2026-11-27</span>' in mine.get(at("copy")).content.decode()
    assert mine.post(at("copy-withdrawal"), {}).status_code == 422
    assert mine.post(at("copy-withdrawal"), {"sure": "1", "reason": ""}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == State.VOID
    assert Void.objects.get().withdrawal
    assert "This agreement is void" in mine.get(at("copy")).content.decode()
    paper = b"".join(mine.get(at("copy-paper")).streaming_content)
    assert portal.by_file(paper, now=NOW).state == "withdrawn"
    assert record.verify(agreement.case) == []


def test_the_last_day_is_a_whole_day_where_the_creditor_is(agreement, clock):
    last = endings.withdraw_until(agreement)
    assert last == TODAY + timedelta(days=3)
    one_second = NOW.replace(hour=15, minute=59, second=59) + timedelta(days=3)  # 23:59:59 in China
    assert endings.may_withdraw(agreement, one_second)
    assert not endings.may_withdraw(agreement, one_second + timedelta(seconds=1))
    with pytest.raises(Refused):
        endings.withdraw(agreement=agreement, reason="", now=one_second + timedelta(seconds=1))


def test_what_was_taken_back_before_it_was_sealed_is_never_sealed(agreed, tell, deliver):
    events = tell(agreed())
    deliver(events[:-1])
    agreement = Agreement.objects.get()
    assert agreement.state == State.COLLECTING
    endings.withdraw(agreement=agreement, reason="", now=NOW)
    deliver(events[-1:])
    agreement.refresh_from_db()
    assert agreement.state == State.VOID
    assert portal.by_token(proposals.copy_token(agreement.offer), now=NOW).state == "withdrawn"


# --- the office ends one


def test_a_void_needs_a_second_person(agreement, chen, mia, olga):
    with pytest.raises(Refused):
        endings.void(agreement=agreement, reason="x", by=olga, now=NOW)
    with pytest.raises(Refused):
        endings.void(agreement=agreement, reason=" ", by=chen, now=NOW)
    asked = endings.void(agreement=agreement, reason="Signed for another contract.", by=chen, now=NOW)
    agreement.refresh_from_db()
    assert agreement.state == State.SEALED
    with pytest.raises(Refused):
        endings.decide(asked=asked, agree=True, by=chen, now=NOW)
    endings.decide(asked=asked, agree=True, by=mia, now=NOW)
    agreement.refresh_from_db()
    assert agreement.state == State.VOID
    code = agreement.terms_sha256[:16]
    assert portal.by_code(code).state == "void"


def test_a_void_that_is_declined_leaves_it_in_force(agreement, chen, mia):
    asked = endings.void(agreement=agreement, reason="x", by=chen, now=NOW)
    endings.decide(asked=asked, agree=False, by=mia, now=NOW)
    agreement.refresh_from_db()
    assert agreement.state == State.SEALED
    assert endings.void(agreement=agreement, reason="again", by=chen, now=NOW).agreed is None


def test_a_later_agreement_replaces_the_earlier_and_names_it(agreement, agreed, tell, deliver, chen, visit, phone):
    from agreements.rules import document, schedule, wording

    endings.renew(agreement=agreement, reason="He lost his work.", by=chen, now=NOW)
    agreement.case.refresh_from_db()
    offer = proposals.offer_for(agreement.case, now=NOW)
    from fieldvisit import wire

    body = wire.parse(bytes(offer.body))
    assert body["supersedes"] == agreement.terms_sha256
    import rfc8785
    from uuid6 import uuid7

    choice = {"method": "interest-free/1", "instalments": 24, "anchor_day": 25, "interest_from": TODAY.isoformat(),
              "first_due": schedule.first_due(TODAY, 25).isoformat()}  # fmt: skip
    later = document.build(body, choice, wording.load("cn-repayment"), wording.load("cn-rights"), "zh-hans",
                           str(uuid7()), offer_sig=offer.sig, canonical=rfc8785.dumps)  # fmt: skip
    assert later["supersedes"] == agreement.terms_sha256
    tell(later, signed=[signature(later, strokes=strokes(7))])
    deliver()
    found = Agreement.objects.get(pk=later["agreement_id"])
    assert (found.state, found.codes) == (State.SEALED, [])
    agreement.refresh_from_db()
    assert (agreement.state, agreement.renewal.replaced_by) == (State.SUPERSEDED, found)
    assert portal.by_code(agreement.terms_sha256[:16]).state == "superseded"
    assert portal.by_code(found.terms_sha256[:16]).state == "sealed"
    # the evidence and the paper name it too: number, day and hashes
    with found.sealed.evidence.open() as file:
        named = wire.parse(file.read())["supersedes"]
    assert named == {"number": agreement.number, "sealed_on": TODAY.isoformat(),
                     "terms_sha256": agreement.terms_sha256, "pdf_sha256": agreement.sealed.pdf_sha256}  # fmt: skip
    with found.sealed.pdf.open() as file:
        read = subprocess.run(["pdftotext", "-raw", "-", "-"], input=file.read(), capture_output=True, check=True)
    said = "".join(read.stdout.decode().split())
    assert f"还款协议{agreement.number}，校验码{document.check_code(agreement.terms_sha256)}" in said
    assert agreement.sealed.pdf_sha256 in said and agreement.terms_sha256 in said


def test_without_leave_of_the_office_nothing_replaces_it(agreement, agreed, tell, deliver):
    later = agreed(instalments=24)
    tell(later, signed=[signature(later, strokes=strokes(7))])
    deliver()
    found = Agreement.objects.get(pk=later["agreement_id"])
    assert (found.state, "seal.in_force" in found.codes) == (State.HELD, True)


# --- what he writes


def write(mine, at, kind, text="They shouted at me.", **more):
    return mine.post(at("copy-concern", kind), {"text": text} | more)


def test_a_complaint_stops_the_visits_and_is_answered_where_he_reads_it(agreement, mine, at, ana, chen, olga, clock):
    assert write(mine, at, "complaint").status_code == 302
    made = Concern.objects.get()
    assert (made.text, made.hold.reason, made.hold.by) == ("They shouted at me.", "complaint", None)
    with pytest.raises(Refused):
        case_verbs.plan_visits(cases=[agreement.case], collector=ana, second=None, on=TODAY, by=chen, now=NOW)
    assert "answer by 2026-12-09" in mine.get(at("copy")).content.decode()
    concerns.step(concern=made, kind="taken", text="", by=olga, now=NOW)
    concerns.step(concern=made, kind="answered", text="We are sorry. He does not visit you again.", by=olga, now=NOW)
    assert "We are sorry." in mine.get(at("copy")).content.decode()
    assert Hold.objects.get().released_at is None


def test_a_longer_time_is_told_and_ends_at_sixty_days(agreement, mine, at, olga):
    write(mine, at, "complaint")
    made = Concern.objects.get()
    for _ in range(2):
        concerns.step(concern=made, kind="extended", text="We ask the bank.", by=olga, now=NOW)
    assert concerns.of([made], NOW)[0].by == TODAY + timedelta(days=60)
    with pytest.raises(Refused):
        concerns.step(concern=made, kind="extended", text="Once more.", by=olga, now=NOW)
    assert "We ask the bank." in mine.get(at("copy")).content.decode()


def test_no_collector_learns_of_it_neither_on_the_phone_nor_in_the_record(agreement, mine, at, ana, olga):
    write(mine, at, "complaint", text="Ana was rude.")
    made = Concern.objects.get()
    concerns.step(concern=made, kind="answered", text="Thank you, we looked.", by=olga, now=NOW)
    from fieldvisit import holds

    holds.release(hold=made.hold, by=olga, now=NOW, text="Thank you, we looked.")
    pack = str(packs.build(ana, now=NOW))
    for word in ("Ana was rude", "we looked", "wrote to the office", "was answered", "他来信了"):
        assert word not in pack, word
    lines = history.of_cases([agreement.case], NOW)[agreement.case_id]
    assert not [line for line in lines if line["action"].startswith("concern.")]
    assert [line for line in record.timeline(agreement.case) if line["action"] == "concern.received"]


def test_who_was_at_the_door_does_not_answer(agreement, mine, at, bruno):
    write(mine, at, "feedback")
    bruno.role = "reviewer"
    bruno.save()
    with pytest.raises(Refused):
        concerns.step(concern=Concern.objects.get(), kind="answered", text="All was well.", by=bruno, now=NOW)


def test_another_plan_needs_no_words_and_stops_nothing(agreement, mine, at):
    assert write(mine, at, "new-plan", text="", month="300.50").status_code == 302
    made = Concern.objects.get()
    assert (made.month_fen, made.hold) == (30050, None)
    assert write(mine, at, "complaint", text="  ").status_code == 422
    assert write(mine, at, "new-plan", text="", month="lots").status_code == 422


def test_a_flood_is_asked_to_telephone(agreement, mine, at):
    for n in range(5):
        assert write(mine, at, "feedback", text=str(n)).status_code == 302
    assert write(mine, at, "feedback", text="6").status_code == 422


def test_a_kind_that_is_none(mine, at):
    assert mine.get(at("copy-concern", "threat")).status_code == 404


def test_while_it_is_paused_nothing_is_offered_and_what_was_signed_is_held(agreed, tell, deliver, visit, ana):
    from fieldvisit import pauses

    pauses.place(case=visit.case, reason="dispute", text="x", by=None, now=NOW - timedelta(minutes=1))
    assert registry._offers(ana, [visit], NOW) == {}
    assert packs.build(ana, now=NOW)["data"]["paused"] == {visit.case.ref: "hold"}
    tell(agreed())
    deliver()
    found = Agreement.objects.first()
    assert found is None or "seal.on_hold" in found.codes


def test_the_office_sees_it_with_its_last_day_and_answers(agreement, mine, at, sign_in, olga, clock):
    write(mine, at, "dispute", text="I paid in May.")
    desk = sign_in(olga, Client(headers={"accept-language": "en"}))
    page = desk.get(reverse("concerns")).content.decode()
    assert "I paid in May." in page
    assert "2026-12-09" in page
    made = Concern.objects.get()
    url = reverse("concern-steps", args=[made.pk])
    assert desk.post(url, {"kind": "answered", "text": ""}).status_code == 422
    assert desk.post(url, {"kind": "answered", "text": "You are right.", "resume": "1"}).status_code == 302
    assert Hold.objects.get().released_by == olga
    clock.at += timedelta(days=20)
    write(mine, at, "dispute", text="Again.")


def test_a_line_of_alarm_when_the_last_day_is_over(agreement, mine, at, chen):
    write(mine, at, "complaint")
    assert concerns.overdue(chen, NOW) == 0
    assert concerns.overdue(chen, NOW + timedelta(days=16)) == 1


def test_a_calendar_is_a_file_that_a_calendar_reads(agreement, mine, at):
    assert io.BytesIO(mine.get(at("copy-calendar")).content).read().startswith(b"BEGIN:VCALENDAR")
