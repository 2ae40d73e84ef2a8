"""Work from phones: everything exactly once, whatever order, however often, and whatever else is in the request."""

import json
import random
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from uuid6 import uuid7

from fieldvisit import cases as case_verbs
from fieldvisit import handlers, intake, keys, receipts, record, wire
from fieldvisit.models import (
    Consent,
    EntryDetail,
    Event,
    Note,
    Position,
    Quarantine,
    Receipt,
    Visit,
)
from fieldvisit.visits import refresh_complete
from tests.cast import NOW
from tests.phone import HOME, Phone

DAY = timedelta(days=1)


@pytest.fixture
def phone(ana):
    return Phone(ana)


def statuses(verdicts):
    return [verdict["status"] for verdict in verdicts]


def whole_visit(phone, visit):
    return [
        phone.started(visit),
        phone.consent(visit),
        phone.note(visit),
        phone.location(visit),
        phone.ended(visit),
    ]


def test_a_whole_visit_becomes_the_visit_its_notes_and_its_record(phone, visit):
    whole_visit(phone, visit)
    verdicts = phone.deliver()
    assert statuses(verdicts) == ["applied"] * 5
    visit.refresh_from_db()
    assert visit.started_at == NOW + timedelta(seconds=1)
    assert (visit.outcome, visit.next_action, visit.last_seq) == ("no_agreement", "visit", 5)
    assert visit.complete_at == NOW
    assert Note.objects.get().text == "月底发工资后先还 500 元。"
    assert Consent.objects.get().present == ["debtor"]
    assert [(p.lat_e7, p.refused) for p in Position.objects.order_by("at")] == [(HOME["lat_e7"], ""), (None, "denied")]
    lines = record.timeline(visit.case)[-5:]
    assert [line["object"] for line in lines] == [f"event:{saved.id}" for saved in phone.outbox]
    assert lines[2]["action"] == "visit.note/1" and lines[2]["payload"]["body"]["kind"] == "statement"
    assert record.verify(visit.case) == []


def test_the_server_keeps_the_very_bytes_the_phone_signed(phone, visit):
    saved = phone.note(visit, "“é” é 𠮷 \u2028")
    phone.deliver()
    row = Event.objects.get()
    assert bytes(row.bytes) == saved.bytes and row.sha256 == saved.sha256 == wire.sha256(bytes(row.bytes))
    assert wire.signed_by(wire.unb64url(phone.public_key), bytes(row.bytes), bytes(row.signature))


def test_a_verdict_is_a_signed_receipt(phone, visit):
    saved = phone.note(visit)
    (verdict,) = phone.deliver()
    assert verdict["sha256"] == saved.sha256 and verdict["server_seq"] and verdict["rev"] == 1
    sig = verdict.pop("sig")
    assert keys.verify(wire.canonical(verdict), sig, verdict["key_id"])
    assert not keys.verify(wire.canonical(verdict | {"status": "held"}), sig, verdict["key_id"])


def test_the_same_again_gets_the_stored_receipt_byte_for_byte(phone, visit):
    phone.note(visit)
    phone.note(visit)
    device = phone.device
    first = intake.ingest_batch(phone.items(), actor=phone.user, device=device, now=NOW)
    again = intake.ingest_batch(phone.items(), actor=phone.user, device=device, now=NOW + DAY)
    assert again.verdicts == first.verdicts
    assert (first.repeats, again.repeats) == ([], [0, 1])
    twice = intake.ingest_batch(phone.items() * 2, actor=phone.user, device=device, now=NOW + DAY)
    assert twice.verdicts == first.verdicts * 2


def test_an_event_twice_in_one_request_is_stored_once(phone, visit):
    item = phone.note(visit).item
    answer = intake.ingest_batch([item, item], actor=phone.user, device=phone.device, now=NOW)
    assert answer.verdicts[0] == answer.verdicts[1] and answer.repeats == [1]
    assert Event.objects.count() == Note.objects.count() == 1


def test_two_deliberate_notes_with_the_same_words_stay_two(phone, visit):
    phone.note(visit, "不在家")
    phone.note(visit, "不在家")
    phone.deliver()
    assert Note.objects.count() == 2


