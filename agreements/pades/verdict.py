"""Judge any bytes that claim to bear the creditor's seal: whatever is not proved is refused."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    XrefStreamRule,
)
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

from . import canonical, tokens

_LTA = ModificationLevel.LTA_UPDATES
# What may come after the seal: revocation data and invisible document timestamps. pyHanko's own policy also lets the
# metadata change.
POLICY = StandardDiffPolicy(
    global_rules=[CatalogModificationRule(), *(r().as_qualified(_LTA) for r in
                                               (XrefStreamRule, ObjectStreamRule, DSSCompareRule))],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
)  # fmt: skip


@dataclass(frozen=True)
class Stamp:
    """A document timestamp: the authority's time, its name, and until when its certificates prove it."""

    at: datetime
    authority: str
    good_until: datetime


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `ok` only if everything holds; `reason` is then "", else a code.

    Codes: unreadable, encrypted, unsigned, several_signatures, not_certified, not_whole_file, altered, untrusted.
    `signed_at` is the authority's time where there is a timestamp, else the signer's own claim. `archive` holds the
    document timestamps, oldest first; `level` is B-B, B-T or B-LTA.
    """

    ok: bool
    intact: bool = False
    whole_file: bool = False
    signer: str = ""
    signed_at: datetime | None = None
    timestamped: bool = False
    reason: str = ""
    archive: tuple[Stamp, ...] = ()

    @property
    def level(self) -> str:
        return "B-LTA" if self.archive else "B-T" if self.timestamped else "B-B"


@dataclass(frozen=True)
class _Trust:
    roots: list
    timestamp_roots: list
    now: datetime


def verify(pdf: bytes, *, roots: Sequence[Path], timestamp_roots: Sequence[Path] = (),
           now: datetime | None = None) -> Verdict:
    """Judge `pdf`. Its certificate must lead to the PEM files `roots`, those of its timestamps to `timestamp_roots`.

    `now`: the moment of judging, for what the years bring. Bad bytes never raise; a missing root does.
    """
    trust = _Trust(certificates(roots), certificates(timestamp_roots), now or datetime.now(UTC))
    try:
        return _verify(pdf, trust)
    except Exception:  # hostile bytes may make a parser fail in any way, and every way is a refusal, never a pass
        return Verdict(ok=False, reason="unreadable")


def certificates(files: Sequence[Path]) -> list:
    """The certificates of PEM or DER files."""
    return list(load_certs_from_pemder([str(file) for file in files]))


def _verify(pdf: bytes, trust: _Trust) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.encrypted:
        return Verdict(ok=False, reason="encrypted")
    found = reader.embedded_signatures
    if not found:
        return Verdict(ok=False, reason="unsigned")
    seal, stamps = found[0], found[1:]
    if any(stamp.sig_object_type != "/DocTimeStamp" for stamp in stamps):
        return Verdict(ok=False, reason="several_signatures")
    if seal.sig_object_type != "/Sig" or not _forbids_changes(reader, seal):
        return Verdict(ok=False, reason="not_certified")
    whole = _covers(pdf, reader, found)
    archive, wrong = _archive(reader, stamps, trust)
    moment = archive[0].at if archive else trust.now
    status = validate_pdf_signature(seal, *_contexts(reader, seal, trust, moment, bool(stamps)), diff_policy=POLICY)
    token = status.timestamp_validity
    facts = {
        "intact": status.intact and status.valid, "whole_file": whole, "timestamped": token is not None,
        "signed_at": token.timestamp if token else archive[0].at if archive else status.signer_reported_dt,
        "signer": status.signing_cert.subject.native.get("common_name", ""), "archive": archive,
    }
    if not facts["intact"] or wrong == "altered":
        return Verdict(ok=False, reason="altered", **facts)
    level = _LTA if stamps else ModificationLevel.NONE
    coverage = SignatureCoverageLevel.ENTIRE_REVISION if stamps else SignatureCoverageLevel.ENTIRE_FILE
    if not (whole and status.coverage == coverage and status.docmdp_ok and status.modification_level == level):
        return Verdict(ok=False, reason="not_whole_file", **facts)
    # A certificate that plays no part in the proof could be altered without a trace.
    proved = {c.dump() for c in status.validation_path or ()}
    needed = all(c.dump() in proved for c in canonical.certificates(seal.signed_data))
    if wrong or not (status.trusted and status.bottom_line and needed):
        return Verdict(ok=False, reason="untrusted", **facts)
    return Verdict(ok=True, **facts)


def _forbids_changes(reader, seal) -> bool:
    permissions = reader.root.get("/Perms", {})
    return (
        "/DocMDP" in permissions
        and permissions.raw_get("/DocMDP") == seal.sig_field.raw_get("/V")
        and seal.docmdp_level == fields.MDPPerm.NO_CHANGES
    )


def _covers(pdf: bytes, reader, found) -> bool:
    """Each signature covers all that was there; every revision since the seal ends in one; the last one ends the file.

    So nothing unsigned is left over but the gaps, and those are written the one canonical way.
    """
    first = found[0].signed_revision
    for i, each in enumerate(found):
        ranges = tuple(int(n) for n in each.byte_range)
        held, end = canonical.gap(pdf, ranges), sum(ranges[2:])
        form = canonical.token_form(each.pkcs7_content) if i else canonical.signature(each.signed_data)
        if held is None or held != bytes(each.pkcs7_content) or not canonical.fits(held, form):
            return False
        if each.signed_revision != first + i or not pdf[:end].rstrip().endswith(b"%%EOF"):
            return False
        if i and (any(each.sig_field["/Rect"]) or "/AP" in each.sig_field):
            return False  # a timestamp draws nothing
    return end == len(pdf) and reader.total_revisions == first + len(found)


def _archive(reader, stamps, trust) -> tuple[tuple[Stamp, ...], str]:
    """The document timestamps, oldest first, and what is wrong with them ("" for nothing, altered, untrusted).

    The newest must hold now; each older one at the moment that the next one proves, by the revocation data in the file.
    """
    found, moment, wrong = [], trust.now, ""
    for stamp in reversed(stamps):
        context = _context(trust.timestamp_roots, reader, moment, archived=bool(found))
        status = validate_pdf_timestamp(stamp, context, diff_policy=POLICY)
        if not (status.intact and status.valid):
            return tuple(found), "altered"
        if not status.trusted:
            wrong = "untrusted"
        path = list(status.validation_path or ())
        name = status.signing_cert.subject.native.get("common_name", "")
        moment = status.timestamp
        found.insert(0, Stamp(moment, name, min((c.not_valid_after for c in path), default=moment)))
    return tuple(found), wrong


def _contexts(reader, seal, trust, moment, archived) -> tuple[ValidationContext, ValidationContext]:
    """For the seal itself and for the token over it. A token proves that the signature was there before its time."""
    of_token = _context(trust.timestamp_roots, reader, moment, archived)
    held = canonical.tokens(seal.signed_data)
    at = tokens.time_of(held[0].dump()) if archived and held else moment
    return _context(trust.roots, reader, min(at, moment), archived), of_token


def _context(roots, reader, moment, archived) -> ValidationContext:
    known = {"trust_roots": roots, "moment": moment, "allow_fetching": False}
    if not archived:
        return ValidationContext(**known, revocation_mode="soft-fail")
    # years later only what lies in the file can say that a certificate was not revoked, and it must say so
    known |= {"revocation_mode": "hard-fail", "retroactive_revinfo": True}
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(known)
    except NoDSSFoundError:
        return ValidationContext(**known, crls=[], ocsps=[])
