"""The paper: the same rows give the same bytes, it is sealed once, and it proves itself with no server."""

import hashlib
import io
import json
import shutil
from datetime import timedelta
from functools import partial

import pikepdf
import pytest
import rfc8785
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.management import call_command
from uuid6 import uuid7

from agreements import checks, development, facts, pades, proposals, sealing, sealkeys, timestamps
from agreements.models import Agreement, Sealed, State
from agreements.rules import document, schedule, wording
from fieldvisit import problems, record, wire
from fieldvisit.models import Event, Visit
from tests.cast import NOW

from .conftest import signature, strokes

LATER = NOW + timedelta(minutes=6)


@pytest.fixture
def no_worker(monkeypatch):
    """The worker is down: nudges go nowhere."""
    monkeypatch.setattr(type(sealing.seal_waiting), "enqueue", lambda self, *args, **kwargs: None)


@pytest.fixture
def sealed(agreed, tell, deliver):
    tell(agreed())
    deliver()
    return Sealed.objects.select_related("agreement__case").get()


@pytest.fixture
def ready(agreed, tell, deliver, no_worker):
    tell(agreed())
    deliver()
    return Agreement.objects.get(state=State.READY)


def read(file):
    with file.open() as opened:
        return opened.read()


def papers(agreement):
    return checks.papers(Agreement.objects.get(pk=agreement.pk), now=LATER)


# --- the same every time


