"""The evidence bundle: one case, or one agreement with its visit, as a ZIP that proves itself with no server.

manifest.json names every other file with its SHA-256 and is signed by the server; `python -m agreements.check` reads
it. The export is a line of the record, and a checkpoint is made over it first, so the bundle holds the proof of itself.
"""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import rfc8785
from django.template.loader import render_to_string
from django.utils import timezone, translation

from fieldvisit import conduct, keys, record, wire
from fieldvisit.models import Case, Entry, Event, Photo, Position, User, Visit
from fieldvisit.problems import Refused
from fieldvisit.rules import capture

from . import checkpoints, clause_sets, sealkeys, timestamps
from .models import Agreement, Over
from .rules import document, zipped

CHUNK = 1024 * 1024


@dataclass
class Bundle:
    """`content` streams `length` bytes."""

    name: str
    length: int
    content: Iterator[bytes]


@dataclass
class _Parts:
    """What is collected: files in order, their hashes, and what should be there and is not."""

    members: list = field(default_factory=list)
    files: list = field(default_factory=list)
    missing: list = field(default_factory=list)

    def add(self, name: str, content: bytes) -> None:
        self.members.append(zipped.member(name, content))
        self.files.append({"name": name, "size": len(content), "sha256": wire.sha256(content)})

    def said(self, name: str, value) -> None:
        self.add(name, rfc8785.dumps(value))

    def stored(self, name: str, path: Path) -> None:
        """Read twice and never held: once for its hash, once when it is sent."""
        digest, size, crc = hashlib.sha256(), 0, 0
        try:
            for chunk in _chunks(path):
                digest.update(chunk)
                size, crc = size + len(chunk), zlib.crc32(chunk, crc)
        except FileNotFoundError:
            self.missing.append(name)
            return
        self.members.append(zipped.Member(name, size, crc, _chunks(path)))
        self.files.append({"name": name, "size": size, "sha256": digest.hexdigest()})


def _chunks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def make(*, case: Case, agreement: Agreement | None = None, by: User, now: datetime) -> Bundle:
    """Refused("bundle.too_large")."""
    what = f"agreement:{agreement.pk}" if agreement else f"case:{case.ref}"
    payload = {"what": agreement.number if agreement else case.contract_number}
    record.append(case=case, action="bundle.exported", object=what, payload=payload, actor=by, now=now)
    checkpoint = checkpoints.make(now=now, by=by)
    agreements = [agreement] if agreement else list(Agreement.objects.filter(case=case).order_by("proposed_at", "pk"))
    visits = Visit.objects.filter(case=case).order_by("planned_on", "pk")
    visits = list(visits.filter(pk=agreement.visit_id) if agreement else visits)
    parts = _Parts()
    entries = _record(parts, case, agreement)
    _visits(parts, visits)
    _photos(parts, visits)
    for each in agreements:
        _agreement(parts, each)
    _rules(parts, visits, now)
    parts.said("checkpoint/checkpoint.json", checkpoints.told(checkpoint))
    parts.said("checkpoint/inclusion.json", checkpoints.proof(checkpoints.covering(case), checkpoint))
    for name, roots in (("seal", sealkeys.roots()), ("timestamp", sealkeys.timestamp_roots())):
        parts.add(f"trust/{name}-roots.pem", b"".join(path.read_bytes() for path in roots))
    parts.add("summary.html", _summary(case, agreements, visits, checkpoint, parts, by, now))
    manifest = rfc8785.dumps({
        "schema": "bundle/1", "at": now.isoformat(), "by": str(by), "case": str(case.pk), "entries": entries,
        "agreements": [str(each.pk) for each in agreements], "visits": [str(visit.pk) for visit in visits],
        "files": parts.files, "missing": parts.missing, "key_id": keys.signing_key_id(),
    })  # fmt: skip
    signed = rfc8785.dumps({
        "public_key": wire.b64url(keys.signing_public()[1]), "sig": wire.b64url(wire.sign(keys.signing_key(), manifest))
    })  # fmt: skip
    members = [zipped.member("manifest.json", manifest), zipped.member("manifest.sig.json", signed), *parts.members]
    length = zipped.length(members)
    if length > zipped.MOST:
        raise Refused("bundle.too_large")
    name = agreement.number if agreement and agreement.number else case.contract_number
    return Bundle(f"{name}-{timezone.localtime(now):%Y%m%d-%H%M}.zip", length, zipped.write(members))


def _record(parts: _Parts, case: Case, agreement: Agreement | None) -> int:
    """The whole chain; what its lines say only as far as it belongs here."""
    entries = Entry.objects.filter(case=case).order_by("seq").select_related("detail__actor")
    ours = _objects(agreement) if agreement else None
    rows = []
    for entry in entries:
        detail = getattr(entry, "detail", None) if ours is None or entry.object in ours else None
        names = ("seq", "at", "actor", "action", "object", "payload_sha256", "prev", "hash")
        rows.append({name: getattr(entry, name) for name in names} | {"detail": detail and {
            "salt": wire.b64url(bytes(detail.salt)), "payload": detail.payload,
            "actor": str(detail.actor) if detail.actor else None,
        }})  # fmt: skip
    parts.said("record.json", {"schema": "record/1", "case": str(case.pk), "entries": rows})
    return len(rows)