def test_a_retry_storm_leaves_exactly_one_row_per_event(phone, visit, dora, ana, bruno, chen):
    """200 events of four visits, each sent one to four times, in random batches and in random order."""
    rng = random.Random(20261124)
    plan = {"cases": [dora], "collector": ana, "second": bruno, "by": chen, "now": NOW}
    days = [NOW.date() + timedelta(days=number) for number in (1, 2, 3)]
    visits = [visit, *(planned for day in days for planned in case_verbs.plan_visits(**plan, on=day))]
    for _ in range(50):
        for each in visits:
            phone.note(each)
    queue = [saved for saved in phone.outbox for _ in range(rng.randint(1, 4))]
    rng.shuffle(queue)
    last = {}
    while queue:
        batch, queue = queue[:50], queue[50:]
        for saved, verdict in zip(batch, phone.deliver(batch), strict=True):
            assert verdict["status"] == "applied"
            assert last.setdefault(saved.id, verdict) == verdict
    assert Event.objects.count() == Note.objects.count() == Receipt.objects.count() == 200
    assert len(set(Event.objects.values_list("server_seq", flat=True))) == 200
    assert record.verify(dora) == []


@pytest.mark.parametrize("place", [0, 1, 24, 48, 49])
@pytest.mark.parametrize("poison", ["envelope", "schema", "type", "not an item", "other event"])
def test_one_bad_event_of_fifty_spoils_nothing(phone, visit, place, poison):
    for _ in range(49):
        phone.note(visit)
    good = phone.items()
    bad = phone.note(visit)
    if poison == "envelope":
        bad = bad.item | {"envelope": bad.item["envelope"][:-4] + "AAAA"}
    elif poison == "schema":
        bad = phone.seal(bad.event | {"body": {"kind": "gossip", "text": "x"}}).item
    elif poison == "type":
        bad = phone.seal(bad.event | {"type": "visit.dance/1"}).item
    elif poison == "not an item":
        bad = 7
    else:
        bad = bad.item | {"event_id": str(uuid4())}
    items = [*good[:place], bad, *good[place:]]
    answer = intake.ingest_batch(items, actor=phone.user, device=phone.device, now=NOW)
    verdicts = [json.loads(each) for each in answer.verdicts]
    assert verdicts[place]["status"] == "invalid" and verdicts[place]["message"] and verdicts[place]["rev"] == 0
    assert statuses(verdicts[:place] + verdicts[place + 1 :]) == ["applied"] * 49
    assert Note.objects.count() == 49


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"extra": 1}, "event.form"),
        ({"v": 2}, "event.form"),
        ({"seq": 0}, "event.form"),
        ({"seq": True}, "event.form"),
        ({"captured_at": "2026-11-24 10:14:07"}, "event.form"),
        ({"captured_at": "2026-13-24T10:14:07.120+08:00"}, "event.form"),
        ({"case_ref": ""}, "event.form"),
        ({"depends_on": ["x"]}, "event.form"),
        ({"prev_sha256": "AB" * 32}, "event.form"),
        ({"body": {"kind": "statement", "text": ""}}, "event.form"),
        ({"body": {"kind": "statement", "text": "x" * 4001}}, "event.form"),
        ({"body": {"kind": "statement", "text": "x", "more": 1}}, "event.form"),
        ({"body": {"kind": "statement"}}, "event.form"),
        ({"body": []}, "event.form"),
        ({"device_id": str(uuid4())}, "event.device"),
        ({"type": "visit.unknown/9"}, "event.type"),
    ],
)
def test_a_deviating_form_is_invalid_with_its_reason_and_nothing_is_stored(phone, visit, change, code):
    saved = phone.seal(phone.note(visit).event | change)
    (verdict,) = phone.deliver([saved])
    assert (verdict["status"], verdict["code"], verdict["sha256"]) == ("invalid", code, saved.sha256)
    assert Event.objects.count() == Quarantine.objects.count() == Receipt.objects.count() == 0


@pytest.mark.parametrize("next_on", ["2026-W01-1", "0001-01-01", "9999-12-31", "2026-02-30", "20261201--", ""])
def test_a_day_is_written_one_way(phone, visit, next_on):
    body = phone.ended(visit).event["body"] | {"next_on": next_on}
    (verdict,) = phone.deliver([phone.append("visit.ended/1", body, visit=visit)])
    assert (verdict["status"], verdict["code"]) == ("invalid", "event.form") and "next_on" in verdict["message"]


