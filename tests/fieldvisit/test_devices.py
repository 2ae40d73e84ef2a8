"""Phones as the office sees them: what each says of itself, what is missing, orders, and who is told when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from fieldvisit import alarms, devices, fleet, held, people
from fieldvisit import cases as case_verbs
from fieldvisit.models import Assignment, Device, DeviceOrder, Quarantine, Role, Visit
from fieldvisit.problems import Refused
from tests.cast import NOW, PASSWORD
from tests.phone import Phone

HOUR = timedelta(hours=1)


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def phone(ana, visit):
    phone = Phone(ana)
    Device.objects.update(last_seen_at=NOW, build="2026.11")
    return phone


def the_device(phone):
    return Device.objects.get(pk=phone.id)


def hello(client, phone, report=""):
    return client.get("/sync/hello", headers={"X-Device": str(phone.id), "X-Unsent": report}).json()


def the(user, now=NOW):
    return fleet.rows(user, now)[0]


# --- what the phone says


def test_hello_takes_down_what_the_phone_says_of_itself(client, sign_in, ana, phone):
    hello(sign_in(ana), phone, "3,2026-11-24T02:14:07.120Z,2026-11-24T08:58:01+08:00")
    device = the_device(phone)
    assert device.unsent == 3
    assert device.unsent_since == datetime(2026, 11, 24, 2, 14, 7, 120000, tzinfo=UTC)
    assert device.pack_as_of == datetime(2026, 11, 24, 0, 58, 1, tzinfo=UTC)
    hello(sign_in(ana), phone, "0,,")
    device.refresh_from_db()
    assert (device.unsent, device.unsent_since, device.pack_as_of) == (0, None, None)


@pytest.mark.parametrize(
    "said", ["", "three,,", "1,2", "1,yesterday,", "-1,,", "1,2026-11-24T02:14:07,", "9" * 99 + ",,"]
)
def test_a_report_that_cannot_be_read_changes_nothing(client, sign_in, ana, phone, said):
    Device.objects.update(unsent=7)
    assert hello(sign_in(ana), phone, said)["v"] == 1
    assert the_device(phone).unsent == 7


def test_nobody_reports_for_the_phone_of_another(client, sign_in, bruno, phone):
    assert hello(sign_in(bruno), phone, "5,,")["device"] is None
    assert the_device(phone).unsent is None


# --- gaps


def test_a_number_that_has_not_come_is_missing_until_it_comes(phone, visit, chen):
    for _ in range(5):
        phone.note(visit)
    one, two, three, four, _five = phone.outbox
    phone.deliver([one, four])
    assert the(chen).missing_numbers == [2, 3] and the(chen).highest == 4
    phone.deliver([three, two])
    assert the(chen).missing_numbers == []
    assert the_device(phone).missing_since == NOW  # looked at again by hello
    devices.seen(user=phone.user, device_id=str(phone.id), report="", now=NOW)
    assert the_device(phone).missing_since is None


def test_what_lies_in_quarantine_has_come(phone, visit, chen, make_case):
    foreign = make_case("李宇")
    phone.note(visit)
    phone.append("visit.note/1", {"kind": "statement", "text": "x"}, visit_id=uuid4(), case_ref=foreign.ref)
    phone.note(visit)
    phone.deliver()
    assert the(chen).highest == 3 and the(chen).missing_numbers == []


def test_the_first_number_can_be_missing_too(phone, visit, chen):
    phone.note(visit), phone.note(visit)
    phone.deliver(phone.outbox[1:])
    assert the(chen).missing_numbers == [1]


# --- orders


def test_a_phone_hears_its_orders_at_the_next_hello(client, sign_in, ana, chen, phone):
    device = the_device(phone)
    assert hello(sign_in(ana), phone)["flags"] == {"sign_in": False, "pause": False, "lock": False, "wipe": False}
    devices.order(device=device, action="lock", by=chen, now=NOW)
    assert DeviceOrder.objects.get().heard_at is None
    assert hello(sign_in(ana), phone)["flags"]["lock"] is True
    assert DeviceOrder.objects.get().heard_at is not None
    devices.order(device=device, action="unlock", by=chen, now=NOW)
    assert hello(sign_in(ana), phone)["flags"]["lock"] is False
    devices.order(device=device, action="wipe", by=chen, now=NOW)
    assert hello(sign_in(ana), phone)["flags"]["wipe"] is True
    assert [(o.action, o.by) for o in DeviceOrder.objects.order_by("pk")] == [
        ("lock", chen), ("unlock", chen), ("wipe", chen)]  # fmt: skip


def test_a_released_phone_hands_in_what_it_captured_before_and_what_it_signs_after_waits(
    client, sign_in, ana, chen, phone, visit
):
    phone.note(visit)
    devices.order(device=the_device(phone), action="wipe", by=chen, now=NOW)
    assert phone.post(sign_in(ana)).json()["verdicts"][0]["status"] == "applied"
    late = phone.photo(visit, b"no picture", at=NOW + HOUR)
    devices.order(device=the_device(phone), action="release", by=chen, now=NOW + 2 * HOUR)
    phone.note(visit, at=NOW + 3 * HOUR)
    said = phone.post(sign_in(ana)).json()["verdicts"][1:]
    assert [(each["status"], each["code"]) for each in said] == [("applied", ""), ("held", "after_release")]
    assert phone.upload(client, late).status_code == 204
    (apart,) = Quarantine.objects.all()
    assert held.quarantined(chen).get() == apart
    assert hello(sign_in(ana), phone)["flags"]["wipe"] is True
    with pytest.raises(Refused, match="released already"):
        devices.order(device=the_device(phone), action="lock", by=chen, now=NOW)


def test_the_page_shows_the_team_and_takes_orders(client, sign_in, chen, xu, olga, phone, visit):
    Device.objects.update(unsent=2, unsent_since=NOW, pack_as_of=NOW)
    Phone(xu)
    page = sign_in(chen).get(reverse("devices")).content.decode()
    assert "Ana" in page and "Pixel 7" in page and "2026.11" in page and "<b>Xu</b>" not in page
    address = reverse("device-orders", args=[phone.id])
    assert client.post(address, {"action": "lock"}, follow=True).status_code == 200
    assert "Locked · Chen" in client.get(reverse("devices")).content.decode()
    assert client.post(address, {"action": "explode"}).status_code == 422
    wang = people.new_user(username="wang", name="Wang", role=Role.SUPERVISOR, password=PASSWORD, team=xu.team)
    assert sign_in(wang).post(address, {"action": "wipe"}).status_code == 404
    reading = sign_in(olga)
    page = reading.get(reverse("devices")).content.decode().split("<main")[1]
    assert "<b>Xu</b>" in page and "<summary" not in page
    assert reading.post(address, {"action": "wipe"}).status_code == 403


# --- red at 24 h, told at 48 h


def test_a_silent_phone_with_work_is_red_after_a_day_and_told_after_two(phone, chen, mia, olga):
    red = [the(chen, NOW + HOUR * h).red for h in (23, 24, 48)]
    with translation.override("en"):
        told = [[str(line) for line in alarms.watch(chen, NOW + HOUR * h).lines] for h in (24, 47, 49)]
    assert red == [False, True, True]
    assert told == [[], [], ["Phones silent for 48 h with work assigned: 1"]]
    assert alarms.watch(mia, NOW + HOUR * 49).lines and not alarms.watch(olga, NOW + HOUR * 49).lines


def test_silence_without_work_or_of_a_phone_out_of_use_is_none(phone, chen, visit):
    late = NOW + HOUR * 49
    Assignment.objects.update(until_at=NOW)
    Visit.objects.update(ended_at=NOW)
    assert fleet.alarms(chen, late) == fleet.Alarms()
    Assignment.objects.update(until_at=None)
    assert fleet.alarms(chen, late).silent == 1
    devices.order(device=the_device(phone), action="release", by=chen, now=NOW)
    assert fleet.alarms(chen, late) == fleet.Alarms()


def test_who_speaks_with_another_phone_is_not_silent_unless_work_lies_on_the_old_one(phone, ana, chen):
    late = NOW + HOUR * 49
    Phone(ana)
    Device.objects.exclude(pk=phone.id).update(last_seen_at=late)
    assert fleet.alarms(chen, late).silent == 0
    Device.objects.filter(pk=phone.id).update(unsent=3)
    assert fleet.alarms(chen, late).silent == 1


def test_numbers_missing_for_two_days_are_told(phone, visit, chen):
    for _ in range(3):
        phone.note(visit)
    phone.deliver([phone.outbox[0], phone.outbox[2]])
    Device.objects.update(last_seen_at=NOW + HOUR * 49)
    assert fleet.alarms(chen, NOW + HOUR * 47).missing == 0
    assert fleet.alarms(chen, NOW + HOUR * 49).missing == 1
    phone.deliver([phone.outbox[1]])
    assert fleet.alarms(chen, NOW + HOUR * 49).missing == 0


def test_work_that_the_phone_says_it_cannot_send_is_told(phone, chen):
    late = NOW + HOUR * 49
    Device.objects.update(unsent=2, unsent_since=NOW, last_seen_at=late)
    assert fleet.alarms(chen, late).unsent == 1 and the(chen, late).red


def test_the_line_stands_above_every_page_of_the_office_for_those_who_decide(client, sign_in, chen, olga, phone):
    Device.objects.update(last_seen_at=NOW - HOUR * 49)
    for address in ("/office/", "/office/cases/", "/office/held/", "/office/devices/"):
        assert "Phones silent for 48 h with work assigned: 1" in sign_in(chen).get(address).content.decode()
    assert "silent for 48 h" not in sign_in(olga).get("/office/").content.decode()


def test_alarms_are_printed_and_mailed(phone, chen, olga, capsys, settings):
    Device.objects.update(last_seen_at=NOW - HOUR * 49)
    chen.email = "chen@example.com"
    chen.save()
    call_command("alarms")
    said = capsys.readouterr().out
    assert "Chen <chen@example.com>" in said and "Phones silent for 48 h with work assigned: 1" in said
    assert "Olga" not in said
    (sent,) = mail.outbox
    assert sent.to == ["chen@example.com"] and "silent for 48 h" in sent.body and "朵拉" not in sent.body


def test_alarms_notices_numbers_that_came_and_numbers_that_lack(phone, visit):
    phone.note(visit), phone.note(visit)
    phone.deliver(phone.outbox[1:])
    Device.objects.update(missing_since=None)
    assert fleet.look_again(NOW) == 1 and the_device(phone).missing_since == NOW
    phone.deliver(phone.outbox[:1])
    assert fleet.look_again(NOW) == 0 and the_device(phone).missing_since is None


def test_thirty_phones_cost_as_many_queries_as_two(visit, ana, chen, bruno, make_case, sign_in):
    def fill(count):
        for number in range(count):
            user = people.new_user(
                username=f"c{uuid4().hex[:8]}",
                name=f"C{number}",
                role=Role.COLLECTOR,
                password=PASSWORD,
                team=chen.team,
            )
            case = make_case("许多")
            case_verbs.assign(cases=[case], collector=user, by=chen, now=NOW)
            case.refresh_from_db()
            (planned,) = case_verbs.plan_visits(
                cases=[case], collector=user, second=bruno, on=visit.planned_on, by=chen, now=NOW
            )
            phone = Phone(user)
            phone.note(planned), phone.note(planned)
            phone.deliver(phone.outbox[1:])
        Device.objects.update(missing_since=NOW - HOUR * 99, last_seen_at=NOW - HOUR * 99)

    client, counts = sign_in(chen), []
    for count in (2, 28):
        fill(count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/office/devices/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] and counts[0] < 30
