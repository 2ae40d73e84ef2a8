"""Writes wire.json: the worked example of every byte between phone and server. `python -m tests.vectors.make_wire`

Keys, ephemeral keys and ivs are fixed here and nowhere else; signatures are RFC 6979: the file never changes by itself.
"""

import base64
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from fieldvisit import wire

PATH = Path(__file__).with_name("wire.json")
VISIT, CASE_REF = "0198f0a0-1111-7222-8333-444455556666", "q3Zk9tWcYb1x"
DEVICE_ID = "5d1c3b7e-2f60-4f5b-9d60-1f2e3d4c5b6a"
FIRST, SECOND = "0198f0a0-aaaa-7bbb-8ccc-000000000001", "0198f0a0-aaaa-7bbb-8ccc-000000000002"
PICTURE = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
# Text as entered: never normalised, so the two ways to write é stay two, and 𠮷 lies beyond 16 bits.
WORDS = "他说：月底发工资后先还 500 元。“é” 𠮷 \u0001\u007f\u2028 </script>"


def private(seed: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(wire.sha256(seed.encode()), 16) >> 1, wire.CURVE)


SERVER, SIGNING, DEVICE = private("envelope"), private("signing"), private("device")
EPHEMERAL, EPHEMERAL_BLOB = private("ephemeral 1"), private("ephemeral 2")
IV, IV_BLOB = bytes(range(12)), bytes(range(12, 24))


def jwk(key: ec.EllipticCurvePrivateKey) -> dict:
    raw = wire.public_bytes(key)
    d = key.private_numbers().private_value.to_bytes(32, "big")
    return {
        "jwk": {
            "kty": "EC",
            "crv": "P-256",
            "x": wire.b64url(raw[1:33]),
            "y": wire.b64url(raw[33:]),
            "d": wire.b64url(d),
        },
        "public_key": wire.b64url(raw),
        "key_id": wire.key_id(raw),
    }


def event(event_id, type, seq, device_seq, prev, body, blobs=()):
    return {
        "v": 1,
        "event_id": event_id,
        "type": type,
        "visit_id": VISIT,
        "case_ref": CASE_REF,
        "seq": seq,
        "depends_on": [],
        "device_id": DEVICE_ID,
        "device_seq": device_seq,
        "prev_sha256": prev,
        "captured_at": "2026-11-24T10:14:07.120+08:00",
        "clock": {"mono_ms": 8123344, "offset_ms": -412, "offset_age_s": 5400},
        "basis": {"case_version": 57, "assignment_id": None, "offer_id": None, "rules": "cn@2026-11"},
        "app": {"build": "0f3a9c1", "schema": "2026-11"},
        "blobs": list(blobs),
        "body": body,
    }


def worked(event, ephemeral, iv) -> dict:
    jcs = wire.canonical(event)
    signature = wire.sign(DEVICE, jcs)
    aad = wire.aad(event["event_id"], event["type"])
    sealed = wire.seal_envelope(signature + jcs, aad, to=wire.public_bytes(SERVER), ephemeral=ephemeral, iv=iv)
    return {
        "event": event,
        "jcs": jcs.decode(),
        "sha256": wire.sha256(jcs),
        "signature": wire.b64url(signature),
        "aad": aad.decode(),
        "iv": wire.b64url(iv),
        "envelope": wire.b64url(sealed),
    }


