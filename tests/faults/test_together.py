"""C1: the same event from fifty clients at the same moment, against the real server: one row, one receipt for all."""

import threading
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection

from fieldvisit import wire
from tests.fieldvisit.test_sync_live import Caller
from tests.phone import Phone, Saved

from .checks import server_database

CLIENTS = 50
pytestmark = pytest.mark.django_db  # on PostgreSQL, too, only what is marked so is run


class LivePhone(Phone):
    """Makes events for a real server whose keys it knows only from `hello`."""

    def __init__(self, caller):
        super().__init__(caller.me["user"]["username"], register=False, now=datetime.now(UTC))
        self.caller, self.id, self.key = caller, UUID(caller.id), caller.key

    def seal(self, event):
        raw = wire.canonical(event)
        sent = self.caller.seal(wire.sign(self.key, raw) + raw, event["event_id"], event["type"])
        item = {"event_id": event["event_id"], "type": event["type"], "envelope": wire.b64url(sent)}
        return Saved(event, raw, item)


@pytest.fixture
def scene(shared_live, django_db_blocker):
    """(phone of a signed-in collector, one of his visits)"""
    from fieldvisit.models import Visit

    caller = Caller(shared_live)
    with server_database(shared_live, django_db_blocker):
        visit = Visit.objects.select_related("case").filter(collector__username="zhoumin").first()
        found = SimpleNamespace(pk=visit.pk, case=SimpleNamespace(ref=visit.case.ref))
    return LivePhone(caller), found


def at_once(job, number):
    start, answers = threading.Barrier(number), []

    def run():
        start.wait(30)
        answers.append(job())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def test_the_same_event_from_fifty_clients_at_once(shared_live, django_db_blocker, scene, tally):
    from fieldvisit.models import Event, Note, Receipt

    row = tally("C1", f"same event, {CLIENTS} clients at once, {connection.vendor}")
    phone, visit = scene
    rounds = 20 if connection.vendor == "postgresql" else 10
    for _ in range(rounds):
        saved = phone.note(visit)
        request = phone.request([saved])

        def send(request=request):
            status, _, said = phone.caller.call("POST", "/sync/events", request)
            while status == 200 and said["verdicts"][0]["status"] == "retry":  # busy: come again, as a phone does
                status, _, said = phone.caller.call("POST", "/sync/events", request)
            return status, said

        answers = at_once(send, CLIENTS)
        assert [status for status, _ in answers] == [200] * CLIENTS
        first = answers[0][1]["verdicts"]
        assert all(said["verdicts"] == first for _, said in answers)
        assert first[0]["status"] == "applied" and first[0]["sha256"] == saved.sha256
        assert sum(said["repeats"] == [] for _, said in answers) == 1  # one was first, 49 were told the same again
        with server_database(shared_live, django_db_blocker):
            rows = [
                Event.objects.filter(pk=saved.id).count(),
                Note.objects.filter(event=saved.id).count(),
                Receipt.objects.filter(event=saved.id).count(),
            ]
        row.run(lost=max(0, 1 - min(rows)), doubled=max(0, max(rows) - 1))
        assert rows == [1, 1, 1]
