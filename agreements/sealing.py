"""From a ready agreement to a sealed paper: check, draw, seal, validate, then say so. Or hold it, with the reasons."""

from datetime import datetime
from functools import cache
from pathlib import Path

import rfc8785
from django.conf import settings
from django.db import OperationalError, transaction
from django.utils import timezone
from django_tasks import task

from fieldvisit import keys, record, store, wire
from fieldvisit.handlers import report
from fieldvisit.models import Consent, Photo, Position, User
from fieldvisit.rules.geo import distance_m

from . import checks, copies, development, endings, pades, pdf, proposals
from .models import Agreement, Sealed, State
from .rules import document, wording

# What this version does not do at the door; the certificate says so rather than leave it open.
NOT_DONE = ["one_time_code", "own_phone", "qualified_certificate"]


@task()
def seal_waiting() -> int:
    """A nudge: the worker looks for what is due, whatever it was called for."""
    return seal_due(now=timezone.now())


def seal_due(*, now: datetime) -> int:
    """Seal or hold every ready agreement of a complete visit, oldest first. Returns how many were settled.

    What fails for a reason of ours stays ready and is tried at the next call; it must not keep the others waiting.
    """
    settled = 0
    for agreement in Agreement.objects.filter(state=State.READY, visit__complete_at__isnull=False).order_by(
        "state_at", "pk"
    ):
        try:
            settled += settle(agreement, now=now)
        except OperationalError:
            raise
        except Exception as error:
            report(error, f"sealing agreement {agreement.pk}")
    return settled


def settle(agreement: Agreement, *, now: datetime) -> bool:
    """Seal one agreement, or hold it with every code that speaks against it. False if somebody else was quicker.

    Drawing and sealing happen outside the transaction: a writer must not keep others waiting for a PDF.
    """
    agreement = Agreement.objects.select_related(
        "case__creditor", "case__debt", "visit__address", "visit__collector", "offer", "event__device__user"
    ).get(pk=agreement.pk)
    papers = checks.papers(agreement, now=now)
    codes, params = checks.failed(papers), {}
    if not codes:
        evidence = evidence_json(papers)
        try:
            drawn = _draw(papers, evidence)
            sealed = _seal(agreement, drawn)
        except pdf.Unprintable as refused:
            codes, params = ["seal.unprintable"], {"character": refused.character}
        else:
            verdict = pades.verify(sealed, roots=roots())
            codes = [] if verdict.ok else ["seal.pdf"]
    if codes:
        return hold(agreement, codes=codes, params=params, now=now)
    return _keep(agreement, evidence, sealed, verdict, now)


@transaction.atomic
def hold(agreement: Agreement, *, codes: list[str], now: datetime, params: dict | None = None) -> bool:
    """Nothing is sealed; everything is kept; a person decides."""
    moved = Agreement.objects.filter(pk=agreement.pk, state=State.READY).update(
        state=State.HELD, codes=codes, params=params or {}, state_at=now
    )
    if moved:
        record.append(
            case=agreement.case,
            action="agreement.held",
            object=f"agreement:{agreement.pk}",
            payload={"codes": codes},
            now=now,
        )
    return bool(moved)


@transaction.atomic
def _keep(agreement: Agreement, evidence: bytes, paper: bytes, verdict: pades.Verdict, now: datetime) -> bool:
    record.lock([agreement.case_id])
    # asked again under the lock: two workers, or another agreement sealed meanwhile
    if not Agreement.objects.filter(pk=agreement.pk, state=State.READY).exists():
        return False
    in_force = Agreement.objects.filter(case=agreement.case_id, state=State.SEALED).select_related("case").first()
    if in_force:
        named = wire.parse(bytes(agreement.body))["supersedes"] == in_force.terms_sha256
        if not (named and hasattr(in_force, "renewal")):
            return hold(agreement, codes=["seal.in_force"], now=now)
        endings.replace(earlier=in_force, later=agreement, now=now)
    folder = f"sealed/{agreement.pk}"
    row = Sealed(
        agreement=agreement,
        evidence_sha256=wire.sha256(evidence),
        pdf_sha256=wire.sha256(paper),
        terms_sha256=agreement.terms_sha256,
        sealed_at=now,
        signer=verdict.signer,
    )
    row.evidence, row.pdf = f"{folder}/{row.evidence_sha256}.json", f"{folder}/{row.pdf_sha256}.pdf"
    # on the disk before the database says so: a seal cannot be made a second time with the same bytes
    store.put(row.evidence.name, evidence)
    store.put(row.pdf.name, paper)
    row.save()
    Agreement.objects.filter(pk=agreement.pk).update(state=State.SEALED, codes=[], state_at=now)
    record.append(
        case=agreement.case, action="agreement.sealed", object=f"agreement:{agreement.pk}", now=now,
        payload={"number": agreement.number, "terms_sha256": agreement.terms_sha256, "pdf_sha256": row.pdf_sha256,
                 "evidence_sha256": row.evidence_sha256},
    )  # fmt: skip
    copies.note(agreement=agreement, now=now)
    return True


