"""One event as it came from a phone: opened, signature checked, form checked. What cannot be read is Invalid."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from . import bodies, keys, wire
from .models import Case, Device, Event, Status, User

AHEAD = timedelta(minutes=5)  # what we let a corrected clock run ahead of ours before we mark it
SLOW = 10 * 60 * 1000  # ms: a phone clock this wrong is worth a look
STALE = 7 * 24 * 3600  # s: an offset this old may have drifted


class Invalid(Exception):
    """Not stored; the phone keeps it. `code` is a key of PROBLEMS, `params` fill its sentence."""

    def __init__(self, code: str, sha256: str | None = None, **params):
        super().__init__(code)
        self.code, self.sha256, self.params = code, sha256, params


@dataclass
class Incoming:
    """What handlers are given. `body` may be stored as it is; `data` is the whole event exactly as signed."""

    id: UUID
    type: str
    data: dict
    body: dict
    raw: bytes
    sha256: str
    signature: bytes
    device: Device
    actor: User  # who delivered it: another user may carry
    received_at: datetime
    sent_sha256: str = ""  # of its envelope, if it came in one just now
    marks: list[str] = field(default_factory=list)
    row: Event | None = None
    decided_by: User | None = None  # a person has looked at it and goes past what held it
    decided_at: datetime | None = None

    @property
    def author(self) -> User:
        return self.device.user

    @property
    def visit_id(self) -> UUID | None:
        """None for what was done beside visits, a call for instance."""
        return UUID(self.data["visit_id"]) if self.data["visit_id"] else None

    @property
    def seq(self) -> int:
        return self.data["seq"]

    @property
    def depends_on(self) -> list[UUID]:
        return [UUID(each) for each in self.data["depends_on"]]

    @property
    def captured_at(self) -> datetime:
        return datetime.fromisoformat(self.data["captured_at"]).astimezone(UTC)

    @property
    def at(self) -> datetime:
        """The corrected time of capture."""
        return self.captured_at + timedelta(milliseconds=self.data["clock"]["offset_ms"] or 0)

    def as_row(self, server_seq: int, case: Case) -> Event:
        """The row to insert; its status is settled by the handler."""
        return Event(
            id=self.id,
            server_seq=server_seq,
            type=self.type,
            bytes=self.raw,
            sha256=self.sha256,
            signature=self.signature,
            device=self.device,
            device_seq=self.data["device_seq"],
            actor=self.actor,
            case=case,
            visit_id=self.visit_id,
            seq=self.seq,
            captured_at=self.captured_at,
            corrected_at=self.at,
            received_at=self.received_at,
            status=Status.APPLIED,
            marks=list(self.marks),
        )


def open_item(item, *, actor: User, device: Device, now: datetime) -> Incoming:
    """{"event_id","type","envelope"} → Incoming, or Invalid."""
    if not isinstance(item, dict) or set(item) != {"event_id", "type", "envelope"}:
        raise Invalid("event.item")
    if not isinstance(item["event_id"], str) or not isinstance(item["type"], str):
        raise Invalid("event.item")
    try:
        aad = wire.aad(item["event_id"], item["type"])
        plain = wire.open_envelope(wire.unb64url(item["envelope"]), aad, private=keys.envelope_private)
    except (wire.Broken, UnicodeEncodeError) as broken:
        raise Invalid("event.key" if getattr(broken, "code", "") == "envelope.key" else "event.envelope") from None
    event = read(
        plain[wire.SIGNATURE :], signature=plain[: wire.SIGNATURE], actor=actor, device=device, received_at=now
    )
    if (event.data["event_id"], event.type) != (item["event_id"], item["type"]):
        raise Invalid("event.envelope", event.sha256)
    event.sent_sha256 = sent_hash(item["envelope"])
    return event


def sent_hash(envelope: str) -> str:
    """Of the base64url as it travels: unb64url() takes only one text for the same bytes."""
    return wire.sha256(envelope.encode())


def read(raw: bytes, *, signature: bytes, actor: User, device: Device, received_at: datetime) -> Incoming:
    """The event in these bytes, signed by this device."""
    sha256 = wire.sha256(raw)
    if not wire.signed_by(wire.unb64url(device.public_key), raw, signature):
        raise Invalid("event.signature", sha256)
    try:
        data = wire.parse(raw)
    except wire.Broken:
        raise Invalid("event.json", sha256) from None
    try:
        bodies.EVENT(data, "")
        if data["type"] not in bodies.BODIES:
            raise Invalid("event.type", sha256, type=data["type"])
        bodies.BODIES[data["type"]](data["body"], "body")
        if data["visit_id"] is None and data["type"] not in bodies.BESIDE_VISITS:
            raise bodies.Misshapen("visit_id")
        # one picture or recording an event: completeness counts them by their events
        if len(data["blobs"]) > (data["type"] in ("visit.photo/1", "visit.recording/1")):
            raise bodies.Misshapen("blobs")
    except bodies.Misshapen as problem:
        raise Invalid("event.form", sha256, where=problem.where) from None
    if data["device_id"] != str(device.pk):
        raise Invalid("event.device", sha256)
    event = Incoming(
        id=UUID(data["event_id"]),
        type=data["type"],
        data=data,
        body=storable(data["body"]),
        raw=raw,
        sha256=sha256,
        signature=signature,
        device=device,
        actor=actor,
        received_at=received_at,
    )
    event.marks += _clock_marks(event)
    return event


def storable(value):
    """PostgreSQL takes no U+0000 in text. The signed bytes keep it; rows and the record show U+FFFD."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, list) else value


def _clock_marks(event: Incoming) -> list[str]:
    """Order and deadlines use the server's sequence and the corrected time; these say how far to trust it."""
    clock, marks = event.data["clock"], []
    if clock["offset_ms"] is None:
        marks.append("clock_unknown")
    elif abs(clock["offset_ms"]) > SLOW:
        marks.append("clock_wrong")
    if (clock["offset_age_s"] or 0) > STALE:
        marks.append("clock_stale")
    if event.at > event.received_at + AHEAD:
        marks.append("clock_ahead")
    if event.at < event.device.enrolled_at - AHEAD:
        marks.append("clock_behind")  # before this phone was ours
    return marks
