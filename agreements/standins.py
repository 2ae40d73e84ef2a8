"""Local stand-ins over HTTP, for trying the real ways: a timestamp authority, and a service that signs. Never real."""

import hmac
import json
from base64 import b64decode, b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from . import development, pades

MOST_BYTES = 64 * 1024
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


def timestamp_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """RFC 3161 over HTTP with the development authority of `folder`, on this machine only; 0 takes a free port."""
    development.development_authority(folder)
    authority = pades.LocalAuthority(pkcs12_data=(folder / development.SEAL).read_bytes(),
                                     passphrase=(folder / development.PASSPHRASE).read_bytes())  # fmt: skip

    def answer(handler, body):
        if handler.headers.get("Content-Type") != QUERY:
            return 415, "text/plain", b""
        return 200, REPLY, authority.answer(body)

    return _server(answer, port)


def signing_server(folder: Path, token: str, port: int = 0) -> ThreadingHTTPServer:
    """The service of pades.Remote with the development key of `folder`: digest in, signature out, for `token`."""
    development.development_certificate(folder)
    key, _, _ = pkcs12.load_key_and_certificates((folder / development.SEAL).read_bytes(),
                                                 (folder / development.PASSPHRASE).read_bytes())  # fmt: skip

    def answer(handler, body):
        if not hmac.compare_digest(handler.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
            return 401, "application/json", b"{}"
        asked = json.loads(body)
        digest = b64decode(asked["digest"], validate=True)
        if asked["algorithm"] != "sha256" or len(digest) != 32:
            return 400, "application/json", b"{}"
        signature = key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256())))
        return 200, "application/json", json.dumps({"signature": b64encode(signature).decode()}).encode()

    return _server(answer, port)


def _server(answer, port: int) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self):
            try:
                body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), MOST_BYTES))
                status, kind, said = answer(self, body)
            except (ValueError, KeyError, TypeError):
                status, kind, said = 400, "text/plain", b""
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            pass

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