def test_an_event_signed_by_another_key_is_invalid(phone, visit, ana):
    other = Phone(ana, register=False)
    other.id = phone.id
    (verdict,) = phone.deliver([other.note(visit)])
    assert (verdict["status"], verdict["code"]) == ("invalid", "event.signature")


def test_an_event_that_is_signed_but_is_no_json_is_invalid(phone, visit):
    from tests.phone import envelope

    event_id, raw = str(uuid7()), b'{"v":1, "event_id": 1.5}'
    sent = envelope(wire.sign(phone.key, raw) + raw, event_id, "visit.note/1")
    item = {"event_id": event_id, "type": "visit.note/1", "envelope": wire.b64url(sent)}
    verdict = json.loads(intake.ingest(item, actor=phone.user, device=phone.device, now=NOW))
    assert (verdict["status"], verdict["code"]) == ("invalid", "event.json")


@pytest.mark.parametrize("item", [None, [], "x", {}, {"event_id": 1, "type": 2, "envelope": 3}, {"event_id": "\ud800"}])
def test_what_is_no_item_gets_a_verdict_too(phone, item):
    verdict = json.loads(intake.ingest(item, actor=phone.user, device=phone.device, now=NOW))
    assert verdict["status"] == "invalid" and verdict["event_id"] in ("", "x")


def test_the_same_id_with_other_bytes_is_kept_apart_and_overwrites_nothing(phone, visit):
    first = phone.note(visit, "先说的")
    other = phone.seal(first.event | {"body": {"kind": "statement", "text": "后来改的"}})
    phone.deliver([first])
    for _ in range(2):
        (verdict,) = phone.deliver([other])
        assert (verdict["status"], verdict["code"]) == ("held", "same_id_other_bytes")
        assert verdict["sha256"] == other.sha256 and verdict["server_seq"] is None
    assert Note.objects.get().text == "先说的"
    assert bytes(Event.objects.get().bytes) == first.bytes
    row = Quarantine.objects.get()
    assert row.reason == "same_id_other_bytes" and bytes(row.bytes).endswith(other.bytes)
    assert statuses(phone.deliver([first])) == ["applied"]


def test_both_in_one_request_the_first_counts(phone, visit):
    first = phone.note(visit, "一")
    other = phone.seal(first.event | {"body": {"kind": "statement", "text": "二"}})
    assert statuses(phone.deliver([first, other])) == ["applied", "held"]
    assert Note.objects.get().text == "一"


def test_the_same_id_under_another_case_is_kept_apart(phone, visit, make_case, ana, bruno, chen):
    second = make_case("别人")
    case_verbs.assign(cases=[second], collector=ana, by=chen, now=NOW)
    (elsewhere,) = case_verbs.plan_visits(cases=[second], collector=ana, second=bruno, on=NOW.date(), by=chen, now=NOW)
    first = phone.note(visit)
    moved = phone.seal(first.event | {"visit_id": str(elsewhere.pk), "case_ref": second.ref})
    assert statuses(phone.deliver([first, moved])) == ["applied", "held"]
    assert Event.objects.get().case == visit.case


def test_whose_work_it_never_was_is_held_without_a_word_about_the_case(visit, xu):
    phone = Phone(xu)
    phone.note(visit)
    phone.append("visit.note/1", {"kind": "statement", "text": "x"}, visit_id=uuid7(), case_ref="nosuchcase")
    phone.note(visit, case_ref="other")
    verdicts = phone.deliver()
    assert {(v["status"], v["code"], v["message"], v["server_seq"]) for v in verdicts} == {
        ("held", "being_checked", verdicts[0]["message"], None)
    }
    assert Event.objects.count() == Note.objects.count() == 0
    assert Quarantine.objects.count() == 3
    assert phone.deliver() == verdicts
    assert not EntryDetail.objects.filter(entry__case=visit.case, entry__action="visit.note/1").exists()


