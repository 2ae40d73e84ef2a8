"""Where timestamps come from: RFC 3161 over HTTP, and an authority of our own for development, loud about it."""

import hashlib
import http.client
import ipaddress
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from threading import Thread
from urllib.parse import unquote, urlsplit

from asn1crypto import cms, core, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
_MOST_BYTES = 64 * 1024


class Unanswered(OSError):
    """No answer in time, or none that is one: `code` is slow, down or refused."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code} {detail}".rstrip())
        self.code = code


@dataclass(frozen=True)
class HttpAuthority:
    """An authority at `url` (https, or http within this machine); user:password in the address becomes Basic."""

    url: str
    name: str = field(init=False)

    def __post_init__(self):
        parts = urlsplit(self.url)
        object.__setattr__(self, "name", parts.hostname or "")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{self.name or 'an authority'}: an address begins with https://")
        if parts.scheme == "http" and parts.username is not None and not _at_home(parts.hostname):
            raise ValueError(f"{self.name}: a password is sent over https only")

    def answer(self, request: bytes, *, limit_s: float) -> bytes:
        """The reply to a TimeStampReq (DER in, DER out). Raises Unanswered.

        The whole exchange ends after `limit_s`, whoever drips what: a socket's own limit counts from byte to byte.
        """
        said: list = []
        thread = Thread(target=self._exchange, args=(request, limit_s, said), daemon=True)
        thread.start()
        thread.join(limit_s)
        if not said:
            raise Unanswered("slow")
        if isinstance(said[0], Unanswered):
            raise said[0]
        return said[0]

    def _exchange(self, request, limit_s, said) -> None:
        parts = urlsplit(self.url)
        headers = {"Content-Type": QUERY, "Accept": REPLY, "Content-Length": str(len(request)), "Connection": "close"}
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        try:
            if parts.scheme == "https":
                line = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=limit_s,
                                                   context=ssl.create_default_context())
            else:
                line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=limit_s)
            try:
                line.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), request, headers)
                reply = line.getresponse()
                body = reply.read(_MOST_BYTES + 1)
                kind = (reply.getheader("Content-Type") or "").split(";")[0].strip().lower()
                if reply.status != 200 or kind != REPLY or len(body) > _MOST_BYTES:
                    raise Unanswered("refused", f"HTTP {reply.status}")
                said.append(body)
            finally:
                line.close()
        except Unanswered as refused:
            said.append(refused)
        except TimeoutError:
            said.append(Unanswered("slow"))
        except (OSError, http.client.HTTPException) as error:
            said.append(Unanswered("down", type(error).__name__))


def _at_home(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class LocalAuthority(DummyTimeStamper):
    """An authority in this process, for development: its certificate says so. Also behind `manage.py stand_ins`.

    pyHanko's own signs by RSA only and opens its key for each token; this one by ECDSA P-256, key in memory.
    """

    def __init__(self, *, pkcs12_data: bytes, passphrase: bytes, **options):
        key, certificate, _ = pkcs12.load_key_and_certificates(pkcs12_data, passphrase)
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        super().__init__(asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
                         asn1_keys.PrivateKeyInfo.load(private), **options)
        self.key = key
        self.name = self.tsa_cert.subject.native["common_name"]

    def answer(self, request: bytes, *, limit_s: float = 0) -> bytes:
        return self.request_tsa_response(tsp.TimeStampReq.load(request)).dump()

    def _sign_tst_info(self, tst_info_data, md_algorithm, dt):
        digest = hashlib.new(md_algorithm, tst_info_data).digest()
        attributes = cms.CMSAttributes([
            simple_cms_attribute("content_type", "tst_info"),
            simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
            simple_cms_attribute("signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)),
            simple_cms_attribute("message_digest", digest),
        ])
        return self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(self, *args):
        made = super()._build_signed_data(*args)
        made["signer_infos"][0]["signature_algorithm"] = cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})
        return made
