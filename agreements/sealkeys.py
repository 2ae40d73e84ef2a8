"""Whose seal, whose time, and whom to believe: by settings (SEAL_*, TIMESTAMP_*), else for development, loudly."""

from functools import cache
from pathlib import Path

from django.conf import settings

from . import development, pades


@cache
def signer():
    """Whoever holds the key of the creditor's seal. Raises pades.Unavailable, ValueError or OSError."""
    kind = settings.SEAL_KEY
    if kind == "pkcs12":
        return pades.from_pkcs12(settings.SEAL_FILE, passphrase=_secret(settings.SEAL_SECRET_FILE).encode())
    if kind == "pkcs11":
        return pades.from_pkcs11(settings.SEAL_MODULE, token=settings.SEAL_TOKEN, key=settings.SEAL_LABEL,
                                 pin=_secret(settings.SEAL_SECRET_FILE), chain=[settings.SEAL_CERTIFICATE])  # fmt: skip
    if kind == "remote":
        token = _secret(settings.SEAL_SECRET_FILE)
        return pades.Remote(settings.SEAL_URL, token=token, chain=[settings.SEAL_CERTIFICATE])
    development.development_certificate(_own("seal"))
    return pades.from_pkcs12(_own("seal") / development.SEAL, passphrase=_passphrase("seal"))


def roots() -> list[Path]:
    """The certificates that seals must lead to: those of the settings, and of the development seal outside production.

    Papers that were sealed under a former root stay genuine while its file is named.
    """
    return [*settings.SEAL_ROOTS, *(_roots("seal") if settings.SEAL_KEY == "development" else [])]


@cache
def authorities() -> tuple:
    """Timestamp authorities in the order of asking; none at all in production without TIMESTAMP_AUTHORITIES."""
    named = tuple(pades.HttpAuthority(url) for url in settings.TIMESTAMP_AUTHORITIES)
    if named or settings.PRODUCTION:
        return named
    development.development_authority(_own("timestamp"))
    data = (_own("timestamp") / development.SEAL).read_bytes()
    return (pades.LocalAuthority(pkcs12_data=data, passphrase=_passphrase("timestamp")),)


def timestamp_roots() -> list[Path]:
    if not settings.PRODUCTION and not settings.TIMESTAMP_AUTHORITIES:
        authorities()
    return [*settings.TIMESTAMP_ROOTS, *([] if settings.PRODUCTION else _roots("timestamp"))]


def proof() -> pades.Proof:
    """Where revocation is learned: lists beside the development roots, files that are named, addresses in the
    certificates."""
    lists = [] if settings.PRODUCTION else [
        path for name in ("seal", "timestamp") if (path := _own(name) / development.CRL).exists()]  # fmt: skip
    return pades.Proof(roots=roots(), timestamp_roots=timestamp_roots(), crls=[*settings.SEAL_CRLS, *lists],
                       fetch=settings.SEAL_KEY != "development" or bool(settings.TIMESTAMP_AUTHORITIES))  # fmt: skip


def _roots(name: str) -> list[Path]:
    if name == "seal":
        development.development_certificate(_own("seal"))
    return sorted(_own(name).glob("root*.pem"))


def _own(name: str) -> Path:
    return Path(settings.FIELDVISIT_DATA) / "keys" / name


def _passphrase(name: str) -> bytes:
    return (_own(name) / development.PASSPHRASE).read_bytes()


def _secret(file: Path) -> str:
    return file.read_text().strip()
