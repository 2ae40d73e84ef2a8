"""A seal and a timestamp authority for development: made on first run, and loud in every name a reader will show."""

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SEAL, PASSPHRASE, ROOT, CRL = "seal.p12", "seal.passphrase", "root.pem", "root.crl"
# Nobody answers there (RFC 2606): the list lies beside the root. The address only says that a list is wanted.
_CRL_URL = "http://development.invalid/root.crl"


def development_certificate(folder: Path, *, now: datetime | None = None) -> None:
    """A key and certificate for sealing in `folder`, unless they are there: see `_made`."""
    _made(folder, "SEAL", "DEVELOPMENT SEAL - NOT A REAL SEAL", ExtendedKeyUsageOID.EMAIL_PROTECTION, now)


def development_authority(folder: Path, *, now: datetime | None = None) -> None:
    """The same for a timestamp authority of our own."""
    _made(folder, "TIME", "DEVELOPMENT TIME - NOT A REAL AUTHORITY", ExtendedKeyUsageOID.TIME_STAMPING, now)


def _made(folder: Path, what: str, common: str, purpose, now: datetime | None) -> None:
    """Write `seal.p12`, `seal.passphrase`, `root.pem` and `root.crl` into `folder` unless they are there; files 0600.

    A root made for this folder signs one ECDSA P-256 certificate for two years, and a list that says that nothing was
    revoked; the root's key is thrown away, so nothing else can ever be issued under it.
    """
    if all((folder / name).exists() for name in (SEAL, PASSPHRASE, ROOT, CRL)):
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _keep_former_root(folder)
    now = now or datetime.now(UTC)
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name, name = _name(f"DEVELOPMENT {what} ROOT - NOT FOR REAL USE"), _name(common)
    root = _issued(root_name, root_name, root_key, root_key, now)
    certificate = _issued(name, root_name, key, root_key, now, purpose)
    passphrase = secrets.token_urlsafe(24).encode()
    sealed = pkcs12.serialize_key_and_certificates(b"development", key, certificate, [root],
                                                   BestAvailableEncryption(passphrase))
    _private(folder / PASSPHRASE, passphrase)
    _private(folder / SEAL, sealed)
    _private(folder / CRL, _nothing_revoked(root_name, root_key, now).public_bytes(Encoding.DER))
    _private(folder / ROOT, root.public_bytes(Encoding.PEM))


def _keep_former_root(folder: Path) -> None:
    """A root without a list of an earlier release: what it sealed must stay genuine."""
    former = folder / ROOT
    if former.exists():
        former.rename(folder / f"root-{hashlib.sha256(former.read_bytes()).hexdigest()[:8]}.pem")


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in (
        (NameOID.ORGANIZATION_NAME, "DEVELOPMENT"), (NameOID.COMMON_NAME, common))])


def _issued(subject, issuer, key, by, now, purpose=None) -> x509.Certificate:
    """A root where there is no `purpose`."""
    root = purpose is None
    usage = x509.KeyUsage(
        digital_signature=not root, content_commitment=not root, key_cert_sign=root, crl_sign=root,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False)
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=3650 if root else 730))
        .add_extension(x509.BasicConstraints(ca=root, path_length=0 if root else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if purpose:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(_CRL_URL)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False).add_extension(
            x509.ExtendedKeyUsage([purpose]), critical=purpose == ExtendedKeyUsageOID.TIME_STAMPING)
    return builder.sign(by, hashes.SHA256())


def _nothing_revoked(issuer, key, now) -> x509.CertificateRevocationList:
    return (
        x509.CertificateRevocationListBuilder().issuer_name(issuer)
        .last_update(now - timedelta(days=1)).next_update(now + timedelta(days=3650))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(1), critical=False).sign(key, hashes.SHA256())
    )


def _private(path: Path, data: bytes) -> None:
    """Written beside and renamed: a crash leaves no half file that would pass for a key."""
    beside = path.with_name(path.name + ".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    beside.replace(path)