def _objects(agreement: Agreement) -> set[str]:
    events = Event.objects.filter(visit_id=agreement.visit_id).values_list("pk", flat=True)
    return {f"agreement:{agreement.pk}", f"visit:{agreement.visit_id}", *(f"event:{pk}" for pk in events)}


def _visits(parts: _Parts, visits: list[Visit]) -> None:
    """Every event exactly as the phone signed it; and the positions, as a table."""
    found = Event.objects.filter(visit_id__in=[visit.pk for visit in visits]).select_related("device", "actor")
    for visit in visits:
        events = [event for event in found if event.visit_id == visit.pk]
        parts.said(f"visits/{visit.pk}/events.json", [
            {"event": wire.parse(bytes(event.bytes)), "sha256": event.sha256, "status": event.status,
             "signature": wire.b64url(bytes(event.signature)), "device_public_key": event.device.public_key,
             "actor": str(event.actor), "received_at": event.received_at.isoformat(),
             "corrected_at": event.corrected_at.isoformat(), "marks": event.marks}
            for event in sorted(events, key=lambda event: (event.seq, event.server_seq))
        ])  # fmt: skip
        rows = Position.objects.filter(visit=visit).order_by("at", "pk")
        parts.said(f"visits/{visit.pk}/positions.json", [
            {"event": str(row.event_id), "at": row.at.isoformat(), "refused": row.refused or None}
            | {name: getattr(row, name) for name in ("lat_e7", "lon_e7", "accuracy_cm", "age_ms")} for row in rows
        ])  # fmt: skip


def _photos(parts: _Parts, visits: list[Visit]) -> None:
    for photo in Photo.objects.filter(visit__in=visits).order_by("at", "pk").distinct():
        if photo.taken_in_at is None or not photo.original:
            parts.missing.append(f"photos/{photo.sha256}")
            continue
        path = Path(photo.original.path)
        head = path.open("rb").read(12) if path.is_file() else b""
        name = f"photos/{photo.sha256}{capture.picture_suffix(head)}"
        if any(each["name"] == name for each in parts.files):
            continue  # the same picture twice
        parts.stored(name, path)
        if photo.derivative:
            parts.stored(f"photos/{photo.sha256}-shown.jpg", Path(photo.derivative.path))


def _agreement(parts: _Parts, agreement: Agreement) -> None:
    folder = f"agreements/{agreement.pk}"
    doc = wire.parse(bytes(agreement.body))
    for part in (doc["clauses"], doc["rights_card"]):
        name = f"clauses/{part['id']}-{part['version']}.json"
        if not any(each["name"] == name for each in parts.files):
            parts.said(name, clause_sets.load(part["id"], part["version"]))
    signed = [wire.parse(bytes(row.body)) for row in agreement.signatures.order_by("event__seq", "pk")]
    parts.said(f"{folder}/terms.json", {"agreement": doc, "signatures": signed, "number": agreement.number,
                                        "state": agreement.state, "terms_sha256": agreement.terms_sha256})  # fmt: skip
    drawn = [{"signer": each["signer"], "strokes": each.get("strokes")} for each in signed]
    parts.said(f"{folder}/strokes.json", drawn)
    sealed = getattr(agreement, "sealed", None)
    if sealed is None:
        return
    parts.stored(f"{folder}/evidence.json", Path(sealed.evidence.path))
    parts.stored(f"{folder}/paper.pdf", Path(timestamps.newest(sealed).pdf.path))
    token = sealed.timestamps.filter(over=Over.EVIDENCE).first()
    if token and token.token:
        parts.add(f"{folder}/evidence.token", bytes(token.token))


def _rules(parts: _Parts, visits: list[Visit], now: datetime) -> None:
    """The rules of conduct as they stood on each day of a visit."""
    days = {timezone.localdate(visit.started_at) for visit in visits if visit.started_at} or {timezone.localdate(now)}
    for day in sorted(days):
        parts.said(f"rules/{conduct.JURISDICTION}-{day.isoformat()}.json", conduct.rules(day))


def _summary(case, agreements, visits, checkpoint, parts, by, now) -> bytes:
    """One page in both languages, Chinese first."""
    rows = [{"agreement": each, "code": document.check_code(each.terms_sha256), "sealed": getattr(each, "sealed", None)}
            for each in agreements]  # fmt: skip
    context = {
        "case": case, "debtor": case.parties.filter(role="debtor").first(), "rows": rows, "visits": visits,
        "checkpoint": checkpoint, "time": getattr(checkpoint, "time", None), "files": len(parts.files),
        "missing": parts.missing, "by": by, "now": now, "key_id": keys.signing_key_id(),
        "photos": sum(each["name"].startswith("photos/") for each in parts.files),
    }  # fmt: skip
    pages = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            pages.append(render_to_string("agreements/bundles/_summary.html", context | {"language": language}))
    return render_to_string("agreements/bundles/summary.html", {"pages": pages, "case": case}).encode()
