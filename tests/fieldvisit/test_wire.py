"""Every byte on the wire: the worked example holds, and nothing else passes."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from fieldvisit import keys, wire
from tests.vectors import make_wire

EXAMPLE = json.loads(make_wire.PATH.read_text())
SERVER_ID = EXAMPLE["keys"]["envelope"]["key_id"]


def private(key_id):
    return make_wire.SERVER if key_id == SERVER_ID else None


def test_the_worked_example_is_what_the_generator_writes():
    assert make_wire.build() == EXAMPLE


@pytest.mark.parametrize("case", EXAMPLE["canonical"], ids=lambda case: case["sha256"][:8])
def test_canonical_json_comes_out_byte_for_byte_and_is_read_back(case):
    raw = case["jcs"].encode()
    assert wire.canonical(case["value"]) == raw
    assert wire.parse(raw) == case["value"]
    assert wire.sha256(raw) == case["sha256"]


@pytest.mark.parametrize("case", EXAMPLE["refused"], ids=lambda case: case["why"])
def test_what_no_canonical_writer_makes_is_refused(case):
    with pytest.raises(wire.Broken):
        wire.parse(case["text"].encode())


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'"\xed\xa0\x80"', b'"\x00"', b"9" * 5000, b'{"a":1', b"[" * 200_000])
def test_bytes_that_are_no_json_are_refused(raw):
    with pytest.raises(wire.Broken):
        wire.parse(raw)


@pytest.mark.parametrize("value", [1.0, [0.5], {"a": {"b": 1e300}}, 2**53, "\ud800", {"\udfff": 1}, {1: 2}, {1, 2}])
def test_what_does_not_travel_is_not_written(value):
    with pytest.raises(wire.Broken):
        wire.canonical(value)


@pytest.mark.parametrize("name", ["note", "photo"])
def test_an_event_is_opened_and_its_signature_holds(name):
    example = EXAMPLE[name]
    plain = wire.open_envelope(wire.unb64url(example["envelope"]), example["aad"].encode(), private=private)
    signature, raw = plain[: wire.SIGNATURE], plain[wire.SIGNATURE :]
    assert raw.decode() == example["jcs"]
    assert wire.parse(raw) == example["event"]
    device = wire.unb64url(EXAMPLE["keys"]["device"]["public_key"])
    assert wire.signed_by(device, raw, signature)
    assert not wire.signed_by(device, raw + b" ", signature)
    assert not wire.signed_by(wire.unb64url(EXAMPLE["keys"]["signing"]["public_key"]), raw, signature)


def test_a_blob_is_opened_and_hashes_to_its_name():
    blob = EXAMPLE["blob"]
    sent = wire.unb64url(blob["envelope"])
    assert wire.sha256(sent) == blob["sent_sha256"]
    assert wire.sha256(wire.open_envelope(sent, blob["aad"].encode(), private=private)) == blob["sha256"]


def test_a_verdict_is_signed_over_everything_but_the_signature():
    verdict = dict(EXAMPLE["verdict"])
    signature = wire.unb64url(verdict.pop("sig"))
    assert wire.canonical(verdict).decode() == EXAMPLE["verdict_jcs"]
    assert wire.signed_by(wire.unb64url(EXAMPLE["keys"]["signing"]["public_key"]), wire.canonical(verdict), signature)


def test_any_flipped_bit_of_an_envelope_is_found():
    sent = wire.unb64url(EXAMPLE["note"]["envelope"])
    for place in [*range(wire.HEAD), wire.HEAD, len(sent) // 2, len(sent) - 1]:
        flipped = bytes([*sent[:place], sent[place] ^ 1, *sent[place + 1 :]])
        with pytest.raises(wire.Broken):
            wire.open_envelope(flipped, EXAMPLE["note"]["aad"].encode(), private=private)


def test_an_envelope_made_out_for_another_event_is_not_opened():
    sent = wire.unb64url(EXAMPLE["note"]["envelope"])
    with pytest.raises(wire.Broken):
        wire.open_envelope(sent, EXAMPLE["photo"]["aad"].encode(), private=private)


@pytest.mark.parametrize("short", [b"", b"FVE1", b"FVE1" + bytes(100), b"PK\x03\x04" + bytes(200)])
def test_what_is_no_envelope_is_said_to_be_none(short):
    with pytest.raises(wire.Broken):
        wire.open_envelope(short, b"", private=private)


@pytest.mark.parametrize("text", ["+/", "AA==", "A", "AB", "A A", "ÄÄ", None, 7])
def test_base64_is_read_strictly(text):
    with pytest.raises(wire.Broken):
        wire.unb64url(text)


@given(st.binary(max_size=70))
def test_base64_goes_there_and_back(data):
    assert wire.unb64url(wire.b64url(data)) == data


@given(st.binary(max_size=200))
def test_a_signature_verifies_for_its_own_bytes_only(data):
    key = make_wire.DEVICE
    signature = wire.sign(key, data)
    assert len(signature) == 64
    assert wire.signed_by(wire.public_bytes(key), data, signature)
    assert not wire.signed_by(wire.public_bytes(key), data, signature[::-1])
    assert not wire.signed_by(wire.public_bytes(key), data, bytes(64))


@pytest.fixture
def empty_keys(settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path
    return tmp_path / "keys"


def test_keys_are_made_on_first_use_for_nobody_else_to_read(empty_keys):
    key_id, raw = keys.envelope_public()
    assert key_id == wire.key_id(raw)
    (path,) = empty_keys.glob("envelope/*.pem")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.envelope_public() == (key_id, raw)


def test_after_a_rotation_the_old_key_still_opens(empty_keys):
    old_id, old = keys.envelope_public()
    sent = wire.seal_envelope(b"x", b"a", to=old, ephemeral=ec.generate_private_key(wire.CURVE), iv=bytes(12))
    new_id = keys.make(keys.ENVELOPE)
    assert keys.envelope_public()[0] == new_id != old_id
    assert wire.open_envelope(sent, b"a", private=keys.envelope_private) == b"x"
    assert keys.envelope_private("0" * 16) is None
    assert keys.envelope_private("../../../etc/pass") is None


def test_what_we_signed_before_a_rotation_still_verifies(empty_keys):
    key_id, sig = keys.signing_key_id(), keys.sign(b"offer")
    keys.make(keys.SIGNING)
    assert keys.verify(b"offer", sig, key_id)
    assert not keys.verify(b"other", sig, key_id)
    assert not keys.verify(b"offer", sig, keys.signing_key_id())
    assert not keys.verify(b"offer", "no signature", key_id)
