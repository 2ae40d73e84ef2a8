"""The kill switch of the phones' worker, and the least build: what the server says and what the office sees."""

import pytest
from django.core.management import call_command

from fieldvisit import fleet, worker
from fieldvisit.models import Device
from tests.cast import NOW
from tests.phone import SAME_ORIGIN, Phone


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path


def script(client):
    return b"".join(client.get("/m/sw.js").streaming_content)


def test_stopped_the_worker_that_phones_get_removes_itself_and_leaves_the_store_alone(client, capsys):
    usual = script(client)
    call_command("worker", "--stop")
    stopping = script(client)
    assert stopping != usual and b"unregister" in stopping and b"indexedDB" not in stopping.replace(b"IndexedDB", b"")
    assert client.get("/m/sw.js")["Cache-Control"] == "no-cache"
    assert "is stopped" in capsys.readouterr().out
    call_command("worker", "--start")
    assert script(client) == usual
    call_command("worker")
    assert not worker.stopped()


def test_hello_says_the_least_build_and_notes_which_one_the_phone_runs(settings, ana, sign_in):
    settings.MINIMUM_BUILD = "0.2"
    phone, client = Phone(ana), sign_in(ana)
    headers = SAME_ORIGIN | {"X-Device": str(phone.id), "X-Build": "0.1.0+1a2b3c4d5e6f"}
    assert client.get("/sync/hello", headers=headers).json()["minimum_build"] == "0.2"
    assert Device.objects.get(pk=phone.id).build == "0.1.0+1a2b3c4d5e6f"
    client.get("/sync/hello", headers=headers | {"X-Build": "x" * 65})
    assert Device.objects.get(pk=phone.id).build == "0.1.0+1a2b3c4d5e6f"


def test_the_office_sees_which_phones_must_update(settings, ana, mia, sign_in):
    phone = Phone(ana)
    Device.objects.filter(pk=phone.id).update(build="0.1.0+1a2b3c4d5e6f")
    for least, outdated in {"": False, "0.1": False, "0.2": True}.items():
        settings.MINIMUM_BUILD = least
        assert [row.outdated for row in fleet.rows(mia, NOW)] == [outdated]
    page = sign_in(mia).get("/office/devices/", headers={"Accept-Language": "en"})
    assert "must update before new work" in page.content.decode()


def test_an_old_build_still_delivers_what_it_has(settings, visit, ana):
    settings.MINIMUM_BUILD = "9"
    phone = Phone(ana)
    phone.started(visit)
    phone.note(visit)
    assert [verdict["status"] for verdict in phone.deliver()] == ["applied", "applied"]
