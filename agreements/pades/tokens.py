"""RFC 3161 tokens: ask an authority for one, and believe it only when every part of it is what was asked for."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import algos, cms, tsp
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from . import canonical
from .authorities import Unanswered

# How far an authority's time may lie from this machine's clock before one of the two must be wrong (product default).
TOLERANCE = timedelta(minutes=5)


class NoToken(OSError):
    """`code`: slow, down, refused (by HTTP), malformed (a refusal by RFC 3161 too), nonce, imprint, untrusted, time."""

    def __init__(self, code: str, authority: str):
        super().__init__(f"{authority}: {code}")
        self.code, self.authority = code, authority


@dataclass(frozen=True)
class Token:
    """`der` in our one form; `at` the authority's time; after `good_until` its certificates prove nothing by
    themselves."""

    der: bytes
    at: datetime
    authority: str
    good_until: datetime


def _clock() -> datetime:
    return datetime.now(UTC)


def ask(authority, digest: bytes, *, roots: Sequence[Path], limit_s: float = 5.0, clock=_clock) -> Token:
    """A token over a SHA-256 `digest` from `authority` (HttpAuthority, LocalAuthority); `roots` are PEM files.

    The clock is read here because an answer must lie between question and arrival. Raises NoToken.
    """
    nonce = secrets.randbits(63) | 1 << 62
    before = clock()
    try:
        reply = authority.answer(_request(digest, nonce), limit_s=limit_s)
    except Unanswered as error:
        raise NoToken(error.code, authority.name) from None
    try:
        token, said = _opened(reply)
        code = _lie(said, digest, nonce, before, clock())
        status = None if code else judged(token["content"], digest, context=_now(roots, token, clock()))
    except Exception:  # an authority's bytes may make a parser fail in any way, and no way of it is a timestamp
        raise NoToken("malformed", authority.name) from None
    if code or not good(status):
        raise NoToken(code or "untrusted", authority.name)
    path = list(status.validation_path)
    slim = canonical.only(token["content"], path[1:])
    der = canonical.token_form(cms.ContentInfo({"content_type": "signed_data", "content": slim}).dump())
    return Token(der, said["gen_time"].native, authority.name, min(c.not_valid_after for c in path))


def imprint_of(token: cms.ContentInfo) -> bytes:
    return _info(token)["message_imprint"]["hashed_message"].native


def time_of(der: bytes) -> datetime:
    return _info(cms.ContentInfo.load(der))["gen_time"].native


def judged(signed: cms.SignedData, digest: bytes, *, context: ValidationContext) -> TimestampSignatureStatus:
    """What pyHanko says of a token over the SHA-256 `digest`."""
    found = asyncio.run(validate_tst_signed_data(signed, context, lambda algorithm: digest))
    return TimestampSignatureStatus(**found)


def attested(der: bytes, digest: bytes, *, roots: Sequence[Path]) -> datetime | None:
    """The authority's time, where `der` is its token over the SHA-256 `digest` and leads to `roots`; else None.

    Its certificates are judged at the time that it says: years later they have ended.
    """
    try:
        token = cms.ContentInfo.load(der, strict=True)
        said = _info(token)
        imprint = said["message_imprint"]
        if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
            return None
        at = said["gen_time"].native
        return at if good(judged(token["content"], digest, context=_now(roots, token, at))) else None
    except Exception:  # hostile bytes may make a parser fail in any way, and no way of it is a timestamp
        return None


def good(status: TimestampSignatureStatus) -> bool:
    return bool(status.intact and status.valid and status.trusted)


def _request(digest: bytes, nonce: int) -> bytes:
    imprint = tsp.MessageImprint({"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                                  "hashed_message": digest})
    return tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}).dump()


def _opened(reply: bytes) -> tuple[cms.ContentInfo, tsp.TSTInfo]:
    answer = tsp.TimeStampResp.load(reply, strict=True)
    if answer["status"]["status"].native not in ("granted", "granted_with_mods"):
        raise ValueError("not granted")
    token = answer["time_stamp_token"]
    return token, _info(token)


def _info(token: cms.ContentInfo) -> tsp.TSTInfo:
    return token["content"]["encap_content_info"]["content"].parsed


def _lie(said: tsp.TSTInfo, digest: bytes, nonce: int, before: datetime, after: datetime) -> str:
    """The code of what is not as it was asked for; "" when all is."""
    imprint = said["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256" or imprint["hashed_message"].native != digest:
        return "imprint"
    if said["nonce"].native != nonce:
        return "nonce"
    at = said["gen_time"].native
    return "" if before - TOLERANCE <= at <= after + TOLERANCE else "time"


def _now(roots, token, moment) -> ValidationContext:
    trusted = list(load_certs_from_pemder([str(root) for root in roots]))
    others = canonical.certificates(token["content"])
    return ValidationContext(trust_roots=trusted, other_certs=others, moment=moment, allow_fetching=False)
