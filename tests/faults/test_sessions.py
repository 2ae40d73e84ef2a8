"""A5: the session ends at any point of a drain, another signs in, a user is disabled: nothing is lost for that."""

import pytest
from django.test import Client

from fieldvisit.models import Event, Note, Photo
from tests.faults.client import photo_file
from tests.phone import SAME_ORIGIN, Phone

POINTS = ["hello", "first batch", "second batch", "create", "patch", "receipts"]
TROUBLES = ["expired", "signed out", "another user", "disabled", "password changed", "two phones"]


@pytest.fixture(autouse=True)
def kept_elsewhere(settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path


def trouble(kind, client, phone, xu, sign_in):
    """What happens to Ana's session; → the client that her phone goes on with, or None while nobody is let in."""
    if kind == "expired":
        client.session.flush()
    elif kind == "signed out":
        client.delete("/sync/session", headers=SAME_ORIGIN)
    elif kind == "another user":
        return sign_in(xu, Client())  # carries, never reads
    elif kind == "disabled":
        type(phone.user).objects.filter(pk=phone.user.pk).update(is_active=False)
    elif kind == "password changed":
        phone.user.set_password("quite another password")
        phone.user.save()
    else:
        second = Phone(phone.user)
        phone.twin = second
        return client
    return None


def drain(phone, client, events, until=None):
    """As the sender goes about it. Stops before the call named; → what refused him, or the verdicts."""
    halves = events[:3], events[3:]
    for point, batch in zip(POINTS[1:3], halves, strict=True):
        if until == point:
            return []
        response = phone.post(client, batch)
        if response.status_code != 200:
            return [response.status_code]
    photo = events[-1]
    if until == "create":
        return []
    created = phone.create(client, photo.blobs[0], photo)
    if created.status_code not in (200, 201):
        return [created.status_code]
    sent, cut = photo.blobs[0].sent, 1000
    at = int(created["Upload-Offset"]) if created.has_header("Upload-Offset") else 0
    if at < cut:
        phone.patch(client, photo.blobs[0], at, sent[at:cut])
    if until == "patch":
        return []
    answer = phone.patch(client, photo.blobs[0], cut, sent[cut:]) if at < len(sent) else created
    if answer.status_code not in (200, 201, 204):
        return [answer.status_code]
    if until == "receipts":
        return []
    return [client.get("/sync/receipts?since=0", headers={"X-Device": str(phone.id)}).status_code]


@pytest.mark.parametrize("kind", TROUBLES)
@pytest.mark.parametrize("point", POINTS)
def test_a_session_that_ends_anywhere_loses_nothing(visit, ana, xu, sign_in, rng, tally, kind, point):
    row = tally("A5", "session ends at 6 points in 6 ways")
    phone, client = Phone(ana), sign_in(ana, Client())
    events = [phone.started(visit), phone.consent(visit), phone.note(visit), phone.note(visit)]
    events.append(phone.photo(visit, photo_file(rng, 64)["buffer"]))
    if point != "hello":
        drain(phone, client, events, until=point)
    others = trouble(kind, client, phone, xu, sign_in)
    if others is None:
        before = Event.objects.count()
        assert drain(phone, client, events) == [401]
        assert Event.objects.count() == before
        type(ana).objects.filter(pk=ana.pk).update(is_active=True)
        ana.refresh_from_db()
        others = sign_in(ana, Client())
    if kind == "two phones":
        twin = phone.twin
        extra = [twin.note(visit, "from the other phone")]
        assert twin.post(others, extra).status_code == 200
    drain(phone, others, events)
    wanted = len(events) + (kind == "two phones")
    here, photos = Event.objects.filter(status="applied").count(), Photo.objects.exclude(taken_in_at=None).count()
    notes = Note.objects.count() - (kind == "two phones")
    row.run(lost=max(0, wanted - here) + max(0, 1 - photos), doubled=max(0, here - wanted) + max(0, notes - 2))
    assert (here, notes, photos) == (wanted, 2, 1)
    assert {event.device.user for event in Event.objects.select_related("device__user")} == {ana}  # hers they stay
