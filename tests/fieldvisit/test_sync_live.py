"""The same calls against the real server: streamed uploads, cut sockets, a killed process."""

import base64
import contextlib
import json
import socket
import time
import urllib.error
import urllib.request

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from uuid6 import uuid7

from fieldvisit import wire
from tests.fieldvisit.test_photos import picture


class Caller:
    """A phone that knows only the wire: what it learns, it learns from `hello`."""

    def __init__(self, live, username="zhoumin"):
        self.live = live
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.jar, self.csrf = {}, ""  # by hand: Secure cookies over http, as browsers allow on this machine
        self.hello = self.call("GET", "/sync/hello")[2]
        self.csrf = self.hello["csrf"]
        said = self.call("POST", "/sync/demo-code", {"username": username})[2]
        status, _, self.me = self.call(
            "POST", "/sync/session", {"username": username} | _only(said, "password", "code")
        )
        assert status == 200, self.me
        self.csrf = self.call("GET", "/sync/hello")[2]["csrf"]
        self.key, self.id = ec.generate_private_key(wire.CURVE), str(uuid7())
        raw = wire.b64url(wire.public_bytes(self.key))
        said = self.call("POST", "/sync/demo-enrolment", {})[2] | {"owner": "company"}
        said = _only(said, "code", "owner") | {"device_id": self.id, "public_key": raw, "label": ""}
        assert self.call("POST", "/sync/devices", said)[0] == 200

    def headers(self, **more):
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        base = {"X-Fieldvisit": "1", "X-CSRFToken": self.csrf, "Cookie": cookies, "X-Device": getattr(self, "id", "")}
        return base | {name.replace("_", "-"): value for name, value in more.items()}

    def call(self, method, path, said=None, data=None, **headers):
        body = json.dumps(said).encode() if said is not None else data
        if said is not None:
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.live.url + path, body, self.headers(**headers), method=method)
        try:
            response = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.jar[name] = value
        text = response.read()
        return response.status, response.headers, json.loads(text) if text else None

    def wait(self):
        """The dead server's socket may take one more call, and reset it."""
        for _ in range(100):
            with contextlib.suppress(OSError):
                return self.call("GET", "/sync/hello")
            time.sleep(0.1)
        raise AssertionError("no answer")

    def seal(self, plain, id, type):
        to = wire.unb64url(self.hello["envelope"]["public_key"])
        return wire.seal_envelope(
            plain, wire.aad(id, type), to=to, ephemeral=ec.generate_private_key(wire.CURVE), iv=uuid7().bytes[:12]
        )


def _only(said, *names):
    return {name: said[name] for name in names}


@pytest.fixture(scope="module")
def caller(shared_live):
    return Caller(shared_live)


@pytest.fixture
def upload(caller):
    """A photo, sealed and begun at the server: (path, sealed bytes)."""
    plain = picture((1600, 1200), quality=99, comment=uuid7().hex)
    sha = wire.sha256(plain)
    sent = caller.seal(plain, sha, "blob/1")
    pairs = {"sent_sha256": wire.sha256(sent), "sha256": sha}
    metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items())
    status, headers, _ = caller.call(
        "POST", "/sync/blobs/", Tus_Resumable="1.0.0", Upload_Length=str(len(sent)), Upload_Metadata=metadata
    )
    assert status == 201
    return headers["Location"], sent


def offset(caller, path):
    status, headers, _ = caller.call("HEAD", path, Tus_Resumable="1.0.0")
    assert status == 200 and headers["X-Fieldvisit-API"] == "1"
    return int(headers["Upload-Offset"])


def patch(caller, path, at, piece):
    return caller.call(
        "PATCH", path, data=piece, Tus_Resumable="1.0.0", Upload_Offset=str(at),
        Content_Type="application/offset+octet-stream",
    )  # fmt: skip


def cut_in_the_middle(caller, path, at, piece, sent):
    """Announces all of `piece`, sends only its first `sent` bytes, and hangs up."""
    lines = [f"PATCH {path} HTTP/1.1", f"Host: 127.0.0.1:{caller.live.port}", f"Content-Length: {len(piece)}"]
    lines += [f"{name}: {value}" for name, value in caller.headers().items()]
    lines += ["Tus-Resumable: 1.0.0", f"Upload-Offset: {at}", "Content-Type: application/offset+octet-stream"]
    with socket.create_connection(("127.0.0.1", caller.live.port)) as line:
        line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + piece[:sent])
        line.shutdown(socket.SHUT_RDWR)


def test_an_upload_in_pieces_arrives_whole(caller, upload):
    path, sent = upload
    for at in range(0, len(sent), 100_000):
        status, headers, _ = patch(caller, path, at, sent[at : at + 100_000])
        assert status == 204 and int(headers["Upload-Offset"]) == min(at + 100_000, len(sent))
    assert offset(caller, path) == len(sent)


def test_a_line_that_is_cut_leaves_a_true_offset_and_the_rest_follows(caller, upload):
    path, sent = upload
    for share in (1, 2, 3):
        at = offset(caller, path)
        cut_in_the_middle(caller, path, at, sent[at:], (len(sent) - at) * share // 5)
    for _ in range(50):  # the server may still be reading what was cut
        at = offset(caller, path)
        assert at < len(sent)
        status, headers, _ = patch(caller, path, at, sent[at:])
        if status == 204:
            break
        assert status in (409, 423)
    assert int(headers["Upload-Offset"]) == len(sent) == offset(caller, path)


def test_what_was_confirmed_survives_a_kill(template, tmp_path):
    from tests.live import running

    with running(template, tmp_path) as live:
        caller = Caller(live)
        plain = picture((800, 600))
        sha = wire.sha256(plain)
        sent = caller.seal(plain, sha, "blob/1")
        pairs = {"sent_sha256": wire.sha256(sent), "sha256": sha}
        metadata = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in pairs.items())
        begin = {"Tus_Resumable": "1.0.0", "Upload_Length": str(len(sent)), "Upload_Metadata": metadata}
        path = caller.call("POST", "/sync/blobs/", **begin)[1]["Location"]
        assert patch(caller, path, 0, sent[:3000])[0] == 204
        live.kill()
        live.start()
        caller.wait()
        at = offset(caller, path)
        assert at == 3000
        assert patch(caller, path, at, sent[at:])[0] == 204


def test_without_a_token_nothing_is_taken(caller):
    status, headers, said = caller.call("POST", "/sync/events", {"v": 1}, X_CSRFToken="wrong")
    assert (status, said["code"], headers["X-Fieldvisit-API"]) == (403, "csrf", "1")


def test_a_broken_request_is_answered_in_json(caller):
    status, headers, said = caller.call("POST", "/sync/events", data=b"{", Content_Type="application/json")
    assert (status, said["code"]) == (400, "request.json") and headers["Content-Type"] == "application/json"
