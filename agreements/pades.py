"""The creditor's electronic seal: certify a PDF by PAdES, and judge any bytes that claim to bear it."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import cms
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.status import ModificationLevel
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext

FIELD = "CreditorSeal"


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `ok` only if everything holds; `reason` is then "", else a code.

    Codes: unreadable, encrypted, unsigned, several_signatures, not_certified, not_whole_file, altered, untrusted.
    `signed_at` is the authority's time where there is a timestamp, else the signer's own claim.
    """

    ok: bool
    intact: bool = False
    whole_file: bool = False
    signer: str = ""
    signed_at: datetime | None = None
    timestamped: bool = False
    reason: str = ""


class _Writer(IncrementalPdfFileWriter):
    """Keeps PDF 1.7: pyHanko raises the version to 2.0 for PAdES, which PDF/A-3 does not allow (ISO 19005-3, 6.1.2)."""

    def ensure_output_version(self, version):
        pass


class _Drawing(content.ImportedPdfPage):
    """A page imported from bytes; pyHanko's own class wants a file."""

    def __init__(self, drawing: bytes):
        super().__init__("")
        self.drawing = drawing

    def render(self) -> bytes:
        page = self.writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.drawing)), page_ix=0)
        self.resources.xobject["/Seal"] = page
        x0, y0, x1, y1 = page.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=abs(x1 - x0), height=abs(y1 - y0))
        return b"/Seal Do"


def signer(*, pkcs12: Path, passphrase: bytes) -> signers.Signer:
    """The key and certificate chain of a PKCS#12 file. Raises ValueError when it does not open."""
    found = signers.SimpleSigner.load_pkcs12_data(pkcs12.read_bytes(), other_certs=[], passphrase=passphrase)
    # The root is never taken from the file that is to be judged; leaving it out leaves nothing unsigned to alter.
    found.embed_roots = False
    return found


def seal(pdf: bytes, *, signer: signers.Signer, reason: str, location: str, page: int,
         box: tuple[int, int, int, int], stamp: bytes, timestamper=None) -> bytes:
    """`pdf` with a certification signature that forbids every later change, its `stamp` (PDF bytes) drawn in `box`.

    PAdES B-B, or B-T when a pyHanko `timestamper` is given. `page` counts from 0; `box` in points.
    """
    writer = _Writer(io.BytesIO(pdf))
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, location=location, md_algorithm="sha256", certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES, subfilter=fields.SigSeedSubFilter.PADES)
    middle = layout.AxisAlignment.ALIGN_MID
    fit = layout.SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=layout.Margins.uniform(0))
    style = StaticStampStyle(background=_Drawing(stamp), border_width=0, background_layout=fit)
    maker = signers.PdfSigner(meta, signer, timestamper=timestamper, stamp_style=style,
                              new_field_spec=fields.SigFieldSpec(FIELD, on_page=page, box=box))
    return maker.sign_pdf(writer).getvalue()


def verify(pdf: bytes, *, roots: list[Path]) -> Verdict:
    """Judge `pdf` against the PEM files `roots`: whatever is not proved is refused.

    Bad bytes never raise; a missing root does.
    """
    trusted = list(load_certs_from_pemder([str(root) for root in roots]))
    try:
        return _verify(pdf, trusted)
    except Exception:  # hostile bytes may make a parser fail in any way, and every way is a refusal, never a pass
        return Verdict(ok=False, reason="unreadable")


def _verify(pdf: bytes, roots: list) -> Verdict:
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.encrypted:
        return Verdict(ok=False, reason="encrypted")
    found = reader.embedded_signatures
    if len(found) != 1:
        return Verdict(ok=False, reason="several_signatures" if found else "unsigned")
    signature = found[0]
    if signature.sig_object_type != "/Sig" or not _forbids_changes(reader, signature):
        return Verdict(ok=False, reason="not_certified")
    whole = _covers(pdf, signature)
    context = ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
    status = validate_pdf_signature(signature, signer_validation_context=context)
    token = status.timestamp_validity
    facts = {
        "intact": status.intact and status.valid, "whole_file": whole, "timestamped": token is not None,
        "signed_at": token.timestamp if token else status.signer_reported_dt,
        "signer": status.signing_cert.subject.native.get("common_name", ""),
    }
    unchanged = (
        status.coverage == SignatureCoverageLevel.ENTIRE_FILE and status.modification_level == ModificationLevel.NONE
    )
    if not facts["intact"]:
        return Verdict(ok=False, reason="altered", **facts)
    if not (whole and unchanged):
        return Verdict(ok=False, reason="not_whole_file", **facts)
    # A certificate that plays no part in the proof could be altered without a trace.
    proved = {c.dump() for c in status.validation_path or ()}
    needed = all(c.chosen.dump() in proved for c in signature.signed_data["certificates"])
    if not (status.trusted and status.bottom_line and needed):
        return Verdict(ok=False, reason="untrusted", **facts)
    return Verdict(ok=True, **facts)


def _forbids_changes(reader, signature) -> bool:
    permissions = reader.root.get("/Perms", {})
    return (
        "/DocMDP" in permissions
        and permissions.raw_get("/DocMDP") == signature.sig_field.raw_get("/V")
        and signature.docmdp_level == fields.MDPPerm.NO_CHANGES
    )


def _covers(pdf: bytes, signature) -> bool:
    """The signed ranges are the whole file, and the only gap is the signature itself, written the one canonical way.

    The gap is not signed: what could be changed there without a trace (letter case, padding, the order of a set,
    another encoding) must not differ from what the seal wrote.
    """
    start, before, after, rest = (int(n) for n in signature.byte_range)
    gap = pdf[before:after]
    if start != 0 or after + rest != len(pdf) or not re.fullmatch(rb"<[0-9A-F]+>", gap):
        return False
    held = bytes.fromhex(gap[1:-1].decode())
    form = _canonical(signature.signed_data, signature.signer_cert)
    return held.startswith(form) and not any(held[len(form):]) and held == bytes(signature.pkcs7_content)


def _canonical(signed: cms.SignedData, certificate) -> bytes:
    """The CMS as this module writes it, rebuilt from its proved parts: certificates, signed attributes, signature.

    A timestamp token, the one unsigned attribute allowed, is copied: it is judged by its own signature.
    """
    info = signed["signer_infos"][0]
    digest = {"algorithm": info["digest_algorithm"]["algorithm"].native}
    rebuilt = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}},
        "digest_algorithm": digest, "signed_attrs": info["signed_attrs"], "signature": info["signature"],
        "signature_algorithm": {"algorithm": info["signature_algorithm"]["algorithm"].native},
    }
    stamps = [a for a in info["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token"]
    if stamps:
        rebuilt["unsigned_attrs"] = stamps
    content_info = {"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1", "digest_algorithms": [digest], "encap_content_info": {"content_type": "data"},
        "certificates": signed["certificates"], "signer_infos": [rebuilt]})}
    return cms.ContentInfo(content_info).dump()
