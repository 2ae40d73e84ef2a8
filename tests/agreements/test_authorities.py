"""Timestamps: an authority is believed when every part of its answer is what was asked for, and never waited for."""

import hashlib
import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, tsp

from agreements import pades, standins
from agreements.pades import canonical, verdict
from tests.agreements import seals
from tests.agreements.seals import DIGEST, Lying, address, authority, folder, serving


def ask(what, limit_s=5.0):
    return pades.ask(what, DIGEST, roots=seals.roots()["timestamp_roots"], limit_s=limit_s)


@pytest.fixture(scope="module")
def good():
    return authority(folder("time"))


class Answering:
    name = "somebody"

    def __init__(self, how, good):
        self.how, self.good = how, good

    def answer(self, request, *, limit_s):
        return self.how(request, self.good)


def test_a_good_token_names_time_and_authority_loudly(good):
    token = ask(good)
    assert abs(token.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert token.authority == "DEVELOPMENT TIME - NOT A REAL AUTHORITY"
    assert token.good_until > token.at + timedelta(days=700)
    info = cms.ContentInfo.load(token.der)["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST
    assert canonical.token_form(token.der) == token.der


LIES = {
    "nonce": "nonce", "imprint": "imprint", "untrusted": "untrusted", "purpose": "untrusted", "expired": "untrusted",
    "early": "time", "late": "time", "forged": "untrusted", "refused": "malformed", "nothing": "malformed",
    "garbage": "malformed", "cut": "malformed",
}  # fmt: skip


@pytest.mark.parametrize(("lie", "code"), LIES.items())
def test_a_lie_is_not_a_timestamp(good, lie, code):
    with pytest.raises(pades.NoToken) as refused:
        ask(Answering(getattr(Lying, lie), good))
    assert refused.value.code == code


def test_the_http_stand_in_is_a_real_responder(tmp_path):
    server = standins.timestamp_server(tmp_path)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        token = pades.ask(pades.HttpAuthority(url), DIGEST, roots=[tmp_path / "root.pem"])
        assert token.authority == "127.0.0.1"
    finally:
        server.shutdown()
        server.server_close()


def test_over_http_with_a_password(good):
    with serving(good.answer) as server:
        ask(pades.HttpAuthority(address(server, "us%40er:pass@")))
        assert server.seen == ["Basic dXNAZXI6cGFzcw=="]


@pytest.mark.parametrize("options", [{"status": 500}, {"status": 302}, {"kind": "text/html"}], ids=str)
def test_whatever_is_no_timestamp_reply_is_refused(good, options):
    with serving(good.answer, **options) as server, pytest.raises(pades.NoToken) as refused:
        ask(pades.HttpAuthority(address(server)))
    assert refused.value.code == "refused"


def test_an_endless_answer_is_refused():
    with serving(lambda request: bytes(70_000)) as server, pytest.raises(pades.NoToken) as refused:
        ask(pades.HttpAuthority(address(server)))
    assert refused.value.code == "refused"


def test_one_that_drips_is_slow(good):
    """Each byte comes in time, the answer never does: a socket's own limit would wait for hours."""
    began = time.monotonic()
    with serving(good.answer, drip_s=0.2) as server, pytest.raises(pades.NoToken) as refused:
        ask(pades.HttpAuthority(address(server)), limit_s=0.6)
    assert refused.value.code == "slow"
    assert time.monotonic() - began < 3


def test_one_that_takes_the_call_and_says_nothing_is_slow():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        with pytest.raises(pades.NoToken) as refused:
            ask(pades.HttpAuthority(f"http://127.0.0.1:{mute.getsockname()[1]}/"), limit_s=0.3)
    assert refused.value.code == "slow"


def test_one_that_is_not_there_is_down():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(pades.NoToken) as refused:
        ask(pades.HttpAuthority(f"http://127.0.0.1:{port}/"))
    assert refused.value.code == "down"


@pytest.mark.parametrize("url", ["ftp://tsa.example.com/", "tsa.example.com", "http://me:secret@tsa.example.com/"])
def test_an_address_that_would_give_a_secret_away_is_none(url):
    with pytest.raises(ValueError, match="https"):
        pades.HttpAuthority(url)


def test_what_the_signature_does_not_prove_is_left_out(good):
    """Real authorities send their whole chain; what is kept has one form."""
    (other,) = verdict.certificates([folder("seal") / "root.pem"])

    def fat(request, good):
        reply = tsp.TimeStampResp.load(good.answer(request))
        inner = reply["time_stamp_token"]["content"]
        inner["certificates"] = [*inner["certificates"], cms.CertificateChoices({"certificate": other})]
        return reply.dump(force=True)

    kept = cms.ContentInfo.load(ask(Answering(fat, good)).der)["content"]
    (only,) = canonical.certificates(kept)
    assert only.subject.native["common_name"] == "DEVELOPMENT TIME - NOT A REAL AUTHORITY"


def test_the_room_in_the_seal_takes_a_token_without_touching_a_signed_byte():
    before = seals.sealed()
    after = pades.stamped(before, token=seals.token(pades.imprint(before)))
    assert len(after) == len(before)
    changed = [i for i in range(len(before)) if before[i] != after[i]]
    gap = before.rindex(b"<3082"), before.rindex(b">", 0, before.rindex(b"endobj"))
    assert gap[0] < changed[0] and changed[-1] < gap[1]
    found = pades.verify(after, **seals.roots())
    assert (found.ok, found.level) == (True, "B-T")
    assert hashlib.sha256(before[: gap[0]]).digest() == hashlib.sha256(after[: gap[0]]).digest()


def test_a_token_that_is_too_large_is_said():
    with pytest.raises(ValueError, match="larger"):
        pades.stamped(seals.sealed(), token=_huge())


def _huge():
    token = cms.ContentInfo.load(seals.token(DIGEST))
    certificate = token["content"]["certificates"][0]
    token["content"]["certificates"] = [certificate] * 40
    return token.dump(force=True)


def test_a_token_over_something_else_is_no_time_of_the_seal():
    paper = pades.stamped(seals.sealed(), token=seals.token(DIGEST))
    assert pades.verify(paper, **seals.roots()).reason == "untrusted"


def test_a_token_of_an_authority_that_nobody_trusts_is_not_passed_over():
    roots = seals.roots()["roots"]
    assert pades.verify(seals.stamped(), roots=roots).reason == "untrusted"
    assert pades.verify(seals.stamped(), roots=roots, timestamp_roots=roots).reason == "untrusted"