def build() -> dict:
    position = {"lat_e7": 302741000, "lon_e7": 1201551000, "accuracy_cm": 1200, "age_ms": 800}
    sha = wire.sha256(PICTURE)
    blob_aad = wire.aad(sha, "blob/1")
    sealed = wire.seal_envelope(PICTURE, blob_aad, to=wire.public_bytes(SERVER), ephemeral=EPHEMERAL_BLOB, iv=IV_BLOB)
    note = worked(event(FIRST, "visit.note/1", 3, 1, None, {"kind": "statement", "text": WORDS}), EPHEMERAL, IV)
    photo_body = {
        "kind": "door",
        "caption": "门口",
        "width": 2048,
        "height": 1536,
        "position": position,
        "position_refused": None,
    }
    blob_ref = {
        "sha256": sha,
        "sent_sha256": wire.sha256(sealed),
        "bytes": len(sealed),
        "mime": "image/jpeg",
        "role": "photo",
    }
    photo = worked(
        event(SECOND, "visit.photo/1", 4, 2, note["sha256"], photo_body, [blob_ref]), private("ephemeral 3"), IV_BLOB
    )
    verdict = {
        "event_id": FIRST,
        "status": "applied",
        "code": "",
        "message": "",
        "sha256": note["sha256"],
        "server_seq": 10432,
        "received_at": "2026-11-24T02:14:09.000000Z",
        "rev": 1,
        "key_id": wire.key_id(wire.public_bytes(SIGNING)),
    }
    verdict_jcs = wire.canonical(verdict)
    items = [
        {"event_id": each["event"]["event_id"], "type": each["event"]["type"], "envelope": each["envelope"]}
        for each in (note, photo)
    ]
    return {
        "about": [
            "Bytes are base64url without padding, hashes lower hex, `jcs` is text (its UTF-8 bytes count).",
            "prev_sha256 is null where device_seq is 1, else the sha256 of this device's event before it.",
            "clock.offset_ms and offset_age_s are null while the phone has not heard from the server.",
            "basis may hold null for what the phone does not know. blobs[].bytes is the length as sent (the envelope).",
            "A signature need not come out the same in a browser (it draws its own nonce); it must verify.",
            "An envelope comes out byte for byte with the ephemeral key and iv given here.",
            "upload: the headers of the tus creation; Upload-Metadata values are base64 (with padding) of the text.",
        ],
        "keys": {
            "envelope": jwk(SERVER),
            "signing": jwk(SIGNING),
            "device": jwk(DEVICE),
            "ephemeral": jwk(EPHEMERAL),
            "ephemeral_blob": jwk(EPHEMERAL_BLOB),
            "ephemeral_photo": jwk(private("ephemeral 3")),
        },
        "canonical": [
            {"value": value, "jcs": wire.canonical(value).decode(), "sha256": wire.sha256(wire.canonical(value))}
            for value in CANONICAL
        ],
        "refused": REFUSED,
        "device_id": DEVICE_ID,
        "note": note,
        "photo": photo,
        "blob": {
            "plain": wire.b64url(PICTURE),
            "sha256": sha,
            "aad": blob_aad.decode(),
            "iv": wire.b64url(IV_BLOB),
            "envelope": wire.b64url(sealed),
            "sent_sha256": wire.sha256(sealed),
        },
        "upload": {
            "method": "POST",
            "path": "/sync/blobs/",
            "headers": {
                "Tus-Resumable": "1.0.0",
                "X-Device": DEVICE_ID,
                "Upload-Length": str(len(sealed)),
                "Upload-Metadata": ",".join(
                    f"{name} {_b64(text)}"
                    for name, text in (("sent_sha256", wire.sha256(sealed)), ("sha256", sha), ("event", SECOND))
                ),
            },
            "location": f"/sync/blobs/{wire.sha256(sealed)}",
        },
        "request": {"v": 1, "device_id": DEVICE_ID, "events": items},
        "verdict": verdict | {"sig": wire.b64url(wire.sign(SIGNING, verdict_jcs))},
        "verdict_jcs": verdict_jcs.decode(),
    }


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


CANONICAL = [
    {},
    [],
    {"b": 1, "a": [True, False, None, "", 0, -7, 9007199254740991, -9007199254740991]},
    {"€": "a", "\r": "b", "דּ": "c", "1": "d", "😀": "e", "\u0080": "f", "ö": "g"},
    {"text": WORDS, "e\u0301": "two characters", "\u00e9": "one character"},
    {"nested": {"z": {"y": {"x": []}}, "a": [[], {}, [{}]]}},
]
# Texts that no canonical writer makes; the server refuses each. (Lone surrogates travel only as escapes.)
REFUSED = [
    {"why": "a float", "text": '{"a":1.5}'},
    {"why": "a float that is whole", "text": '{"a":1.0}'},
    {"why": "an exponent", "text": '{"a":1e3}'},
    {"why": "minus zero", "text": '{"a":-0}'},
    {"why": "NaN", "text": '{"a":NaN}'},
    {"why": "beyond 2^53 - 1", "text": '{"a":9007199254740992}'},
    {"why": "a key twice", "text": '{"a":1,"a":1}'},
    {"why": "keys out of order", "text": '{"b":1,"a":1}'},
    {"why": "a blank", "text": '{"a": 1}'},
    {"why": "an escape that is not needed", "text": '{"a":"\\u0061"}'},
    {"why": "an escaped solidus", "text": '{"a":"\\/"}'},
    {"why": "a lone surrogate", "text": '{"a":"\\ud800"}'},
    {"why": "a byte order mark", "text": '\ufeff{"a":1}'},
    {"why": "something after the end", "text": '{"a":1}{}'},
    {"why": "nothing", "text": ""},
    {"why": "nested without end", "text": "[" * 2_000},
]

if __name__ == "__main__":
    PATH.write_text(json.dumps(build(), ensure_ascii=True, indent=1) + "\n")