def test_after_reassignment_the_late_visit_is_taken_in_and_marked(phone, visit, xu, chen):
    """Ana was at the door offline; meanwhile the case went to Xu. The visit is Ana's, not Xu's."""
    whole_visit(phone, visit)
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=2))
    (his,) = Visit.objects.filter(collector=xu)
    assert statuses(phone.deliver(now=NOW + timedelta(hours=3))) == ["applied"] * 5
    assert all("after_reassignment" in row.marks for row in Event.objects.all())
    visit.refresh_from_db()
    assert visit.collector == phone.user and visit.outcome == "no_agreement"
    his.refresh_from_db()
    assert his.started_at is None and not his.notes.exists()


def test_both_were_at_the_door_and_each_visit_counts_once_and_apart(phone, visit, xu, chen):
    """Xu has made his visit and handed it in; then the phone of Ana, who had been there before, finds a signal."""
    whole_visit(phone, visit)
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=2))
    (his,) = Visit.objects.filter(collector=xu)
    other = Phone(xu, now=NOW + timedelta(hours=3))
    other.started(his), other.note(his, "Xu was here."), other.ended(his)
    assert statuses(other.deliver(now=NOW + timedelta(hours=4))) == ["applied"] * 3
    assert statuses(phone.deliver(now=NOW + timedelta(hours=5))) == ["applied"] * 5
    for each in (visit, his):
        each.refresh_from_db()
        assert each.complete_at
    assert [note.text for note in his.notes.all()] == ["Xu was here."] and visit.collector == phone.user
    late = {row.visit_id: row.marks for row in Event.objects.all()}
    assert "after_reassignment" in late[visit.pk] and "after_reassignment" not in late[his.pk]
    assert Visit.objects.filter(ended_at__isnull=False).count() == 2


def test_a_case_that_comes_back_the_same_day_has_one_visit_to_make(visit, ana, xu, chen):
    for collector in (xu, ana):
        case_verbs.assign(cases=[visit.case], collector=collector, by=chen, now=NOW + timedelta(hours=1))
    assert list(Visit.objects.filter(collector=ana)) == [visit] and Visit.objects.count() == 2


def test_work_captured_after_the_case_went_away_is_held(phone, visit, xu, chen):
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=2))
    phone.note(visit, at=NOW + timedelta(hours=3))
    assert statuses(phone.deliver(now=NOW + timedelta(hours=4))) == ["held"]
    assert Note.objects.count() == 0


def test_the_corrected_time_decides_not_the_phone_clock(phone, visit, xu, chen):
    """The phone runs three hours fast, and knows it."""
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=2))
    phone.clock["offset_ms"] = -3 * 3600 * 1000
    phone.note(visit, at=NOW + timedelta(hours=3))
    assert statuses(phone.deliver(now=NOW + timedelta(hours=4))) == ["applied"]
    assert "clock_wrong" in Event.objects.get().marks
    assert Event.objects.get().corrected_at == NOW


def test_the_companion_may_hand_in_what_his_own_phone_took(visit, bruno):
    phone = Phone(bruno)
    phone.note(visit)
    assert statuses(phone.deliver()) == ["applied"]
    assert Event.objects.get().marks == []


def test_another_user_may_carry_and_the_author_stays_the_author(phone, visit, xu):
    phone.note(visit)
    assert statuses(phone.deliver(by=xu)) == ["applied"]
    row = Event.objects.get()
    assert (row.actor, row.device.user, row.marks) == (xu, phone.user, ["carried"])
    line = record.timeline(visit.case)[-1]
    assert line["actor"] == phone.user and line["payload"]["carried_by"] == "xu"


def test_a_closed_case_takes_facts_and_marks_them(phone, visit):
    visit.case.closed_at = NOW
    visit.case.save()
    phone.note(visit)
    assert statuses(phone.deliver()) == ["applied"]
    assert Event.objects.get().marks == ["case_closed"]


