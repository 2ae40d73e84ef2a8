"""The bytes between phone and server. tests/vectors/wire.json is the worked example that both sides read.

Canonical JSON is RFC 8785 with integers only. A signature is ECDSA P-256 over SHA-256, raw r‖s, 64 bytes.
Envelope = "FVE1" ‖ key id (8) ‖ ephemeral public key (65) ‖ iv (12) ‖ AES-256-GCM ciphertext and tag;
key = HKDF-SHA256(ECDH x, salt = ephemeral public key, info = "fieldvisit/envelope/1").
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable

import rfc8785
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAGIC, INFO = b"FVE1", b"fieldvisit/envelope/1"
KEY_ID, POINT, IV, TAG, SIGNATURE = 8, 65, 12, 16, 64
HEAD = len(MAGIC) + KEY_ID + POINT + IV
CURVE, BY_SHA256 = ec.SECP256R1(), ec.ECDSA(hashes.SHA256())
# RFC 6979 for what we sign: the same words give the same bytes
OURS = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
BASE64URL = re.compile(r"[A-Za-z0-9_-]*")


class Broken(ValueError):
    """Bytes that are not what they should be. `code` is a key of PROBLEMS."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


# --- canonical JSON


def canonical(value) -> bytes:
    """RFC 8785. Broken("json") for a float, a lone surrogate or an integer beyond 2^53 - 1."""
    try:
        _without_floats(value)
        return rfc8785.dumps(value)
    except (ValueError, RecursionError):
        raise Broken("json") from None


def parse(raw: bytes):
    """What was said, if it was said canonically: canonical(parse(raw)) == raw. Else Broken("json").

    So duplicate keys, floats, exponents, lone surrogates and stray blanks are all refused.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_without_duplicates
        )
    except (ValueError, RecursionError):
        raise Broken("json") from None
    if canonical(value) != raw:
        raise Broken("json")
    return value


def _without_floats(value):
    if isinstance(value, float):
        raise Broken("json")
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list | tuple):
        return
    for each in value:
        _without_floats(each)


def _refuse(_text):
    raise Broken("json")


def _without_duplicates(pairs):
    if len(dict(pairs)) != len(pairs):
        raise Broken("json")
    return dict(pairs)


def sha256(data: bytes) -> str:
    """Lower hex."""
    return hashlib.sha256(data).hexdigest()


def b64url(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text) -> bytes:
    """Strict: Broken("base64") for anything that b64url() would not have written."""
    if not isinstance(text, str) or not BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        raise Broken("base64")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if b64url(data) != text:
        raise Broken("base64")
    return data


# --- keys and signatures


def public_bytes(key: ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) -> bytes:
    """65 raw bytes: 0x04 ‖ x ‖ y."""
    public = key.public_key() if isinstance(key, ec.EllipticCurvePrivateKey) else key
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Broken("key") for what is no uncompressed point of P-256."""
    try:
        if len(raw) != POINT:
            raise ValueError
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)
    except ValueError:
        raise Broken("key") from None


def key_id(raw_public: bytes) -> str:
    """First 16 hex digits of the SHA-256 of the 65 raw bytes."""
    return sha256(raw_public)[: 2 * KEY_ID]


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    r, s = decode_dss_signature(key.sign(data, OURS))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signed_by(raw_public: bytes, data: bytes, signature: bytes) -> bool:
    """Did the holder of this public key sign exactly these bytes?"""
    if len(signature) != SIGNATURE:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
    try:
        public_key(raw_public).verify(der, data, BY_SHA256)
    except (InvalidSignature, Broken):
        return False
    return True


# --- envelopes


def aad(id: str, type: str) -> bytes:
    """For an event: its id and type; for a blob: the SHA-256 of the opened content and "blob/1"."""
    return f"{id}\n{type}".encode()


def envelope_key_id(envelope: bytes) -> str:
    return envelope[len(MAGIC) : len(MAGIC) + KEY_ID].hex()


def open_envelope(envelope: bytes, aad: bytes, *, private: Callable[[str], ec.EllipticCurvePrivateKey | None]) -> bytes:
    """The plain bytes; `private(key id)` finds the server's key (keys.envelope_private).

    Broken("envelope.form" | "envelope.key" | "envelope.altered").
    """
    if len(envelope) < HEAD + TAG or not envelope.startswith(MAGIC):
        raise Broken("envelope.form")
    ours = private(envelope_key_id(envelope))
    if ours is None:
        raise Broken("envelope.key")
    ephemeral = envelope[len(MAGIC) + KEY_ID : HEAD - IV]
    try:
        key = _key(ours.exchange(ec.ECDH(), public_key(ephemeral)), ephemeral)
        return AESGCM(key).decrypt(envelope[HEAD - IV : HEAD], envelope[HEAD:], aad)
    except (InvalidTag, Broken):
        raise Broken("envelope.altered") from None


def seal_envelope(plain: bytes, aad: bytes, *, to: bytes, ephemeral: ec.EllipticCurvePrivateKey, iv: bytes) -> bytes:
    """What a phone does: for tests, vectors and tools. `to` is the server's raw public key."""
    point = public_bytes(ephemeral)
    key = _key(ephemeral.exchange(ec.ECDH(), public_key(to)), point)
    return MAGIC + bytes.fromhex(key_id(to)) + point + iv + AESGCM(key).encrypt(iv, plain, aad)


def _key(shared: bytes, ephemeral: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=ephemeral, info=INFO).derive(shared)
