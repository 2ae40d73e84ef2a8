"""Who holds the key of the seal: a PKCS#12 file, a hardware module (PKCS#11), or a service that signs for us."""

import asyncio
import base64
import http.client
import json
import ssl
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.keys import load_certs_from_pemder
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

LIMIT_S = 20


class Unavailable(OSError):
    """The key cannot be used now; the paper waits."""


def from_pkcs12(file: Path, *, passphrase: bytes) -> signers.Signer:
    """The key and certificate chain of a PKCS#12 file. Raises ValueError when it does not open."""
    found = signers.SimpleSigner.load_pkcs12_data(file.read_bytes(), other_certs=[], passphrase=passphrase)
    # The root is never taken from the file that is to be judged; leaving it out leaves nothing unsigned to alter.
    found.embed_roots = False
    return found


def from_pkcs11(module: Path, *, token: str, key: str, pin: str, chain: Sequence[Path]) -> signers.Signer:
    """The key with label `key` on the `token` of a PKCS#11 `module`; `chain` is PEM, the seal's certificate first.

    Needs the package python-pkcs11 (`pip install -r requirements-pkcs11.lock`). Raises Unavailable.
    """
    try:
        from pyhanko.config.pkcs11 import TokenCriteria  # optional: only who has such a module installs it
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError:
        raise Unavailable("the package python-pkcs11 is not installed (requirements-pkcs11.lock)") from None
    certificate, *others = load_certs_from_pemder([str(file) for file in chain])
    try:
        session = open_pkcs11_session(str(module), token_criteria=TokenCriteria(label=token), user_pin=pin)
    except Exception as error:  # of the module's own classes
        raise Unavailable(f"PKCS#11: {type(error).__name__}") from None
    # the bare mechanism, digest made here: every module knows it for elliptic curves, not all know the combined one
    raw = certificate.public_key.algorithm == "ec"
    return PKCS11Signer(session, signing_cert=certificate, ca_chain=others, key_label=key, embed_roots=False,
                        use_raw_mechanism=raw)


class Remote(signers.Signer):
    """A service that signs: POST {"algorithm": "sha256", "digest": base64} with a bearer token → {"signature": base64}.

    The digest is SHA-256 of the signed attributes; the signature comes as the certificate's key makes it (ECDSA in
    DER, RSA PKCS#1 v1.5). What comes back is checked against our certificate before it goes anywhere.
    """

    def __init__(self, url: str, *, token: str, chain: Sequence[Path]):
        certificate, *others = load_certs_from_pemder([str(file) for file in chain])
        store = SimpleCertificateStore()
        store.register_multiple(others)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=False)
        kind = {"rsa": "rsa", "ec": "ecdsa"}[certificate.public_key.algorithm]
        self._signature_mechanism = SignedDigestAlgorithm({"algorithm": f"sha256_{kind}"})
        self.url, self.token = url, token
        self.public_key = load_der_public_key(certificate.public_key.dump())

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(512)
        return await asyncio.to_thread(self._ask, data)

    def _ask(self, data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(data)
        said = json.dumps({"algorithm": "sha256", "digest": base64.b64encode(digest.finalize()).decode()})
        try:
            reply = _post(self.url, said.encode(), self.token)
            signature = base64.b64decode(json.loads(reply)["signature"], validate=True)
            if isinstance(self.public_key, ec.EllipticCurvePublicKey):
                self.public_key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
            else:
                self.public_key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"the signing service: {type(error).__name__}") from None
        except (ValueError, KeyError, TypeError):
            raise Unavailable("the signing service did not send a signature") from None
        except InvalidSignature:
            raise Unavailable("the signing service signed with another key than that of our certificate") from None
        return signature


def _post(url: str, body: bytes, token: str) -> bytes:
    parts = urlsplit(url)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Connection": "close"}
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=LIMIT_S,
                                           context=ssl.create_default_context())
    else:
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=LIMIT_S)
    try:
        line.request("POST", parts.path or "/", body, headers)
        reply = line.getresponse()
        if reply.status != 200:
            raise OSError(f"HTTP {reply.status}")
        return reply.read(64 * 1024)
    finally:
        line.close()