@pytest.mark.parametrize(
    ("offset_ms", "age_s", "shift", "marks"),
    [
        (0, 60, timedelta(0), []),
        (-412, 5400, timedelta(0), []),
        (None, None, timedelta(0), ["clock_unknown"]),
        (10 * 60_000, 60, -timedelta(minutes=10), []),
        (24 * 3_600_000, 60, -DAY, ["clock_wrong"]),
        (-24 * 3_600_000, 60, DAY, ["clock_wrong"]),
        (0, 60, timedelta(minutes=10), ["clock_ahead"]),
        (None, None, -timedelta(days=20_000), ["clock_unknown", "clock_behind"]),
        (0, 60, timedelta(days=4500), ["clock_ahead"]),
        (0, 8 * 86400, timedelta(0), ["clock_stale"]),
        (-3_000_000_000_000, 60, timedelta(0), ["clock_wrong", "clock_behind"]),
    ],
)
def test_a_strange_clock_is_marked_and_never_a_reason_to_lose_work(phone, visit, offset_ms, age_s, shift, marks):
    phone.clock |= {"offset_ms": offset_ms, "offset_age_s": age_s}
    phone.note(visit, at=NOW + shift)
    assert statuses(phone.deliver()) == ["applied"]
    assert Event.objects.get().marks == marks


def test_a_removal_on_the_phone_shows(phone, visit):
    phone.note(visit)
    phone.note(visit)
    phone.tip = "0" * 64
    phone.note(visit)
    phone.deliver()
    assert [row.marks for row in Event.objects.order_by("device_seq")] == [[], [], ["chain_broken"]]


def test_a_number_used_twice_shows(phone, visit):
    phone.note(visit)
    phone.device_seq, phone.tip = 0, None
    phone.note(visit)
    assert statuses(phone.deliver()) == ["applied"] * 2
    assert sorted(map(len, Event.objects.values_list("marks", flat=True))) == [0, 1]


def test_a_gap_is_a_signal_not_an_error(phone, visit):
    phone.note(visit)
    phone.note(visit)
    assert statuses(phone.deliver(phone.outbox[1:])) == ["applied"]
    assert Event.objects.get().marks == []


def test_all_orders_of_a_visit_of_five_end_the_same(phone, make_case, ana, bruno, chen):
    """120 visits, each delivered one event at a time in another order, two of them depending on earlier ones."""
    case = make_case()
    case_verbs.assign(cases=[case], collector=ana, by=chen, now=NOW)
    visits = case_verbs.plan_visits(cases=[case] * 120, collector=ana, second=bruno, on=NOW.date(), by=chen, now=NOW)
    for visit, order in zip(visits, permutations(range(5)), strict=True):
        visit.case = case
        started = phone.started(visit)
        consent = phone.consent(visit, depends_on=[started])
        events = [
            started,
            consent,
            phone.note(visit),
            phone.location(visit),
            phone.ended(visit, depends_on=[started, consent]),
        ]
        for place in order:
            (verdict,) = phone.deliver([events[place]])
            assert verdict["status"] in ("applied", "held")
    for visit in Visit.objects.filter(case=case):
        assert visit.complete_at and visit.outcome == "no_agreement" and visit.started_at and visit.second == bruno
    assert Event.objects.count() == 600 and not Event.objects.exclude(status="applied").exists()
    assert Note.objects.count() == Consent.objects.count() == 120
    assert record.verify(case) == []


def test_a_child_waits_for_its_parent_and_then_gets_a_new_revision(phone, visit):
    parent = phone.note(visit, "先")
    child = phone.note(visit, "后", depends_on=[parent])
    (verdict,) = phone.deliver([child])
    assert (verdict["status"], verdict["code"], verdict["rev"]) == ("held", "waiting", 1)
    assert Note.objects.count() == 0
    assert statuses(phone.deliver([parent])) == ["applied"]
    assert Note.objects.count() == 2
    (again,) = phone.deliver([child])
    assert (again["status"], again["rev"], again["server_seq"]) == ("applied", 2, verdict["server_seq"])
    bodies, last = receipts.since(phone.device, 0)
    assert [(json.loads(b)["counter"], json.loads(b)["status"], json.loads(b)["rev"]) for b in bodies] == [
        (1, "held", 1),
        (2, "applied", 1),
        (3, "applied", 2),
    ]
    assert receipts.since(phone.device, last) == ([], 3)


def test_a_chain_of_waiting_events_goes_on_all_at_once(phone, visit):
    saved = [phone.note(visit)]
    for _ in range(4):
        saved.append(phone.note(visit, depends_on=[saved[-1]]))
    for each in reversed(saved[1:]):
        assert statuses(phone.deliver([each])) == ["held"]
    phone.deliver(saved[:1])
    assert statuses(phone.deliver()) == ["applied"] * 5