def test_the_same_rows_give_the_same_bytes(sealed):
    first, second = (facts.evidence_json(papers(sealed.agreement)) for _ in range(2))
    assert first == second == read(sealed.evidence)
    token = pades.ask(sealkeys.authorities()[0], bytes.fromhex(sealed.evidence_sha256),
                      roots=sealkeys.timestamp_roots())  # fmt: skip
    drawn = [sealing._draw(papers(sealed.agreement), first, token).pdf for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_the_hashes_are_those_of_the_files(sealed):
    assert sealed.pdf_sha256 == wire.sha256(read(sealed.pdf))
    assert sealed.evidence_sha256 == wire.sha256(read(sealed.evidence))
    assert sealed.terms_sha256 == sealed.agreement.terms_sha256
    assert timestamps.verify(read(sealed.pdf)).ok
    assert sealed.signer == "DEVELOPMENT SEAL - NOT A REAL SEAL"


def test_every_altered_byte_of_a_sample_is_found(sealed):
    paper = read(sealed.pdf)
    for place in range(0, len(paper), len(paper) // 60):
        altered = paper[:place] + bytes([paper[place] ^ 1]) + paper[place + 1 :]
        assert not timestamps.verify(altered).ok


# --- once


def test_it_is_sealed_once(sealed, visit):
    entries = len(record.timeline(visit.case))
    assert sealing.settle(sealed.agreement, now=LATER) is False
    assert sealing.seal_due(now=LATER) == 0
    assert Sealed.objects.count() == 1
    assert len(record.timeline(visit.case)) == entries


def test_two_workers_that_start_with_the_same_row(ready):
    assert [sealing.settle(ready, now=LATER) for _ in range(2)] == [True, False]
    assert Sealed.objects.count() == 1


def test_of_two_agreements_drawn_at_the_same_time_one_is_in_force(agreed, tell, deliver, no_worker, monkeypatch):
    """Both passed the checks before either was kept: asked again under the lock."""
    first, second = agreed(instalments=6), agreed(instalments=12)
    tell.sign(first, signed=[signature(first, strokes=strokes(1))])
    tell(second)
    deliver()
    keep, waiting = sealing._keep, []
    monkeypatch.setattr(sealing, "_keep", lambda *args: waiting.append(args) or True)
    assert sealing.seal_due(now=LATER) == 2
    assert [keep(*args) for args in waiting] == [True, True]
    rows = {str(row.pk): (row.state, row.codes) for row in Agreement.objects.all()}
    assert rows[first["agreement_id"]] == (State.SEALED, [])
    assert rows[second["agreement_id"]] == (State.HELD, ["seal.in_force"])
    assert Sealed.objects.count() == 1


# --- held, waiting, failing


def test_the_record_says_what_happened(sealed, visit):
    lines = record.timeline(visit.case)
    actions = [line["action"] for line in lines]
    at = actions.index("agreement.sealed")
    assert actions[at - 1] == "agreement.ready"
    assert "agreement.timestamp.archive" in actions[at:]
    said = lines[at]["payload"]
    assert said == {
        "number": sealed.agreement.number, "terms_sha256": sealed.terms_sha256, "pdf_sha256": sealed.pdf_sha256,
        "evidence_sha256": sealed.evidence_sha256, "timestamp": sealed.timestamp_at.isoformat(),
    }  # fmt: skip
    assert lines[at]["object"] == f"agreement:{sealed.agreement_id}"
    assert record.verify(visit.case) == []


def test_a_name_that_cannot_be_printed_is_held_and_the_character_named(
    dora, policy, visit, tell, deliver, monkeypatch
):
    """An offer that an earlier release signed: that one did not look at the name."""
    monkeypatch.setattr(proposals, "_printable", lambda said: None)
    dora.parties.update(name="朵拉\U0001f600")
    offer = proposals.offer_for(dora, now=NOW)
    choice = {"method": "interest-free/1", "instalments": 6, "anchor_day": 25, "interest_from": "2026-11-24",
              "first_due": "2026-12-25"}  # fmt: skip
    sets = wording.load("cn-repayment"), wording.load("cn-rights")
    build = partial(document.build, offer_sig=offer.sig, canonical=rfc8785.dumps)
    tell(build(wire.parse(bytes(offer.body)), choice, *sets, "zh-hans", str(uuid7())))
    deliver()
    row = Agreement.objects.get()
    assert (row.state, row.codes, row.params) == (State.HELD, ["seal.unprintable"], {"character": "\U0001f600"})
    assert "\U0001f600" in problems.sentence("seal.unprintable", **row.params)
    line = record.timeline(visit.case)[-1]
    assert (line["action"], line["payload"]) == ("agreement.held", {"codes": ["seal.unprintable"]})
    assert not Sealed.objects.exists()


def test_a_paper_that_fails_its_own_test_is_not_kept(ready, tmp_path):
    """Keys brought back from another server's copy: the root that we trust is not the one of the seal."""
    sealkeys.signer()
    root = sealkeys.roots()[0]
    shutil.copy(root, tmp_path / "kept.pem")
    development.development_certificate(tmp_path / "other")
    try:
        shutil.copy(tmp_path / "other" / development.ROOT, root)
        assert sealing.seal_due(now=LATER) == 1
    finally:
        shutil.copy(tmp_path / "kept.pem", root)
    row = Agreement.objects.get()
    assert (row.state, row.codes) == (State.HELD, ["seal.pdf"])
    assert not Sealed.objects.exists()


def test_with_the_worker_down_it_waits_and_is_sealed_later(ready):
    assert not Sealed.objects.exists()
    assert sealing.seal_due(now=LATER + timedelta(days=3)) == 1
    row = Agreement.objects.get()
    assert (row.state, row.sealed.sealed_at) == (State.SEALED, LATER + timedelta(days=3))


def test_the_next_delivery_of_the_visit_nudges_the_worker_again(agreed, tell, deliver, phone, visit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(sealing.seal_waiting), "enqueue", lambda self, *args, **kwargs: None)
        tell(agreed())
        deliver()
    deliver([phone.note(visit, "补一条")])
    assert Agreement.objects.get().state == State.SEALED


def test_a_visit_that_was_opened_again_is_waited_for(ready):
    """A late photo has been announced, and its bytes are not here: no reason to hold what was signed."""
    Visit.objects.update(complete_at=None)
    assert sealing.seal_due(now=LATER) == 0
    assert Agreement.objects.get().state == State.READY
    Visit.objects.update(complete_at=LATER)
    assert sealing.seal_due(now=LATER) == 1
    assert Agreement.objects.get().state == State.SEALED


def test_what_fails_for_a_reason_of_ours_keeps_no_other_waiting(agreed, tell, deliver, no_worker, monkeypatch, caplog):
    first, second = agreed(instalments=6), agreed(instalments=12)
    tell.sign(first, signed=[signature(first, strokes=strokes(1))])
    tell(second)
    deliver()
    real = sealing.settle

    def broken_once(agreement, *, now):
        monkeypatch.setattr(sealing, "settle", real)
        raise RuntimeError(first["parties"]["debtor"]["name"])

    monkeypatch.setattr(sealing, "settle", broken_once)
    assert sealing.seal_due(now=LATER) == 1
    assert "RuntimeError" in caplog.text
    assert "朵拉" not in caplog.text  # an exception may quote what a person said; a log is no place for it
    assert Agreement.objects.get(pk=first["agreement_id"]).state == State.READY
    assert Agreement.objects.get(pk=second["agreement_id"]).state == State.SEALED
    assert sealing.seal_due(now=LATER) == 1
    assert Agreement.objects.get(pk=first["agreement_id"]).codes == ["seal.in_force"]


# --- with no server


def signed_by(raw_key, data, sig):
    """P-256 over SHA-256 from the numbers alone, as a stranger's tool would."""
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw_key)
    der = encode_dss_signature(int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big"))
    public.verify(der, data, ec.ECDSA(hashes.SHA256()))  # raises


def test_the_evidence_in_the_paper_proves_itself_with_no_server(sealed, django_db_blocker):
    paper = read(sealed.pdf)
    with django_db_blocker.block(), pikepdf.open(io.BytesIO(paper)) as pdf:
        raw = pdf.attachments["evidence.json"].get_file().read_bytes()
        evidence = json.loads(raw)
        assert rfc8785.dumps(evidence) == raw
        proposal, signed = evidence["events"]
        for each in (proposal, signed):
            event = rfc8785.dumps(each["event"])
            assert hashlib.sha256(event).hexdigest() == each["sha256"]
            signed_by(wire.unb64url(each["device_public_key"]), event, wire.unb64url(each["signature"]))
        agreement, hand = proposal["event"]["body"]["agreement"], signed["event"]["body"]["signature"]
        assert document.terms_hash(agreement, canonical=rfc8785.dumps) == hand["terms_sha256"]
        assert agreement["schedule"] == schedule.plan(agreement["terms"])
        assert agreement["rendered_text"] == wording.render(evidence["clauses"], wording.facts(agreement))
        for name in ("clauses", "rights_card"):
            assert agreement[name]["sha256"] == hashlib.sha256(rfc8785.dumps(evidence[name])).hexdigest()
        offer = evidence["offer"]
        signed_by(wire.unb64url(offer["public_key"]), rfc8785.dumps(offer["body"]), wire.unb64url(offer["sig"]))
        assert hashlib.sha256(wire.unb64url(offer["public_key"])).hexdigest()[:16] == offer["key_id"]
        assert agreement["offer_sig"] == offer["sig"]
        assert agreement["parties"] == offer["body"]["parties"]
        assert agreement["terms"]["balance"] == offer["body"]["balance"]


def test_the_evidence_is_what_the_phone_sent(sealed):
    events = json.loads(read(sealed.evidence))["events"]
    kept = {row.sha256: bytes(row.bytes) for row in Event.objects.all()}
    assert [wire.canonical(each["event"]) for each in events] == [kept[each["sha256"]] for each in events]


# --- the commands


def test_manage_seal_seals_what_is_due(ready, capsys):
    call_command("seal")
    assert capsys.readouterr().out == "1 settled, 0 still waiting.\n"
    assert Agreement.objects.get().state == State.SEALED