def evidence_json(p: checks.Papers) -> bytes:
    """evidence/1: all that a stranger needs to check the paper with no server: events, device keys, offer, clauses."""
    doc = p.doc
    return rfc8785.dumps({
        "schema": "evidence/1",
        "events": [
            {"event": wire.parse(bytes(event.bytes)), "sha256": event.sha256,
             "signature": wire.b64url(bytes(event.signature)), "device_public_key": event.device.public_key,
             "received_at": event.received_at.isoformat()}
            for event in p.events
        ],
        "offer": {"body": p.offer_body, "sig": p.agreement.offer.sig, "key_id": p.agreement.offer.key_id,
                  "public_key": wire.b64url(keys.signing_public(p.agreement.offer.key_id)[1])},
        "clauses": wording.load(doc["clauses"]["id"], doc["clauses"]["version"]),
        "rights_card": wording.load(doc["rights_card"]["id"], doc["rights_card"]["version"]),
    })  # fmt: skip


def _draw(p: checks.Papers, evidence: bytes) -> pdf.Rendered:
    return pdf.render({"agreement": p.doc, "signatures": p.signed}, facts(p, evidence), evidence_json=evidence)


def facts(p: checks.Papers, evidence: bytes) -> dict:
    """What the server itself knows at this moment, for the certificate. It depends on stored rows only."""
    agreement, visit = p.agreement, p.agreement.visit
    consent = Consent.objects.filter(visit=visit).order_by("at").last()
    photos = Photo.objects.filter(visit=visit).order_by("at", "pk")
    shown = p.signed[0]["display"]
    collectors = [{"name": str(visit.collector), "role": "lead"}]
    if consent and consent.second_username:
        collectors.append({"name": _name(consent.second_username), "role": "second"})
    return {
        "number": agreement.number,
        "check_code": document.check_code(agreement.terms_sha256),
        "terms_sha256": agreement.terms_sha256,
        "evidence_sha256": wire.sha256(evidence),
        "verify_url": proposals.copy_url(agreement.offer),
        "clocks": [_clock("proposed", agreement.event),
                   *(_clock(f"signed:{s.role}", s.event) for s in p.signatures)],
        "timestamp": "pending",
        "device_ids": sorted({str(event.device_id) for event in p.events}),
        "collectors": collectors,
        **_position(visit),
        "present": consent.present if consent else [],
        "consents": p.signed[0]["signer"]["consents"],
        "photos": [{"sha256": photo.sha256, "caption": photo.caption} for photo in photos],
        "shown": {key: shown[key] for key in ("visible_ms", "reached_end", "font_px", "w", "h")},
        "not_done": NOT_DONE,
        "events": [{"type": event.type, "sha256": event.sha256} for event in p.events],
    }  # fmt: skip


def _clock(what: str, event) -> dict:
    """Three of the four clocks of one event, in the phone's own offset."""
    said = datetime.fromisoformat(wire.parse(bytes(event.bytes))["captured_at"])
    zone = said.tzinfo
    return {"event": what, "device": said.isoformat(timespec="seconds"),
            "corrected": event.corrected_at.astimezone(zone).isoformat(timespec="seconds"),
            "received": event.received_at.astimezone(zone).isoformat(timespec="seconds")}  # fmt: skip


def _position(visit) -> dict:
    row = Position.objects.filter(visit=visit).order_by("at").first()
    if row is None or row.lat_e7 is None:
        return {"position": None, "position_refused": row.refused if row else None}
    home, distance = visit.address, None
    if home and home.lat_e7 is not None:
        distance = distance_m(home.lat_e7, home.lon_e7, row.lat_e7, row.lon_e7)
    place = {key: getattr(row, key) for key in ("lat_e7", "lon_e7", "accuracy_cm")}
    return {"position": place | {"distance_m": distance}, "position_refused": None}


def _name(username: str) -> str:
    return str(User.objects.filter(username=username).first() or username)


def _seal(agreement: Agreement, drawn: pdf.Rendered) -> bytes:
    creditor = agreement.case.creditor
    return pades.seal(
        drawn.pdf, signer=signer(), reason=agreement.number, location="CN", page=drawn.seal_page, box=drawn.seal_box,
        stamp=pdf.stamp(creditor.short_name),
    )  # fmt: skip


def folder() -> Path:
    return Path(settings.FIELDVISIT_DATA) / "keys" / "seal"


@cache
def signer():
    """The creditor's seal. A development certificate is made on first run and says in every name what it is."""
    development.development_certificate(folder())
    passphrase = (folder() / development.PASSPHRASE).read_bytes()
    return pades.signer(pkcs12=folder() / development.SEAL, passphrase=passphrase)


def roots() -> list[Path]:
    return [folder() / development.ROOT]