def test_a_child_in_another_visit_of_the_case_goes_on_too(phone, visit, bruno, chen):
    (second,) = case_verbs.plan_visits(
        cases=[visit.case], collector=phone.user, second=bruno, on=NOW.date() + timedelta(days=1), by=chen, now=NOW
    )
    parent = phone.note(visit)
    phone.ended(second, depends_on=[parent])
    assert statuses(phone.deliver(phone.outbox[1:])) == ["held"]
    phone.deliver([parent])
    second.refresh_from_db()
    assert second.ended_at and second.complete_at


def test_in_one_request_the_parents_go_first_whatever_the_order(phone, visit):
    parent = phone.note(visit)
    child = phone.note(visit, depends_on=[parent])
    verdicts = phone.deliver([child, parent])
    assert [(v["event_id"], v["status"], v["rev"]) for v in verdicts] == [
        (str(child.id), "applied", 1),
        (str(parent.id), "applied", 1),
    ]


@pytest.fixture
def command(monkeypatch):
    """A command of some other app: what the function returns or raises is what becomes of it."""
    does = {}
    monkeypatch.setattr(handlers, "COMMANDS", handlers.COMMANDS | {"agreement.proposed/1"})
    monkeypatch.setattr("fieldvisit.delivery.COMMANDS", {"agreement.proposed/1"})

    def handler(event, visit, case):
        Note.objects.create(visit=visit, event=event.row, at=event.at, kind="opinion", text="by the handler")
        if "raise" in does:
            raise does["raise"]
        return does.get("return")

    monkeypatch.setitem(handlers.HANDLERS, "agreement.proposed/1", handler)
    return does


def propose(phone, visit):
    return phone.append("agreement.proposed/1", {"agreement": {}}, visit=visit)


def test_a_command_that_raises_held_leaves_no_rows_and_its_children_wait(phone, visit, command):
    command["raise"] = intake.Held("being_checked")
    parent = propose(phone, visit)
    phone.note(visit, depends_on=[parent])
    verdicts = phone.deliver()
    assert [(v["status"], v["code"]) for v in verdicts] == [("held", "being_checked"), ("held", "waiting")]
    assert Note.objects.count() == 0 and Event.objects.count() == 2


def test_a_command_that_returns_held_keeps_its_rows_and_its_children_go_on(phone, visit, command):
    command["return"] = intake.Held("being_checked")
    parent = propose(phone, visit)
    phone.note(visit, depends_on=[parent])
    assert [(v["status"], v["code"]) for v in phone.deliver()] == [("held", "being_checked"), ("applied", "")]
    assert Note.objects.count() == 2


def test_a_reason_that_has_no_sentence_yet_does_not_lose_the_event(phone, visit, command):
    command["raise"] = intake.Held("no.such.code")
    propose(phone, visit)
    (verdict,) = phone.deliver()
    assert (verdict["status"], verdict["code"]) == ("held", "no.such.code") and verdict["message"]


def test_a_command_may_be_rejected(phone, visit, command):
    command["raise"] = intake.Rejected("being_checked")
    propose(phone, visit)
    assert statuses(phone.deliver()) == ["rejected"]


def test_a_command_for_a_case_that_moved_on_is_held_and_its_bytes_kept(phone, visit, xu, chen, command):
    saved = propose(phone, visit)
    case_verbs.assign(cases=[visit.case], collector=xu, by=chen, now=NOW + timedelta(hours=1))
    (verdict,) = phone.deliver(now=NOW + timedelta(hours=2))
    assert (verdict["status"], verdict["code"]) == ("held", "after_reassignment")
    assert Note.objects.count() == 0 and bytes(Event.objects.get().bytes) == saved.bytes


def test_a_fault_of_ours_keeps_the_event_on_the_phone_and_stops_nothing_else(phone, visit, command, caplog):
    command["raise"] = RuntimeError("朵拉 owes")
    phone.note(visit)
    propose(phone, visit)
    phone.note(visit)
    verdicts = phone.deliver()
    assert [(v["status"], v["code"]) for v in verdicts] == [("applied", ""), ("retry", "failed"), ("applied", "")]
    assert Event.objects.count() == 2
    assert "RuntimeError" in caplog.text and "朵拉" not in caplog.text
    command.clear()
    assert statuses(phone.deliver()) == ["applied"] * 3


