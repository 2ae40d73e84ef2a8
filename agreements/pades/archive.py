"""Make a seal last: what proves its certificates goes into the file, and an authority's time over all of it (B-LTA)."""

import asyncio
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms, pem
from asn1crypto.crl import CertificateList
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext

from . import canonical
from .seal import ROOM, Writer
from .verdict import certificates


@dataclass(frozen=True)
class Proof:
    """What leads to trust, and the CRL files that are at hand; `fetch` asks the addresses in the certificates."""

    roots: Sequence[Path]
    timestamp_roots: Sequence[Path]
    crls: Sequence[Path] = ()
    fetch: bool = False


class Unproved(ValueError):
    """The revocation of a certificate cannot be learned now: without it the archive would prove nothing."""


class _Given(TimeStamper):
    """pyHanko wants somebody to ask; `take(digest)` gives the token's DER."""

    def __init__(self, take):
        super().__init__()
        self.take = take

    async def async_timestamp(self, message_digest, md_algorithm):
        return cms.ContentInfo.load(await asyncio.to_thread(self.take, message_digest))


def archived(pdf: bytes, *, take, proof: Proof) -> bytes:
    """`pdf`, sealed or archived before, with revocation data (B-LT) and a new document timestamp over it (B-LTA).

    Both in one update: revocation data that nothing covers could be altered. `take(digest)` gives the DER of a token
    over a SHA-256. Raises Unproved; what `take` raises passes through.
    """
    found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    writer = Writer(io.BytesIO(pdf))
    held = [token for each in found for token in _tokens(each)]
    asked = [(found[0].signed_data, proof.roots, {"digital_signature"}, set())]
    asked += [(token["content"], proof.timestamp_roots, set(), {"time_stamping"}) for token in held]
    for signed, roots, usage, purpose in asked:
        path, context = _proved(signed, certificates(roots), usage, purpose, proof)
        DocumentSecurityStore.supply_dss_in_writer(writer, None, paths=[path], validation_context=context)
    stamper = PdfTimeStamper(_Given(take), field_name=f"Timestamp{len(found)}")
    return stamper.timestamp_pdf(writer, "sha256", bytes_reserved=2 * ROOM).getvalue()


def _tokens(signature) -> list[cms.ContentInfo]:
    if signature.sig_object_type == "/DocTimeStamp":
        return [cms.ContentInfo.load(bytes(signature.pkcs7_content))]
    return canonical.tokens(signature.signed_data)


def _proved(signed, roots, usage, purpose, proof):
    """(path, context with the revocation data that was used). Raises Unproved."""
    context = ValidationContext(
        trust_roots=roots, other_certs=canonical.certificates(signed), allow_fetching=proof.fetch,
        crls=[crl(path) for path in proof.crls], revocation_mode="hard-fail")
    validator = CertificateValidator(canonical.of_signer(signed), validation_context=context)
    try:
        return asyncio.run(validator.async_validate_usage(usage, purpose)), context
    except Exception as error:  # of a dozen classes; none of them is a proof
        raise Unproved(str(error)) from None


def crl(path: Path) -> CertificateList:
    data = path.read_bytes()
    return CertificateList.load(pem.unarmor(data)[2] if pem.detect(data) else data)
