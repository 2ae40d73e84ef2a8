"""Are the bytes those that were signed, and are plan and text what the terms give?"""

from collections.abc import Iterator

import rfc8785

from agreements import clause_sets, shapes
from agreements.rules import document, offer, schedule, signers, wording
from fieldvisit import wire

from .papers import Papers


def form(p: Papers) -> list[str]:
    for body in p.signed:
        (shapes.PAPER if signers.on_paper(body) else shapes.SIGNATURE)(body, "signature")
    return []


def digests(p: Papers) -> Iterator[str]:
    for event in p.events:
        raw = bytes(event.bytes)
        public = wire.unb64url(event.device.public_key)
        if wire.sha256(raw) != event.sha256 or not wire.signed_by(public, raw, bytes(event.signature)):
            yield "seal.hash"


def canonical(p: Papers) -> Iterator[str]:
    proposed = wire.parse(bytes(p.agreement.event.bytes))["body"]["agreement"]
    if rfc8785.dumps(proposed) != bytes(p.agreement.body):
        yield "seal.canonical"
    for row, body in zip(p.signatures, p.signed, strict=True):
        if wire.parse(bytes(row.event.bytes))["body"]["signature"] != body:
            yield "seal.canonical"


def clauses(p: Papers) -> Iterator[str]:
    for key, code in (("clauses", "seal.clauses"), ("rights_card", "seal.rights")):
        said = p.doc[key]
        approved = clause_sets.load(said["id"], said["version"])
        known = offer.same(document.reference(approved, canonical=rfc8785.dumps), said)
        if not known or approved["approved_from"] > p.day.isoformat():
            yield code


def rows(p: Papers) -> Iterator[str]:
    if not offer.same(schedule.plan(p.doc["terms"]), p.doc["schedule"]):
        yield "seal.schedule"


def paragraphs(p: Papers) -> Iterator[str]:
    clauses = clause_sets.load(p.doc["clauses"]["id"], p.doc["clauses"]["version"])
    if not offer.same(wording.render(clauses, wording.facts(p.doc)), p.doc["rendered_text"]):
        yield "seal.text"


def terms_hash(p: Papers) -> Iterator[str]:
    if document.terms_hash(p.doc, canonical=rfc8785.dumps) != p.agreement.terms_sha256:
        yield "seal.terms_hash"
