"""A7 against the real server: lines cut at every piece, two uploaders at once, power cuts, and a public tus client."""

import base64
import contextlib
import http.client
import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fieldvisit import store, wire
from tests import copies
from tests.fieldvisit.test_sync_live import Caller, cut_in_the_middle, offset, patch
from tests.live import running

from .pictures import file
from .proxy import Proxy

PIECE = 256 * 1024
TUS = {"Tus_Resumable": "1.0.0"}


@pytest.fixture(scope="module")
def caller(shared_live):
    return Caller(shared_live)


class Sent:
    """A photo in its envelope, and where its content must lie in the end."""

    def __init__(self, caller, rng, pieces=4):
        start = file((96, 64), comment=rng.randbytes(16))
        self.plain = start + rng.randbytes(PIECE * pieces - 105 - len(start))
        self.sha256 = wire.sha256(self.plain)
        self.bytes = caller.seal(self.plain, self.sha256, "blob/1")
        self.sent_sha256 = wire.sha256(self.bytes)
        assert len(self.bytes) == PIECE * pieces

    def metadata(self):
        return {"sent_sha256": self.sent_sha256, "sha256": self.sha256}

    def begin(self, caller):
        pairs = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in self.metadata().items())
        answer = caller.call(
            "POST", "/sync/blobs/", Upload_Length=str(len(self.bytes)), Upload_Metadata=pairs, **TUS
        )  # fmt: skip
        assert answer[0] == 201
        return answer[1]["Location"]

    def kept(self, live):
        """(lost, doubled): the content once, as it was; nothing half done beside it."""
        data = Path(live.environment["FIELDVISIT_DATA"])
        content = data / store.name(self.sha256)
        pieces = list((data / "incoming").glob(f"*-{self.sent_sha256}"))
        return not content.is_file() or content.read_bytes() != self.plain, bool(pieces)


def go_on(caller, path, sent):
    """As a phone does: ask, send, and ask again until the server has all of it."""
    for _ in range(200):
        with contextlib.suppress(OSError):
            status, headers, _ = caller.call("HEAD", path, **TUS)
            if status == 200:
                at = int(headers["Upload-Offset"])
                if at == len(sent.bytes):
                    return
                patch(caller, path, at, sent.bytes[at : at + PIECE])
    raise AssertionError("it never came to an end")


def test_a_line_cut_at_any_piece_costs_nothing(caller, rng, soak, tally):
    row = tally("A7", "uploads: killed, cut, muddled")
    edges = [PIECE * n + d for n in range(4) for d in (-1, 0, 1)][1:]
    for at in edges * (5 if soak else 1):
        sent = Sent(caller, rng)
        path = sent.begin(caller)
        for start in range(0, at - PIECE + 1, PIECE):
            assert patch(caller, path, start, sent.bytes[start : start + PIECE])[0] == 204
        held = offset(caller, path)
        cut_in_the_middle(caller, path, held, sent.bytes[held : held + PIECE], at - held)
        go_on(caller, path, sent)
        lost, doubled = sent.kept(caller.live)
        row.run(lost=lost, doubled=doubled)
        assert not lost and not doubled, at


def test_three_tabs_at_one_upload_make_one_photo(caller, rng, soak, tally):
    row = tally("A7", "uploads: killed, cut, muddled")
    for _ in range(40 if soak else 8):
        sent = Sent(caller, rng)
        path = sent.begin(caller)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _tab, p=path, s=sent: go_on(caller, p, s), range(3)))
        lost, doubled = sent.kept(caller.live)
        row.run(lost=lost, doubled=doubled)
        assert not lost and not doubled


def test_a_power_cut_in_the_middle_of_a_piece_costs_nothing(template, tmp_path, rng, soak, tally):
    row = tally("A7", "uploads: killed, cut, muddled")
    with running(template, tmp_path) as live, ThreadPoolExecutor(1) as pool:
        caller = Caller(live)
        for _ in range(40 if soak else 4):
            sent = Sent(caller, rng)
            path = sent.begin(caller)
            sending = pool.submit(go_on, caller, path, sent)
            with contextlib.suppress(TimeoutError):
                sending.result(rng.uniform(0.0, 0.12))
            live.kill()
            live.start()
            caller.wait()
            with contextlib.suppress(AssertionError):
                sending.result()
            go_on(caller, path, sent)
            lost, doubled = sent.kept(live)
            row.run(lost=lost, doubled=doubled)
            assert not lost and not doubled


