"""A seal, an authority and a paper for tests of bytes alone; and authorities that are down, slow or lying."""

import hashlib
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from asn1crypto import tsp

from agreements import development, pades, pdf
from agreements.standins import QUERY, REPLY
from tests.agreements import samples

_FOLDER = TemporaryDirectory(prefix="seals-")
FOLDER = Path(_FOLDER.name)


@cache
def folder(name: str, *, days_ago: int = 0) -> Path:
    made = FOLDER / f"{name}-{days_ago}"
    make = development.development_authority if name.startswith("time") else development.development_certificate
    make(made, now=datetime.now(UTC) - timedelta(days=days_ago))
    return made


def signer(where: Path):
    return pades.from_pkcs12(where / "seal.p12", passphrase=(where / "seal.passphrase").read_bytes())


def authority(where: Path, **options) -> pades.LocalAuthority:
    return pades.LocalAuthority(pkcs12_data=(where / "seal.p12").read_bytes(),
                                passphrase=(where / "seal.passphrase").read_bytes(), **options)  # fmt: skip


def roots(**days_ago) -> dict:
    """Keyword arguments of pades.verify."""
    return {"roots": [folder("seal", **days_ago) / "root.pem"],
            "timestamp_roots": [folder("time", **days_ago) / "root.pem"]}  # fmt: skip


@cache
def drawn() -> pdf.Rendered:
    evidence, facts, raw = samples.sample()
    return pdf.render(evidence, facts, evidence_json=raw)


def sealed(by=None) -> bytes:
    """B-B."""
    return pades.seal(drawn().pdf, signer=by or signer(folder("seal")), reason="FV-2026-000001", location="CN",
                      page=drawn().seal_page, box=drawn().seal_box, stamp=pdf.stamp("甲银行"))  # fmt: skip


def token(digest: bytes) -> bytes:
    return pades.ask(authority(folder("time")), digest, roots=roots()["timestamp_roots"]).der


@cache
def stamped() -> bytes:
    """B-T."""
    paper = sealed()
    return pades.stamped(paper, token=token(pades.imprint(paper)))


def proof() -> pades.Proof:
    return pades.Proof(**roots(), crls=[folder("seal") / "root.crl", folder("time") / "root.crl"])


@cache
def archived() -> bytes:
    """B-LTA."""
    return pades.archived(stamped(), take=token, proof=proof())


DIGEST = hashlib.sha256(b"evidence").digest()


class Lying:
    """What an authority might answer; each method takes the request and a good authority, and gives the reply."""

    @staticmethod
    def nonce(request, good):
        asked = tsp.TimeStampReq.load(request)
        asked["nonce"] = asked["nonce"].native ^ 1
        return good.answer(asked.dump())

    @staticmethod
    def imprint(request, good):
        asked = tsp.TimeStampReq.load(request)
        asked["message_imprint"]["hashed_message"] = bytes(32)
        return good.answer(asked.dump(force=True))

    @staticmethod
    def untrusted(request, good):
        return authority(folder("time-of-a-stranger")).answer(request)

    @staticmethod
    def purpose(request, good):
        return authority(folder("seal")).answer(request)

    @staticmethod
    def expired(request, good):
        return authority(folder("time", days_ago=800)).answer(request)

    @staticmethod
    def early(request, good):
        return authority(folder("time"), fixed_dt=datetime.now(UTC) - timedelta(minutes=9)).answer(request)

    @staticmethod
    def late(request, good):
        return authority(folder("time"), fixed_dt=datetime.now(UTC) + timedelta(hours=1)).answer(request)

    @staticmethod
    def forged(request, good):
        reply = tsp.TimeStampResp.load(good.answer(request))
        info = reply["time_stamp_token"]["content"]["signer_infos"][0]
        info["signature"] = bytes(reversed(info["signature"].native))
        return reply.dump(force=True)

    @staticmethod
    def refused(request, good):
        return bytes.fromhex("30053003020102")  # status: rejection, and no token

    @staticmethod
    def nothing(request, good):
        return b""

    @staticmethod
    def garbage(request, good):
        return b"\x30\x82" + bytes(range(256)) * 8

    @staticmethod
    def cut(request, good):
        return good.answer(request)[:-40]


@contextmanager
def serving(answer, *, status=200, kind=REPLY, drip_s: float = 0):
    """An HTTP server of `answer(request) -> reply`; yields its address. `drip_s` between any two bytes of the body."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == QUERY
            seen.append(self.headers.get("Authorization"))
            said = answer(request)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            try:
                for byte in said if drip_s else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(drip_s)
                if not drip_s:
                    self.wfile.write(said)
            except OSError:
                pass  # the client has gone

        def log_message(self, *args):
            pass

    seen: list = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = seen
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def address(server, userinfo="") -> str:
    return f"http://{userinfo}127.0.0.1:{server.server_address[1]}/"
