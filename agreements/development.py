"""A seal for development: made on first run, and loud about it in every name a reader will show."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SEAL, PASSPHRASE, ROOT = "seal.p12", "seal.passphrase", "root.pem"


def development_certificate(folder: Path, *, now: datetime | None = None) -> None:
    """Write `seal.p12`, `seal.passphrase` and `root.pem` into `folder` unless they are there; files 0600.

    A root made for this folder signs one ECDSA P-256 certificate for two years; the root's key is thrown away, so
    nothing else can ever be issued under it.
    """
    if all((folder / name).exists() for name in (SEAL, PASSPHRASE, ROOT)):
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = now or datetime.now(UTC)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = _name("DEVELOPMENT ROOT - NOT FOR REAL USE"), _name("DEVELOPMENT SEAL - NOT A REAL SEAL")
    root = _issued(root_name, root_name, root_key, root_key, now, authority=True)
    certificate = _issued(name, root_name, key, root_key, now, authority=False)
    passphrase = secrets.token_urlsafe(24).encode()
    sealed = pkcs12.serialize_key_and_certificates(b"development seal", key, certificate, [root],
                                                   BestAvailableEncryption(passphrase))
    _private(folder / PASSPHRASE, passphrase)
    _private(folder / SEAL, sealed)
    _private(folder / ROOT, root.public_bytes(Encoding.PEM))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in (
        (NameOID.ORGANIZATION_NAME, "DEVELOPMENT"), (NameOID.COMMON_NAME, common))])


def _issued(subject, issuer, key, by, now, *, authority: bool) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority, crl_sign=authority,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650 if authority else 730))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(by, hashes.SHA256())


def _private(path: Path, data: bytes) -> None:
    """Written beside and renamed: a crash leaves no half file that would pass for a key."""
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    beside.replace(path)
