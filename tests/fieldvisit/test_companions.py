"""The second collector: his own phone says so, or the code that only his pack holds; a name alone is told as such."""

import json

import pytest
from django.db import DatabaseError, transaction

from fieldvisit import companions, course, flags, packs, review
from fieldvisit.models import Companion, Event, Visit
from fieldvisit.rules import door
from tests.cast import NOW
from tests.phone import NEITHER, Phone


@pytest.fixture
def phone(ana, visit):
    return Phone(ana)


def went(phone, visit, second="bruno"):
    body = {"identity_shown": True, "recording_announced": True, "present": ["debtor"], "second": second}
    return phone.append("visit.consent/1", body | {"entry": "given"}, visit=visit)


def gathered(visit):
    (found,) = review.gather(Visit.objects.filter(pk=visit.pk))
    return found


def flag(visit):
    return next((f for f in review.flags_of(gathered(visit)) if f.code == "FV-SECOND-01"), None)


def test_his_own_phone_confirms_him_and_leaves_the_numbers_of_the_visit_alone(phone, visit, ana, bruno):
    own = Phone(bruno)
    assert own.deliver([own.append("visit.companion/1", NEITHER, visit=visit)])[0]["status"] == "applied"
    events = [phone.started(visit), went(phone, visit), phone.note(visit), phone.ended(visit)]
    phone.deliver(events[1:])
    visit.refresh_from_db()
    assert visit.complete_at is None and course.missing(gathered(visit))  # his seq 1 is not the visit's seq 1
    phone.deliver(events[:1])
    visit.refresh_from_db()
    assert visit.complete_at
    assert (Companion.objects.get().user, Companion.objects.get().way) == (bruno, "phone")
    assert flag(visit).level == "ok"
    known = packs.scope(ana, NOW).visits[0].known
    assert [event["type"] for event in known if event["type"] == "visit.companion/1"] == []


def test_the_code_from_his_pack_opens_the_hash_in_hers_and_the_server_looks_again(phone, visit, ana, bruno):
    hers = packs.build(ana, now=NOW)["data"]["companions"][str(visit.pk)]
    his = packs.build(bruno, now=NOW)
    (row,) = his["data"]["accompanied"]
    secret = door.plain(row["code"])
    assert companions._hashed(secret, hers["salt"], hers["iterations"]) == hers["hash"]
    assert secret not in json.dumps(hers) and len(secret) == 8
    assert any(row["code"] in page["html"] for page in his["fragments"] if page["url"] == "/m/companion")
    said = {"username": "bruno", "code": row["code"].lower()}
    phone.deliver([phone.started(visit), went(phone, visit), phone.append("visit.second/1", said, visit=visit)])
    assert Companion.objects.get().way == "code" and flag(visit).level == "ok"
    with pytest.raises(DatabaseError), transaction.atomic():
        Companion.objects.update(way="phone")


def test_a_wrong_code_is_kept_and_counts_as_a_name_only(phone, visit):
    said = {"username": "bruno", "code": "00000000"}
    phone.deliver([phone.started(visit), went(phone, visit), phone.append("visit.second/1", said, visit=visit)])
    assert not Companion.objects.exists()
    assert "companion_code" in Event.objects.get(type="visit.second/1").marks
    assert flag(visit).level == "warn"


def test_somebody_else_confirms_nothing(visit, ana):
    own = Phone(ana)
    own.deliver([own.append("visit.companion/1", NEITHER, visit=visit)])
    assert not Companion.objects.exists() and "companion_unknown" in Event.objects.get().marks


def test_each_visit_and_day_has_a_code_of_its_own(visit, make_case, ana, bruno, chen):
    before = companions.code(visit)
    visit.planned_on = visit.planned_on.replace(day=25)
    assert companions.code(visit) != before
    assert set(before) <= set(door.ALPHABET)
    assert door.plain(" o1-iL ") == "0111"


def test_who_goes_alone_is_not_told_of_a_second(phone, visit):
    phone.deliver([phone.started(visit), phone.consent(visit)])
    assert flag(visit) is None and not [f for f in flags.own(gathered(visit)) if f.code == "FV-SECOND-01"]
