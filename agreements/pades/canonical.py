"""A signature and a timestamp token lie in a gap that nothing signs. Here is the one way in which we write them.

What could be changed in the gap without a trace (letter case, padding, the order of a set, another encoding, a
certificate that proves nothing, an attribute that nobody signed) differs from this form, and is refused.
"""

import re

from asn1crypto import algos, cms
from asn1crypto.x509 import Certificate

_GAP = re.compile(rb"<[0-9A-F]+>")
_STAMP = "signature_time_stamp_token"


def gap(pdf: bytes, byte_range: tuple[int, int, int, int]) -> bytes | None:
    """The bytes that lie between the two signed ranges, decoded; None unless they are written as we write them."""
    start, before, after, _ = byte_range
    held = pdf[before:after]
    return bytes.fromhex(held[1:-1].decode()) if start == 0 and _GAP.fullmatch(held) else None


def fits(held: bytes, form: bytes) -> bool:
    """`held` is `form` and then zeros."""
    return held.startswith(form) and not any(held[len(form):])


def signature(signed: cms.SignedData, *, token: bytes | None = None) -> bytes:
    """The CMS of a seal, rebuilt from its proved parts: certificates, signed attributes, signature.

    The timestamp `token`, the one unsigned attribute allowed, is judged by its own signature and its own form; None
    takes that which is there.
    """
    stamps = [bytes_of(t) for t in tokens(signed)] if token is None else [token]
    attributes = [{"type": _STAMP, "values": [cms.ContentInfo.load(token_form(stamp))]} for stamp in stamps]
    return _rebuilt(signed, content={"content_type": "data"}, version="v1", unsigned=attributes)


def token_form(der: bytes) -> bytes:
    """A timestamp token (DER of CMS ContentInfo) without what its own signature does not prove."""
    signed = cms.ContentInfo.load(der)["content"]
    inner = signed["encap_content_info"]["content"].parsed.dump()
    content = {"content_type": "tst_info", "content": cms.ParsableOctetString(inner)}
    return _rebuilt(signed, content=content, version="v3", unsigned=[])


def tokens(signed: cms.SignedData) -> list[cms.ContentInfo]:
    """The timestamp tokens over a seal's signature."""
    found = [a for a in signed["signer_infos"][0]["unsigned_attrs"] if a["type"].native == _STAMP]
    return [value for attribute in found for value in attribute["values"]]


def bytes_of(token: cms.ContentInfo) -> bytes:
    return token.dump()


def certificates(signed: cms.SignedData) -> list[Certificate]:
    return [choice.chosen for choice in signed["certificates"]]


def of_signer(signed: cms.SignedData) -> Certificate:
    """The certificate that the signature names. Raises LookupError when it is not there."""
    sid = signed["signer_infos"][0]["sid"].chosen
    for certificate in certificates(signed):
        if isinstance(sid, cms.IssuerAndSerialNumber):
            named = (sid["issuer"], sid["serial_number"].native) == (certificate.issuer, certificate.serial_number)
        else:
            named = sid.native == certificate.key_identifier
        if named:
            return certificate
    raise LookupError("the signer's certificate is not in the signature")


def only(signed: cms.SignedData, proving: list[Certificate]) -> cms.SignedData:
    """`signed` with those of its certificates that are among `proving`."""
    keep = {certificate.dump() for certificate in proving}
    kept = [c for c in certificates(signed) if c.dump() in keep]
    copy = signed.copy()
    copy["certificates"] = [cms.CertificateChoices({"certificate": c}) for c in kept]
    return copy


def _rebuilt(signed, *, content, version, unsigned) -> bytes:
    info, certificate = signed["signer_infos"][0], of_signer(signed)
    digest = {"algorithm": info["digest_algorithm"]["algorithm"].native}
    signer = {
        "version": "v1",
        "sid": {"issuer_and_serial_number": {"issuer": certificate.issuer, "serial_number": certificate.serial_number}},
        "digest_algorithm": digest, "signed_attrs": info["signed_attrs"], "signature": info["signature"],
        "signature_algorithm": _algorithm(info, certificate),
    }
    if unsigned:
        signer["unsigned_attrs"] = unsigned
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": version, "digest_algorithms": [digest], "encap_content_info": content,
        "certificates": signed["certificates"], "signer_infos": [signer]})}).dump()


def _algorithm(info, certificate) -> dict | algos.SignedDigestAlgorithm:
    """Spelled in full: a bare "RSA" would verify as well as "RSA with SHA-256"."""
    said = info["signature_algorithm"]
    if said["algorithm"].native == "rsassa_pss":
        return said  # its parameters take part in the proof
    digest = info["digest_algorithm"]["algorithm"].native
    kind = {"rsa": "rsa", "ec": "ecdsa"}[certificate.public_key.algorithm]
    return {"algorithm": f"{digest}_{kind}"}
