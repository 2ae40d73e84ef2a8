"""Certify a PDF by PAdES with room for a timestamp, and put the timestamp into that room, now or later."""

import hashlib
import io
import re

from asn1crypto import cms
from pyhanko.pdf_utils import content, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp import StaticStampStyle

from . import canonical

FIELD = "CreditorSeal"
# Octets kept for the signature and its token: authorities' tokens have 2 to 7 kB with their certificates.
ROOM = 12 * 1024
_RANGE = re.compile(rb"/ByteRange ?\[ *(\d+) +(\d+) +(\d+) +(\d+) *\]")


class Writer(IncrementalPdfFileWriter):
    """Adds what it is told to add and nothing else.

    pyHanko raises the version to 2.0 for PAdES, which PDF/A-3 does not allow (ISO 19005-3, 6.1.2), and writes itself
    into the metadata, which would be a change after the seal.
    """

    def ensure_output_version(self, version):
        pass

    def _update_meta(self):
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


def seal(pdf: bytes, *, signer: signers.Signer, reason: str, location: str, page: int,
         box: tuple[int, int, int, int], stamp: bytes) -> bytes:
    """`pdf` with a certification signature that forbids every later change, its `stamp` (PDF bytes) drawn in `box`.

    PAdES B-B, with room for a token (`stamped`). `page` counts from 0; `box` in points.
    """
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, location=location, md_algorithm="sha256", certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES, subfilter=fields.SigSeedSubFilter.PADES)
    middle = layout.AxisAlignment.ALIGN_MID
    fit = layout.SimpleBoxLayoutRule(x_align=middle, y_align=middle, margins=layout.Margins.uniform(0))
    style = StaticStampStyle(background=_Drawing(stamp), border_width=0, background_layout=fit)
    maker = signers.PdfSigner(meta, signer, stamp_style=style,
                              new_field_spec=fields.SigFieldSpec(FIELD, on_page=page, box=box))
    return maker.sign_pdf(Writer(io.BytesIO(pdf)), bytes_reserved=2 * ROOM).getvalue()


def imprint(sealed: bytes) -> bytes:
    """SHA-256 of the seal's signature: what its timestamp is over (RFC 3161, appendix A)."""
    _, signed = _gap(sealed)
    return hashlib.sha256(signed["signer_infos"][0]["signature"].native).digest()


def stamped(sealed: bytes, *, token: bytes) -> bytes:
    """`sealed` with a timestamp `token` over its signature: PAdES B-T. Not one signed byte is another.

    Raises ValueError when the token does not fit into the room that was kept for it.
    """
    (start, end), signed = _gap(sealed)
    form = canonical.signature(signed, token=token).hex().upper().encode()
    if len(form) > end - start - 2:
        raise ValueError("the token is larger than the room for it")
    return sealed[:start + 1] + form.ljust(end - start - 2, b"0") + sealed[end - 1:]


def _gap(sealed: bytes) -> tuple[tuple[int, int], cms.SignedData]:
    """Where the signature lies in a paper that this module has just sealed, and the signature."""
    found = _RANGE.search(sealed)
    start, before, after, rest = (int(n) for n in found.groups()) if found else (1, 0, 0, 0)
    held = canonical.gap(sealed, (start, before, after, rest))
    if held is None or after + rest != len(sealed):
        raise ValueError("the seal is not the last thing in this file")
    return (before, after), cms.ContentInfo.load(held)["content"]
