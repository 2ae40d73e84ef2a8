"""Many phones without browsers at a real server: each makes the calls of the app over one connection of its own."""

import http.client
import json
import time
from base64 import b64encode
from datetime import timedelta

from tests.fieldvisit.test_sync_live import Caller
from tests.phone import Phone

PIECE, WHOLE = 256 * 1024, 384 * 1024  # of a photo, as static/src/offline/upload.js cuts it
MOST = 50  # events in one request
TUS = {"Tus_Resumable": "1.0.0"}


class Fleet:
    """Phones of these users, known to the server; `server_database` (or Django itself) must look at its database."""

    def __init__(self, server, users, now):
        self.server, self.now = server, now
        self.sessions = [(user, Caller(server, user.username).headers()) for user in users]

    def phone(self, number):
        """The phone of the user whose turn it is."""
        from fieldvisit.models import Device

        user, headers = self.sessions[number % len(self.sessions)]
        phone = Phone(user, register=False, now=self.now)
        before = self.now - timedelta(days=1)
        Device.objects.create(pk=phone.id, user=user, public_key=phone.public_key, label="fleet", enrolled_at=before)
        phone.headers, phone.port = headers | {"X-Device": str(phone.id)}, self.server.port
        return phone


def packed(phone, saved):
    """What it will send of these events, made before the clock runs: (requests, [(event id, sealed photo)])."""
    cuts = [saved[at : at + MOST] for at in range(0, len(saved), MOST)]
    return [json.dumps(phone.request(cut)).encode() for cut in cuts], [(s.id, blob) for s in saved for blob in s.blobs]


class Line:
    """One connection of one phone."""

    def __init__(self, phone):
        self.phone = phone
        self.connection = http.client.HTTPConnection("127.0.0.1", phone.port, timeout=120)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def call(self, method, path, body=None, **headers):
        """(status, headers, body)"""
        all_of_them = self.phone.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, body, all_of_them)
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()


def drain(phone, requests, blobs):
    """hello, events, photos, receipts, until nothing waits. → ({event id: verdict}, [seconds of each batch])"""
    verdicts, seconds = {}, []
    with Line(phone) as line:
        assert line.call("GET", "/sync/hello")[0] == 200
        for request in requests:
            while True:
                began = time.monotonic()
                status, _, said = line.call("POST", "/sync/events", request, Content_Type="application/json")
                seconds.append(time.monotonic() - began)
                answers = json.loads(said)["verdicts"] if status == 200 else []
                verdicts |= {each["event_id"]: each for each in answers if each["status"] != "retry"}
                if answers and all(each["status"] != "retry" for each in answers):
                    break
                time.sleep(1)
        for event_id, blob in blobs:
            send_photo(line, event_id, blob)
        assert line.call("GET", "/sync/receipts?since=0")[0] == 200
    return verdicts, seconds


def send_photo(line, event_id, blob):
    """As upload.js: begins with the first piece and goes on piece by piece until all of it is there."""
    path = f"/sync/blobs/{blob.sent_sha256}"
    at = 0
    while at < len(blob.sent):
        left = len(blob.sent) - at
        piece = blob.sent[at : at + (left if left <= WHOLE else PIECE)]
        more = {"Content_Type": "application/offset+octet-stream"}
        if at:
            status, held, _ = line.call("PATCH", path, piece, **TUS, **more, Upload_Offset=str(at))
            assert status == 204, status
        else:
            pairs = {"sent_sha256": blob.sent_sha256, "sha256": blob.sha256, "event": str(event_id)}
            told = ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in pairs.items())
            begin = {"Upload_Length": str(len(blob.sent)), "Upload_Metadata": told}
            status, held, _ = line.call("POST", "/sync/blobs/", piece, **TUS, **more, **begin)
            assert status == 201, status
        assert int(held["Upload-Offset"]) > at
        at = int(held["Upload-Offset"])
