"""The invariants of the design, read from the real server's database and the real browser's store after a run."""

import contextlib
import hashlib
import json
from pathlib import Path

from tests import copies

STORE = """async () => {
  const open = await new Promise((done, failed) => {
    const asked = indexedDB.open('fieldvisit'); asked.onsuccess = () => done(asked.result); asked.onerror = failed })
  const all = (name) => new Promise((done) => {
    const asked = open.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result) })
  const names = ['outbox', 'blobs', 'mine', 'receipts', 'drafts']
  const [outbox, blobs, mine, receipts, drafts] = await Promise.all(names.map(all))
  open.close()
  return {
    outbox: outbox.map(({ event_id, sha256, state, code, user }) => ({ event_id, sha256, state, code, user })),
    blobs: blobs.map(({ sha256, event_id, state, code }) => ({ sha256, event_id, state, code })),
    mine: mine.map(({ event_id, status }) => ({ event_id, status })),
    receipts: receipts.map(({ event_id, sha256, status, server_seq }) => ({ event_id, sha256, status, server_seq })),
    drafts: drafts.length,
  }
}"""


def phone_store(page):
    """What lies in the phone's IndexedDB, without the bytes."""
    return page.evaluate(STORE)


@contextlib.contextmanager
def server_database(server, blocker):
    """Django's models on the database of a running server, from here."""
    with blocker.unblock(), copies.in_process(server.environment):
        yield


def problems(server, blocker, stores, saved):
    """I1 to I4 and I7 after a run. `saved`: the ids that phones called saved. → (lost, doubled, sentences)."""
    from fieldvisit import record
    from fieldvisit.models import Case, Event, Note, Photo, Quarantine, Visit

    said, lost, doubled = [], 0, 0
    receipts = {row["event_id"]: row for store in stores for row in store["receipts"]}
    kept = {row["event_id"] for store in stores for row in store["outbox"]}
    waiting = {row["sha256"] for store in stores for row in store["blobs"]}
    data = Path(server.environment["FIELDVISIT_DATA"])
    with server_database(server, blocker):
        rows = {str(row.pk): row for row in Event.objects.filter(pk__in=saved)}
        apart = {str(row.event_id): row for row in Quarantine.objects.filter(event_id__in=saved)}
        for id in saved:  # I1, I3
            receipt, row = receipts.get(id), rows.get(id) or apart.get(id)
            if receipt is None:
                if id not in kept:
                    lost, said = lost + 1, [*said, f"{id} is nowhere"]
            elif row is None:
                lost, said = lost + 1, [*said, f"{id} has a receipt and no row"]
            elif not (receipt["sha256"] == row.sha256 == hashlib.sha256(_event_bytes(row)).hexdigest()):
                lost, said = lost + 1, [*said, f"{id} has other bytes at the server"]
        for model in (Note, Photo):  # I2: one row an event, whatever was sent again
            ids = list(model.objects.filter(event_id__in=saved).values_list("event_id", flat=True))
            if len(ids) != len(set(ids)):
                doubled, said = doubled + len(ids) - len(set(ids)), [*said, f"{model.__name__} twice"]
        for photo in Photo.objects.filter(event_id__in=saved):
            if not _holds(data, photo.sha256) and photo.sha256 not in waiting:
                lost, said = lost + 1, [*said, f"photo {photo.sha256} is nowhere"]
        for visit in Visit.objects.exclude(last_seq=None):  # I4
            events = Event.objects.filter(visit_id=visit.pk, seq__lte=visit.last_seq)
            numbers = set(events.values_list("seq", flat=True)) >= set(range(1, visit.last_seq + 1))
            here = all(_holds(data, blob["sha256"]) for row in events for blob in json.loads(bytes(row.bytes))["blobs"])
            if (visit.complete_at is not None) != (numbers and here):
                said.append(f"visit {visit.pk} complete: {visit.complete_at}, numbers {numbers}, photos {here}")
        for case in Case.objects.filter(events__pk__in=list(rows)).distinct():  # I7
            said += [str(problem) for problem in record.verify(case)]
    return lost, doubled, said


def _event_bytes(row):
    signature = 64 if not hasattr(row, "server_seq") else 0  # quarantine keeps the signature before the event
    return bytes(row.bytes)[signature:]


def _holds(data, sha256):
    return (data / "blobs" / sha256[:2] / sha256[2:]).is_file()
