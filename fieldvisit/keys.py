"""The server's own keys: one pair that envelopes are made out to, one that verdicts and offers are signed with.

FIELDVISIT_DATA/keys/<use>/<made>-<key id>.pem, 0600, made on first use. The newest is used, every older one still
opens and verifies. They lie outside the database on purpose, so back them up with it.
"""

import fcntl
import os
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from . import wire

ENVELOPE, SIGNING = "envelope", "signing"


def envelope_key() -> tuple[str, ec.EllipticCurvePrivateKey]:
    return _current(ENVELOPE)


def envelope_public() -> tuple[str, bytes]:
    """(key id, 65 raw bytes): what `hello` tells the phones."""
    key_id, private = _current(ENVELOPE)
    return key_id, wire.public_bytes(private)


def envelope_private(key_id: str) -> ec.EllipticCurvePrivateKey | None:
    """The key of this id, however old; None if it was never ours."""
    return _by_id(ENVELOPE, key_id)


def signing_key() -> ec.EllipticCurvePrivateKey:
    return _current(SIGNING)[1]


def signing_key_id() -> str:
    return _current(SIGNING)[0]


def signing_public(key_id: str | None = None) -> tuple[str, bytes]:
    """(key id, 65 raw bytes) of the present key, or of an older one of ours. KeyError if it never was."""
    key_id, private = (key_id, _by_id(SIGNING, key_id)) if key_id else _current(SIGNING)
    if private is None:
        raise KeyError(key_id)
    return key_id, wire.public_bytes(private)


def sign(data: bytes) -> str:
    """base64url of raw r‖s."""
    return wire.b64url(wire.sign(signing_key(), data))


def verify(data: bytes, sig: str, key_id: str) -> bool:
    """Did one of our own keys, old or new, sign these bytes?"""
    private = _by_id(SIGNING, key_id)
    try:
        return private is not None and wire.signed_by(wire.public_bytes(private), data, wire.unb64url(sig))
    except wire.Broken:
        return False


def derived(purpose: str, data: bytes, key_id: str) -> bytes:
    """32 bytes that only this server can work out from `data`, as long as it keeps the signing key of that id."""
    scalar = _by_id(SIGNING, key_id).private_numbers().private_value.to_bytes(32, "big")
    return HKDF(hashes.SHA256(), 32, salt=data, info=f"fieldvisit/{purpose}/1".encode()).derive(scalar)


def make(use: str) -> str:
    """A new pair that is used from now on; returns its key id."""
    with _lock(use):
        return _make(use)


def _folder(use: str) -> Path:
    return Path(settings.FIELDVISIT_DATA) / "keys" / use


def _current(use: str) -> tuple[str, ec.EllipticCurvePrivateKey]:
    paths = sorted(_folder(use).glob("*.pem"))
    if not paths:
        with _lock(use):
            if not (paths := sorted(_folder(use).glob("*.pem"))):
                _make(use)
                paths = sorted(_folder(use).glob("*.pem"))
    return paths[-1].stem.rsplit("-", 1)[1], _load(paths[-1])


def _by_id(use: str, key_id: str) -> ec.EllipticCurvePrivateKey | None:
    if len(key_id) != 2 * wire.KEY_ID or not key_id.isalnum():
        return None
    paths = list(_folder(use).glob(f"*-{key_id}.pem"))
    return _load(paths[0]) if paths else None


@lru_cache(maxsize=64)
def _load(path: Path) -> ec.EllipticCurvePrivateKey:
    return load_pem_private_key(path.read_bytes(), password=None)


def _make(use: str) -> str:
    private = ec.generate_private_key(wire.CURVE)
    key_id = wire.key_id(wire.public_bytes(private))
    path = _folder(use) / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{key_id}.pem"
    # Under another name until it is whole: a half-written key must never be the newest.
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    return key_id


@contextmanager
def _lock(use: str):
    """Two processes that start at once must not both make the first pair."""
    _folder(use).mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(_folder(use) / ".lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
