"""A phone without a browser: makes the same bytes as static/src/offline, so that the server can be tested alone.

phone = Phone(ana)                                  # registers the device for Ana; Phone(ana, register=False) does not
note = phone.note(visit, "…")                       # or started, consent, photo, location, ended, stopped, append
phone.deliver(now=NOW)                              # through intake, as the view does; [verdict, …]
phone.post(client)                                  # through POST /sync/events; the response
phone.upload(client, note_with_photo)               # the blobs of an event through tus
"""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from uuid6 import uuid7

from fieldvisit import intake, keys, wire
from fieldvisit.models import Device

from .cast import NOW

BEIJING = timezone(timedelta(hours=8))
HOME = {"lat_e7": 303000000, "lon_e7": 1201500000, "accuracy_cm": 1200, "age_ms": 800}
NEITHER = {"position": None, "position_refused": None}
SAME_ORIGIN = {"X-Fieldvisit": "1", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Sealed:
    """A blob as it travels."""

    plain: bytes
    sha256: str
    sent: bytes
    sent_sha256: str


@dataclass
class Saved:
    """An event that the phone has called saved."""

    event: dict
    bytes: bytes
    item: dict
    blobs: list[Sealed] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return UUID(self.event["event_id"])

    @property
    def sha256(self) -> str:
        return wire.sha256(self.bytes)


def envelope(plain: bytes, id: str, type: str) -> bytes:
    """To the server's present key."""
    _, to = keys.envelope_public()
    iv = uuid4().bytes[:12]
    return wire.seal_envelope(plain, wire.aad(id, type), to=to, ephemeral=ec.generate_private_key(wire.CURVE), iv=iv)


def sealed_blob(plain: bytes) -> Sealed:
    sha = wire.sha256(plain)
    sent = envelope(plain, sha, "blob/1")
    return Sealed(plain, sha, sent, wire.sha256(sent))


class Phone:
    def __init__(self, user, *, now=NOW, register=True):
        self.user, self.now = user, now
        self.id, self.key = uuid4(), ec.generate_private_key(wire.CURVE)
        self.public_key = wire.b64url(wire.public_bytes(self.key))
        self.outbox: list[Saved] = []
        self.seq: dict = {}
        self.device_seq, self.tip = 0, None
        self.clock = {"mono_ms": 1000, "offset_ms": 0, "offset_age_s": 60}
        self.device = self.register() if register else None

    def register(self) -> Device:
        return Device.objects.create(
            pk=self.id,
            user=self.user,
            public_key=self.public_key,
            label="Pixel 7",
            enrolled_at=self.now - timedelta(days=1),
        )

    def append(
        self,
        type,
        body,
        *,
        visit=None,
        visit_id=None,
        case_ref=None,
        at=None,
        blobs=(),
        depends_on=(),
        role="photo",
        **changes,
    ) -> Saved:
        """Finalise one event. `blobs` are bytes; `changes` overwrite keys of the event before it is signed."""
        # "": beside any visit; its number then counts within the case
        visit_id = str(visit.pk if visit_id is None else visit_id) or None
        self.seq[visit_id or case_ref] = seq = self.seq.get(visit_id or case_ref, 0) + 1
        self.device_seq += 1
        sealed = [sealed_blob(plain) for plain in blobs]
        event = {
            "v": 1,
            "event_id": str(uuid7()),
            "type": type,
            "visit_id": visit_id,
            "case_ref": case_ref or visit.case.ref,
            "seq": seq,
            "depends_on": [str(each.id if isinstance(each, Saved) else each) for each in depends_on],
            "device_id": str(self.id),
            "device_seq": self.device_seq,
            "prev_sha256": self.tip,
            "captured_at": moment(at or self.now + timedelta(seconds=seq)),
            "clock": dict(self.clock),
            "basis": {"case_version": None, "assignment_id": None, "offer_id": None, "rules": "cn@2026-11"},
            "app": {"build": "test", "schema": "2026-11"},
            "blobs": [
                {
                    "sha256": blob.sha256,
                    "sent_sha256": blob.sent_sha256,
                    "bytes": len(blob.sent),
                    "mime": "image/jpeg" if role == "photo" else "audio/webm",
                    "role": role,
                }
                for blob in sealed
            ],
            "body": body,
        } | changes
        saved = self.seal(event)
        saved.blobs = sealed
        self.tip = saved.sha256
        self.outbox.append(saved)
        return saved

    def seal(self, event: dict) -> Saved:
        """Sign and envelope an event as it stands, well or badly made."""
        raw = wire.canonical(event)
        sent = envelope(wire.sign(self.key, raw) + raw, event["event_id"], event["type"])
        item = {"event_id": event["event_id"], "type": event["type"], "envelope": wire.b64url(sent)}
        return Saved(event, raw, item)

    # --- the events of a visit

    def started(self, visit, **more):
        body = {"position": HOME, "position_refused": None, "bring": ["work-card", "mandate"], "second": None}
        return self.append("visit.started/1", body, visit=visit, **more)

    def consent(self, visit, entry="given", **more):
        body = {"identity_shown": True, "recording_announced": True, "present": ["debtor"], "second": None}
        return self.append("visit.consent/1", body | {"entry": entry}, visit=visit, **more)

    def note(self, visit, text="月底发工资后先还 500 元。", kind="statement", **more):
        return self.append("visit.note/1", {"kind": kind, "text": text}, visit=visit, **more)

    def photo(self, visit, picture: bytes, caption="门口", **more):
        body = {"kind": "door", "caption": caption, "width": 2048, "height": 1536} | NEITHER
        return self.append("visit.photo/1", body, visit=visit, blobs=[picture], **more)

    def recording(self, visit, pieces=(b"\x1aE\xdf\xa3 sound",), ended="ended", **more):
        """A segment as the phone's own recorder seals it: piece by piece, as they came."""
        segment, at = str(uuid7()), more.pop("started_at", self.now)
        sealed = [envelope(piece, f"{segment}/{n}", "piece/1") for n, piece in enumerate(pieces, start=1)]
        digest = hashlib.sha256(b"".join(hashlib.sha256(piece).digest() for piece in pieces)).hexdigest()
        body = {"segment": segment, "started_at": moment(at), "duration_ms": 3000 * len(pieces), "lost_ms": 0}
        body |= {"pieces": len(pieces), "digest": digest, "mime": "audio/webm", "ended": ended} | more.pop("body", {})
        sent = b"FVR1" + b"".join(len(each).to_bytes(4) + each for each in sealed)
        return self.append("visit.recording/1", body, visit=visit, blobs=[sent], **({"role": "recording"} | more))

    def recorder(self, visit, reference="LY-0042", file="A0017", **more):
        return self.append("visit.recorder/1", {"reference": reference, "file": file}, visit=visit, **more)

    def location(self, visit, **more):
        body = {"position": None, "position_refused": "denied"}
        return self.append("visit.location/1", body, visit=visit, **more)

    def stopped(self, visit, reason="asked_to_leave", text="", **more):
        return self.append("stop.raised/1", {"reason": reason, "text": text}, visit=visit, **more)

    def ended(self, visit, outcome="no_agreement", next_action="visit", **more):
        last_seq = self.seq.get(str(visit.pk), 0) + 1
        body = {"outcome": outcome, "next_action": next_action, "next_on": "2026-12-01", "copy_left": False}
        return self.append("visit.ended/1", body | {"last_seq": last_seq} | NEITHER, visit=visit, **more)

    # --- what goes beside a visit too

    def called(self, case, outcome="no_answer", *, case_ref=None, **more):
        body = {"channel": "call", "outcome": outcome, "text": ""}
        return self.append("contact.made/1", body, visit_id="", case_ref=case_ref or case.ref, **more)

    def promise(self, visit, amount_fen, on, **more):
        body = {"amount_fen": amount_fen, "on": on, "way": "transfer", "text": ""}
        return self.append("promise.made/1", body, visit=visit, **more)

    def change(self, visit, party, property, before, after, **more):
        body = {"party": str(party.pk), "property": property, "before": before, "after": after, "text": ""}
        return self.append("contact.change_requested/1", body, visit=visit, **more)

    def status(self, visit, status, reason, until=None, text="", **more):
        body = {"status": status, "reason": reason, "until": until, "text": text}
        return self.append("case.status_requested/1", body, visit=visit, **more)

    # --- delivery

    def items(self, events=None) -> list[dict]:
        return [saved.item for saved in (self.outbox if events is None else events)]

    def request(self, events=None) -> dict:
        return {"v": 1, "device_id": str(self.id), "events": self.items(events)}

    def deliver(self, events=None, *, by=None, now=None) -> list[dict]:
        """Through intake alone; `by` carries for another."""
        device = Device.objects.select_related("user").get(pk=self.id)
        answer = intake.ingest_batch(self.items(events), actor=by or self.user, device=device, now=now or self.now)
        return [json.loads(body) for body in answer.verdicts]

    def post(self, client, events=None, **more):
        """Through the view; `client` is signed in."""
        return client.post(
            "/sync/events",
            json.dumps(self.request(events)),
            content_type="application/json",
            headers=SAME_ORIGIN | {"X-Device": str(self.id)},
            **more,
        )

    def upload(self, client, saved: Saved, chunk=1 << 18):
        """All blobs of an event, in chunks; returns the last response."""
        response = None
        for blob in saved.blobs:
            response = self.create(client, blob, saved)
            offset = int(response["Upload-Offset"]) if response.has_header("Upload-Offset") else 0
            for start in count(offset, chunk):
                if start >= len(blob.sent):
                    break
                response = self.patch(client, blob, start, blob.sent[start : start + chunk])
        return response

    def create(self, client, blob: Sealed, saved: Saved, data=b"", **headers):
        pairs = {"sent_sha256": blob.sent_sha256, "sha256": blob.sha256, "event": str(saved.id)}
        metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items())
        headers = {"Upload-Length": str(len(blob.sent)), "Upload-Metadata": metadata} | headers
        more = {"data": data, "content_type": "application/offset+octet-stream"} if data else {}
        return client.post("/sync/blobs/", headers=self.tus() | headers, **more)

    def patch(self, client, blob: Sealed, offset: int, data: bytes, **headers):
        return client.patch(
            f"/sync/blobs/{blob.sent_sha256}",
            data,
            content_type="application/offset+octet-stream",
            headers=self.tus() | {"Upload-Offset": str(offset)} | headers,
        )

    def tus(self) -> dict:
        return SAME_ORIGIN | {"Tus-Resumable": "1.0.0", "X-Device": str(self.id)}


def moment(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="milliseconds")