def test_a_fact_whose_handler_raises_held_takes_no_rows_of_others_along(phone, visit, monkeypatch):
    """They are stored together at first, and one by one when that fails: nothing of the first attempt is left."""

    def unfit(event, visit, case):
        Note.objects.create(visit=visit, event=event.row, at=event.at, kind="opinion", text="by the handler")
        visit.collector = None
        raise intake.Held("being_checked")

    monkeypatch.setitem(handlers.HANDLERS, "visit.location/1", unfit)
    phone.clock["offset_ms"] = None
    whole_visit(phone, visit)
    assert [(v["status"], v["code"]) for v in phone.deliver()] == [("applied", "")] * 3 + [
        ("held", "being_checked"),
        ("applied", ""),
    ]
    visit.refresh_from_db()
    assert visit.collector == phone.user and visit.started_at and visit.ended_at
    assert Note.objects.get().kind == "statement" and Position.objects.count() == 1
    assert [event.marks for event in Event.objects.order_by("seq")] == [["clock_unknown"]] * 5
    assert list(Event.objects.order_by("seq").values_list("status", flat=True)) == ["applied"] * 3 + ["held", "applied"]
    assert Receipt.objects.count() == 5 and EntryDetail.objects.filter(entry__object__startswith="event:").count() == 5
    assert record.verify(visit.case) == []


def test_events_stored_together_or_one_by_one_end_alike(phone, visit, monkeypatch, ana):
    """A visit that was begun before: the second start marks its row after it was inserted."""
    whole_visit(phone, visit)
    phone.deliver()
    seen = []
    for apart in (False, True):
        with monkeypatch.context() as patch:
            if apart:
                patch.setattr("fieldvisit.delivery.store_all", lambda *_: False)
            again = Phone(ana)
            whole_visit(again, visit)
            said = [(v["status"], v["code"], v["rev"]) for v in again.deliver()]
        rows = Event.objects.filter(device=again.device).order_by("seq")
        seen.append((said, list(rows.values_list("status", "code", "marks", "seq"))))
    assert seen[0] == seen[1] and ["started_twice"] in [row[2] for row in seen[0][1]]