def test_a_body_that_does_not_say_its_length_is_taken_as_it_comes(caller, rng, tally):
    """Some tus clients send chunked: the bytes end where the body ends, and a cut is still a cut."""
    row, sent = tally("A7", "uploads: killed, cut, muddled"), Sent(caller, rng)
    path = sent.begin(caller)
    assert chunked(caller, path, 0, sent.bytes[:100_000]) == 204
    chunked(caller, path, 100_000, sent.bytes[100_000:400_000], ends=False)
    for _ in range(50):  # the server may still be reading what was cut
        at = offset(caller, path)
        assert 100_000 <= at <= 400_000
        if chunked(caller, path, at, sent.bytes[at:]) == 204:
            break
    assert not any(sent.kept(caller.live))
    row.run()


def chunked(caller, path, at, data, *, ends=True):
    """The status; None for a line that hangs up before the end of the body."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", caller.live.port, timeout=20)) as line:
        line.putrequest("PATCH", path)
        headers = caller.headers(Content_Type="application/offset+octet-stream", Upload_Offset=str(at), **TUS)
        for name, value in (headers | {"Transfer-Encoding": "chunked"}).items():
            line.putheader(name, value)
        line.endheaders()
        for start in range(0, len(data), 10_000):
            piece = data[start : start + 10_000]
            line.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        if ends:
            line.send(b"0\r\n\r\n")
            return line.getresponse().status
    return None


# --- the public client


def tus(caller, sent, folder, *, url=None, stream=False, pause=0, **options):
    """Runs tests/faults/tus.mjs; → what it says."""
    source = folder / sent.sent_sha256
    source.write_bytes(sent.bytes)
    told = {
        "url": (url or caller.live.url) + "/sync/blobs/",
        "file": str(source),
        "stream": stream,
        "pause": pause,
        "options": {"metadata": sent.metadata(), "headers": caller.headers()} | options,
    }
    done = subprocess.run(
        ["node", Path(__file__).with_name("tus.mjs")], cwd=copies.ROOT, input=json.dumps(told), capture_output=True,
        text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"chunkSize": PIECE},
        {"chunkSize": 100_000, "stream": True},
        {"stream": True, "chunkSize": 2**31},
        {"chunkSize": PIECE, "overridePatchMethod": True},
        {"chunkSize": 100_000, "pause": 300_000},
        {"uploadDataDuringCreation": True},
        {"uploadDataDuringCreation": True, "chunkSize": 100_000, "pause": 300_000},
    ],
    ids=lambda how: ", ".join(f"{name} {value}" for name, value in how.items()) or "as it comes",
)
def test_an_unmodified_tus_client_uploads(caller, rng, tmp_path, tally, how):
    row, sent = tally("A7", "uploads: killed, cut, muddled"), Sent(caller, rng)
    said = tus(caller, sent, tmp_path, **how)
    assert said["error"] is None and said["location"].endswith(f"/sync/blobs/{sent.sent_sha256}")
    assert not any(sent.kept(caller.live))
    row.run()
    again = tus(caller, sent, tmp_path, **how)
    assert again["error"] is None, "what is whole is accepted a second time"


@pytest.mark.parametrize("fault", ["reset before send", "reset after commit", "502 HTML", "409", "refuse"])
def test_an_unmodified_tus_client_survives_a_broken_line(caller, rng, tmp_path, tally, fault):
    row, sent, line = tally("A7", "uploads: killed, cut, muddled"), Sent(caller, rng), Proxy(caller.live.port)
    line.breaks("patch", fault)
    over = threading.Event()

    def heals():
        """A second after it struck first, however long the client took to start."""
        while not line.hits and not over.wait(0.02):
            pass
        over.wait(1)
        line.heal()

    healing = threading.Thread(target=heals)
    healing.start()
    try:
        said = tus(caller, sent, tmp_path, url=line.url, stream=True, chunkSize=100_000)
    finally:
        over.set()
        healing.join()
        line.close()
    assert ("patch", fault) in line.seen
    assert said["error"] is None and not any(sent.kept(caller.live))
    row.run()
