"""What the server itself knows of an agreement at sealing: the evidence for a stranger, and the certificate's facts.

All of it depends on stored rows only: the same rows and the same timestamp token give the same bytes.
"""

from datetime import datetime

import rfc8785

from fieldvisit import companions, keys, wire
from fieldvisit.models import Consent, Photo, Position, User
from fieldvisit.rules.geo import distance_m

from . import checks, clause_sets, pades, proposals
from .models import ConfirmationCode, ConfirmationWay, Sealed
from .rules import document, following, signers

# What was not done stands in the certificate rather than be left open; the last is never done here.
WAYS = {ConfirmationWay.GLASS: "one_time_code", ConfirmationWay.LINK: "own_phone"}
NEVER_DONE = ["qualified_certificate"]


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
        "clauses": clause_sets.load(doc["clauses"]["id"], doc["clauses"]["version"]),
        "rights_card": clause_sets.load(doc["rights_card"]["id"], doc["rights_card"]["version"]),
    } | _approval(p.agreement) | _confirmed(p) | _paper(p.agreement) | _replaces(p))  # fmt: skip


def _approval(agreement) -> dict:
    """Who let the plan pass beyond the limits, if anybody had to."""
    made = getattr(agreement, "approval", None)
    said = {"codes": made.codes, "reason": made.reason, "by": str(made.by), "at": made.at.isoformat()} if made else None
    return {"approval": said} if said else {}


def _paper(agreement) -> dict:
    """Who of the office has looked at the photographed pages, if it was signed on paper."""
    seen = getattr(agreement, "paper_check", None)
    return {"paper_check": {"by": str(seen.by), "at": seen.at.isoformat()}} if seen else {}


def _replaces(p: checks.Papers) -> dict:
    """The sealed agreement that this one takes the place of; nothing where there is none. Its PDF as it was sealed."""
    terms = p.doc["supersedes"]
    row = Sealed.objects.filter(agreement__case=p.agreement.case_id, terms_sha256=terms).select_related("agreement")
    earlier = row.order_by("pk").last() if terms else None
    if earlier is None:
        return {}
    return {"supersedes": {
        "number": earlier.agreement.number, "sealed_on": following.day(earlier.sealed_at).isoformat(),
        "terms_sha256": terms, "pdf_sha256": earlier.pdf_sha256,
    }}  # fmt: skip


def page_photos(p: checks.Papers) -> dict[str, bytes]:
    """{"page-01.jpg": the file as it was taken} of a paper, in the order of its pages."""
    named = next((body["photos"] for body in p.signed if signers.on_paper(body)), [])
    rows = {row.sha256: row for row in Photo.objects.filter(visit=p.agreement.visit, sha256__in=named)}
    found = {}
    for n, sha256 in enumerate(named, 1):
        with rows[sha256].original.open("rb") as file:
            data = file.read()
        found[f"page-{n:02d}.{_kind(data)}"] = data
    return found


def _kind(data: bytes) -> str:
    """The name's ending, by the first bytes; what was taken in opens as one of these."""
    heads = {b"\xff\xd8": "jpg", b"\x89PNG": "png", b"RIFF": "webp"}
    return next((kind for head, kind in heads.items() if data.startswith(head)), "heic")


def _confirmed(p: checks.Papers) -> dict:
    """What this server said of each code that went to the debtor, each statement with the key that signed it."""
    said = statements(p)
    keyed = [one | {"public_key": wire.b64url(keys.signing_public(one["key_id"])[1])} for one in said]
    return {"confirmations": keyed} if keyed else {}


def statements(p: checks.Papers) -> list[dict]:
    """confirmation/1 of each code for these terms, as it stands after its last try."""
    sent = ConfirmationCode.objects.filter(agreement_id=p.agreement.pk, terms_sha256=p.agreement.terms_sha256)
    rows = sent.filter(at__lte=p.now).order_by("at", "pk").prefetch_related("tries")
    last = (max(code.tries.all(), key=lambda each: each.pk, default=code) for code in rows)
    return [wire.parse(bytes(each.statement)) for each in last]


def facts(p: checks.Papers, evidence: bytes, token: pades.Token | None) -> dict:
    """What the server itself knows at this moment, for the certificate. It depends on stored rows only."""
    agreement, visit = p.agreement, p.agreement.visit
    consent = Consent.objects.filter(visit=visit).order_by("at").last()
    photos = Photo.objects.filter(visit=visit).order_by("at", "pk")
    collectors = [{"name": str(visit.collector), "role": "lead"}]
    said = statements(p)
    done = {one["way"] for one in said if one["confirmed_at"]}
    if consent and consent.second_username:
        shown = companions.way(visit, consent.second_username) or "named"
        collectors.append({"name": _name(consent.second_username), "role": f"second-{shown}"})
    return {
        "number": agreement.number,
        "check_code": document.check_code(agreement.terms_sha256),
        "terms_sha256": agreement.terms_sha256,
        "evidence_sha256": wire.sha256(evidence),
        "verify_url": proposals.copy_url(agreement.offer),
        "clocks": [_clock("proposed", agreement.event),
                   *(_clock(f"signed:{s.role}", s.event) for s in p.signatures)],
        "timestamp": {"at": token.at.isoformat(timespec="seconds"), "authority": token.authority} if token else None,
        "device_ids": sorted({str(event.device_id) for event in p.events}),
        "collectors": collectors,
        **_position(visit),
        "present": consent.present if consent else [],
        "photos": [{"sha256": photo.sha256, "caption": photo.caption} for photo in photos],
        "confirmations": said,
        **_paper(agreement),
        "not_done": [name for way, name in WAYS.items() if way not in done] + NEVER_DONE,
        "events": [{"type": event.type, "sha256": event.sha256} for event in p.events],
    } | _replaces(p)  # fmt: skip


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