def test_a_locked_database_means_come_again_and_stores_nothing(phone, visit, monkeypatch):
    from django.db import OperationalError

    phone.note(visit)

    def locked(*_args, **_kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(record, "append_many", locked)
        (verdict,) = phone.deliver()
    assert (verdict["status"], verdict["code"]) == ("retry", "busy")
    assert Event.objects.count() == Note.objects.count() == Receipt.objects.count() == 0
    assert statuses(phone.deliver()) == ["applied"]


def test_the_failure_of_one_who_waits_for_a_visit_hurts_no_event(phone, visit, monkeypatch, caplog):
    seen = []

    def broken(visit):
        raise ValueError

    monkeypatch.setattr(handlers, "AFTER_VISIT", [broken, lambda visit: seen.append(visit.pk)])
    phone.note(visit)
    assert statuses(phone.deliver()) == ["applied"]
    assert seen == [visit.pk] and "broken" in caplog.text


def test_nul_in_a_text_is_stored_as_a_sign_and_kept_in_the_bytes(phone, visit):
    saved = phone.note(visit, "a\x00b")
    assert statuses(phone.deliver()) == ["applied"]
    assert Note.objects.get().text == "a\ufffdb"
    assert bytes(Event.objects.get().bytes) == saved.bytes


def test_a_visit_started_and_ended_twice_keeps_the_first_and_marks_the_second(phone, visit):
    phone.started(visit)
    phone.started(visit)
    phone.ended(visit, "no_agreement")
    phone.ended(visit, "moved")
    phone.deliver()
    visit.refresh_from_db()
    assert visit.started_at == NOW + timedelta(seconds=1) and visit.outcome == "no_agreement"
    assert [row.marks for row in Event.objects.order_by("seq")] == [[], ["started_twice"], [], ["ended_twice"]]


def test_who_went_along_is_what_the_phone_says(phone, visit, xu):
    visit.second = None
    visit.save()
    body = {"position": None, "position_refused": "timeout", "bring": []}
    phone.append("visit.started/1", body | {"second": "xu"}, visit=visit)
    phone.append("visit.started/1", body | {"second": "nobody-we-know"}, visit=visit)
    phone.deliver()
    visit.refresh_from_db()
    assert visit.second == xu


def test_a_visit_is_complete_only_when_every_number_has_come(phone, visit):
    events = whole_visit(phone, visit)
    phone.deliver(events[:2] + events[3:])
    visit.refresh_from_db()
    assert visit.last_seq == 5 and visit.complete_at is None
    phone.deliver([events[2]], now=NOW + DAY)
    visit.refresh_from_db()
    assert visit.complete_at == NOW + DAY


def test_who_waits_for_a_visit_is_asked_when_it_is_known_to_be_complete(phone, visit, monkeypatch):
    """agreements registers first; the visit's own reckoning must come before it all the same."""
    seen = []
    monkeypatch.setattr(handlers, "AFTER_VISIT", [*handlers.AFTER_VISIT, lambda visit: seen.append(visit.complete_at)])
    assert handlers.AFTER_VISIT[0] is refresh_complete
    whole_visit(phone, visit)
    phone.deliver()
    assert seen == [NOW]


def test_the_sentence_of_a_verdict_is_in_the_language_of_the_one_who_sent_it(visit, xu):
    phone = Phone(xu)
    phone.note(visit)
    (verdict,) = phone.deliver()
    assert verdict["message"].startswith("The office checks this entry first.")


def test_the_queries_of_a_batch_grow_by_a_constant_for_each_event(phone, visit):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(31):
        phone.note(visit)
    counts = []
    for events in (phone.outbox[:1], phone.outbox[1:11], phone.outbox[11:31]):
        with CaptureQueriesContext(connection) as queries:
            phone.deliver(events)
        counts.append(len(queries))
    one, ten, twenty = counts
    assert (ten - one) / 9 == (twenty - ten) / 10 <= 8
    with CaptureQueriesContext(connection) as queries:
        phone.deliver(phone.outbox)
    assert len(queries) <= 12


def test_the_fiftieth_event_of_a_visit_costs_as_many_queries_as_the_second(phone, visit):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(50):
        phone.note(visit)
    counts = []
    for event in phone.outbox:
        with CaptureQueriesContext(connection) as queries:
            phone.deliver([event])
        counts.append(len(queries))
    assert set(counts[1:]) == {counts[1]}, counts


def test_a_batch_is_one_transaction_for_each_visit_and_one_for_what_is_beside_visits(phone, visit, dora, bruno, chen):
    """Seen by the savepoints that the test's own transaction makes of them, outermost first."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    (other,) = case_verbs.plan_visits(
        cases=[dora], collector=phone.user, second=bruno, on=NOW.date() + DAY, by=chen, now=NOW
    )
    for n in range(24):
        phone.note(visit if n % 2 else other)
    phone.called(dora)
    depth, outer = 0, 0
    with CaptureQueriesContext(connection) as queries:
        phone.deliver()
    for query in queries:
        if query["sql"].startswith("SAVEPOINT"):
            outer += depth == 0
            depth += 1
        elif query["sql"].startswith(("RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            depth -= 1
    assert outer == 3


def test_a_photo_event_names_one_picture_and_no_other_event_any(visit, ana):
    phone = Phone(ana)
    body = {"kind": "door", "caption": "", "width": 1, "height": 1, "position": None, "position_refused": None}
    two = phone.append("visit.photo/1", body, visit=visit, blobs=[b"one", b"two"])
    note = phone.append("visit.note/1", {"kind": "statement", "text": "有图"}, visit=visit, blobs=[b"one"])
    assert [v["status"] for v in phone.deliver([two, note])] == ["invalid", "invalid"]


def test_a_visit_cannot_call_itself_complete_before_its_end(visit, ana):
    phone = Phone(ana)
    started, note = phone.started(visit), phone.note(visit)
    ended = phone.ended(visit)
    ended = phone.seal(ended.event | {"body": ended.event["body"] | {"last_seq": 1}})
    phone.deliver([started, ended])
    visit.refresh_from_db()
    assert (visit.last_seq, visit.complete_at) == (3, None)
    phone.deliver([note])
    visit.refresh_from_db()
    assert visit.complete_at
