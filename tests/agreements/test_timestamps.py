"""The time over papers: at once where an authority tells the truth, later where none does, never lost, kept alive."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import cms
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import translation

from agreements import clearances, pades, payments, review, sealing, sealkeys, timestamps
from agreements.models import Agreement, Clearance, ClearanceTimestamp, Over, Sealed, State, Timestamp
from fieldvisit import alarms, history, record, wire
from tests.agreements import seals
from tests.cast import NOW

LATER = NOW + timedelta(minutes=6)
timestamps_write = timestamps.write


class Authority:
    """Down until it is told otherwise, and counts how often it is asked."""

    def __init__(self, name):
        self.name, self.how, self.asked = name, None, 0

    def answer(self, request, *, limit_s):
        self.asked += 1
        if self.how is None:
            raise pades.authorities.Unanswered("down")
        return self.how(request)


@pytest.fixture
def two(monkeypatch):
    pair = Authority("first"), Authority("second")
    monkeypatch.setattr(sealkeys, "authorities", lambda: pair)
    monkeypatch.setattr(sealkeys, "timestamp_roots", lambda: seals.roots()["timestamp_roots"])
    monkeypatch.setattr(sealkeys, "proof", lambda: pades.Proof(
        roots=sealkeys.roots(), timestamp_roots=sealkeys.timestamp_roots(),
        crls=[sealkeys.roots()[0].with_name("root.crl"), seals.folder("time") / "root.crl"]))  # fmt: skip
    monkeypatch.setattr(timestamps, "_resting", {})
    return pair


@pytest.fixture
def sealed(agreed, tell, deliver):
    tell(agreed())
    deliver()
    return Sealed.objects.select_related("agreement__case").get()


def good(request):
    return seals.authority(seals.folder("time")).answer(request)


def lies(how):
    return lambda request: how(request, seals.authority(seals.folder("time")))


def sentences(user, now):
    with translation.override("en"):
        return [str(line) for line in alarms.watch(user, now).lines]


def overs(sealed):
    return list(sealed.timestamps.values_list("over", flat=True))


def test_a_paper_has_three_times_and_three_editions_of_one_beginning(sealed):
    assert overs(sealed) == [Over.EVIDENCE, Over.SEAL, Over.ARCHIVE]
    assert sealed.timestamp_at == sealed.timestamps.get(over=Over.SEAL).at
    first, last = read(sealed), timestamps.read(sealed)
    assert last.startswith(first) and len(last) > len(first)
    assert [timestamps.verify(paper).level for paper in (first, last)] == ["B-T", "B-LTA"]
    for paper in (first, last):
        assert timestamps.edition(wire.sha256(paper)) == sealed


def read(sealed):
    with sealed.pdf.open() as file:
        return file.read()


def test_the_token_over_the_evidence_lies_in_the_paper_and_proves_it(sealed):
    with pikepdf.open(io.BytesIO(read(sealed))) as pdf:
        raw, token = (pdf.attachments[name].get_file().read_bytes() for name in ("evidence.json", "evidence.tst"))
        assert [str(spec.UF) for spec in pdf.Root.AF] == ["evidence.json", "evidence.tst"]
    assert token == bytes(sealed.timestamps.get(over=Over.EVIDENCE).token)
    info = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == hashlib.sha256(raw).digest()


def test_the_second_authority_answers_for_the_first(two, agreed, tell, deliver):
    two[1].how = good
    tell(agreed())
    deliver()
    paper = Sealed.objects.get()
    assert overs(paper) == [Over.EVIDENCE, Over.SEAL, Over.ARCHIVE]
    assert set(paper.timestamps.values_list("authority", flat=True)) == {"second"}
    assert two[0].asked == 2  # sealing leaves it alone once it has failed; the chore asks again


@pytest.mark.parametrize("lie", ["nonce", "imprint", "untrusted", "late", "garbage"])
def test_a_liar_is_passed_over(two, lie, agreed, tell, deliver):
    two[0].how, two[1].how = lies(getattr(seals.Lying, lie)), good
    tell(agreed())
    deliver()
    assert timestamps.verify(read(Sealed.objects.get())).level == "B-T"


def test_with_every_authority_down_it_is_sealed_and_pending_then_stamped_with_the_same_signature(
    two, agreed, tell, deliver
):
    tell(agreed())
    deliver()
    paper = Sealed.objects.select_related("agreement__case").get()
    assert (paper.agreement.state, paper.timestamp_at, overs(paper)) == (State.SEALED, None, [])
    before = read(paper)
    assert timestamps.verify(before).level == "B-B"
    assert timestamps.keep(now=LATER) == timestamps.Done(0, 0, 2)
    two[0].how = good
    assert timestamps.keep(now=LATER) == timestamps.Done(1, 1, 0)
    paper.refresh_from_db()
    assert overs(paper) == [Over.EVIDENCE, Over.SEAL, Over.ARCHIVE]
    assert paper.timestamp_at == paper.timestamps.get(over=Over.SEAL).at
    with paper.timestamps.get(over=Over.SEAL).pdf.open() as file:
        after = file.read()
    assert pades.imprint(after) == pades.imprint(before)
    assert timestamps.verify(timestamps.read(paper)).level == "B-LTA"
    assert timestamps.keep(now=LATER) == timestamps.Done(0, 0, 0)
    # every edition that was ever handed out is still known
    assert {timestamps.edition(wire.sha256(each)) for each in (before, after)} == {paper}
    assert record.verify(paper.agreement.case) == []


def test_what_is_pending_for_a_day_is_an_alarm(two, agreed, tell, deliver, chen):
    tell(agreed())
    deliver()
    paper = Sealed.objects.get()
    told = {hours: sentences(chen, paper.sealed_at + timedelta(hours=hours)) for hours in (23, 25)}
    assert not any("authority" in line for line in told[23])
    assert any("without an authority's time for 24 h: 1" in line for line in told[25])
    assert any("not archived" in line for line in told[25])


def test_a_signed_agreement_that_waits_a_day_for_its_seal_is_an_alarm(agreed, tell, deliver, chen, monkeypatch):
    """The key's service is down: the agreement stays ready, and is sealed when it is back."""
    def down():
        raise pades.Unavailable("the signing service")

    with monkeypatch.context() as patch:
        patch.setattr(sealkeys, "signer", down)
        tell(agreed())
        deliver()
    row = Agreement.objects.get()
    assert row.state == State.READY
    told = sentences(chen, row.state_at + timedelta(hours=25))
    assert any("waited 24 h for the seal: 1" in line for line in told)
    assert sealing.seal_due(now=LATER) == 1
    assert Agreement.objects.get().state == State.SEALED


def test_an_archive_is_renewed_before_it_ends_and_not_earlier(sealed):
    ends = sealed.timestamps.get(over=Over.ARCHIVE).good_until
    assert timestamps.keep(now=ends - timedelta(days=91)) == timestamps.Done(0, 0, 0)
    assert timestamps.keep(now=ends - timedelta(days=89)) == timestamps.Done(0, 1, 0)
    assert overs(sealed).count(Over.ARCHIVE) == 2
    verdict = timestamps.verify(timestamps.read(sealed))
    assert (verdict.ok, verdict.level, len(verdict.archive)) == (True, "B-LTA", 2)


def test_an_edition_that_comes_while_the_desk_looks_is_no_alteration(sealed, monkeypatch):
    ends, verify = sealed.timestamps.get(over=Over.ARCHIVE).good_until, timestamps.verify

    def meanwhile(paper):
        monkeypatch.setattr(timestamps, "verify", verify)
        assert timestamps.keep(now=ends - timedelta(days=89)) == timestamps.Done(0, 1, 0)
        return verify(paper)

    monkeypatch.setattr(timestamps, "verify", meanwhile)
    (panel,) = review.panels(sealed.agreement.visit)
    assert panel["context"]["verdict"].ok
    assert overs(sealed).count(Over.ARCHIVE) == 2


def test_without_a_list_of_what_was_revoked_nothing_is_archived(two, agreed, tell, deliver, monkeypatch):
    two[0].how = good
    nothing = pades.Proof(roots=sealkeys.roots(), timestamp_roots=sealkeys.timestamp_roots())
    monkeypatch.setattr(sealkeys, "proof", lambda: nothing)
    tell(agreed())
    deliver()
    paper = Sealed.objects.get()
    assert overs(paper) == [Over.EVIDENCE, Over.SEAL]
    assert timestamps.keep(now=LATER).failed == 1


def test_a_paper_whose_file_was_changed_is_not_archived_over(two, agreed, tell, deliver):
    tell(agreed())
    deliver()
    two[0].how = good
    paper = Sealed.objects.get()
    with open(paper.pdf.path, "r+b") as file:
        file.seek(2000)
        file.write(b"X")
    done = timestamps.keep(now=LATER)
    assert (done.archived, overs(paper)) == (0, [Over.EVIDENCE])


def test_two_workers_keep_one_edition(sealed):
    token = pades.ask(sealkeys.authorities()[0], hashlib.sha256(b"x").digest(), roots=sealkeys.timestamp_roots())
    assert timestamps._add(sealed, Over.SEAL, token, LATER, read(sealed)) is False
    assert timestamps._add(sealed, Over.ARCHIVE, token, LATER, read(sealed), after=sealed) is False
    assert Timestamp.objects.count() == 3


@pytest.fixture
def certificate(sealed):
    agreement, on = sealed.agreement, NOW + timedelta(days=26)
    fen = payments.plan_of(agreement, on).total_fen
    payments.record_payment(case=agreement.case, reference="R", fen=fen, paid_on=on.date(), by=None, now=on)
    return clearances.issue(agreement=agreement, now=on)


def test_a_certificate_is_archived_and_renewed_like_an_agreement(certificate, sealed):
    assert overs(certificate) == [Over.SEAL]
    soon = NOW + timedelta(days=27)
    assert timestamps.keep(now=soon) == timestamps.Done(0, 1, 0)
    assert timestamps.verify(timestamps.read(certificate)).level == "B-LTA"
    assert timestamps.edition(wire.sha256(timestamps.read(certificate))) == certificate
    ends = certificate.timestamps.get(over=Over.ARCHIVE).good_until
    assert timestamps.keep(now=ends - timedelta(days=89)).archived == 2  # the agreement's own paper too
    assert overs(certificate) == [Over.SEAL, Over.ARCHIVE, Over.ARCHIVE]
    assert record.verify(certificate.agreement.case) == []


def test_a_certificate_of_an_earlier_release_has_no_row_of_its_time_and_is_archived(monkeypatch, request):
    with monkeypatch.context() as patch:
        patch.setattr(clearances.timestamps, "write", lambda row, *rest, **more: None if isinstance(row, Clearance) else
                      timestamps_write(row, *rest, **more))  # fmt: skip
        certificate = request.getfixturevalue("certificate")
    assert overs(certificate) == []
    assert timestamps.keep(now=LATER) == timestamps.Done(0, 1, 0)
    assert (overs(certificate), timestamps.verify(timestamps.read(certificate)).level) == ([Over.ARCHIVE], "B-LTA")
    assert timestamps.keep(now=LATER) == timestamps.Done(0, 0, 0)


def test_what_an_authority_said_is_never_changed(sealed, certificate):
    for change in (lambda: Timestamp.objects.update(authority="x"), lambda: Timestamp.objects.all().delete(),
                   lambda: ClearanceTimestamp.objects.update(authority="x"),
                   lambda: ClearanceTimestamp.objects.all().delete()):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_manage_timestamps(two, agreed, tell, deliver, capsys):
    tell(agreed())
    deliver()
    two[1].how = good
    call_command("timestamps")
    assert capsys.readouterr().out == "1 stamped, 1 archived, 0 failed; 0 pending, 0 to archive.\n"


def test_the_record_has_words_for_each_time(sealed, visit):
    lines = history.of_cases([visit.case], NOW)[visit.case_id]
    assert {"agreement.timestamp.archive"} <= {line["action"] for line in lines}
    assert [line["action"] for line in lines if line["title"] == line["action"]] == []


def test_years_later_the_archive_still_proves_it_and_a_bare_seal_does_not():
    """A seal of two years ago, archived then and renewed since; its certificate has expired long ago."""
    then = datetime.now(UTC) - timedelta(days=720)
    seal, old = seals.folder("seal", days_ago=721), seals.folder("time", days_ago=721)
    new = seals.folder("time")
    roots = {"roots": [seal / "root.pem"], "timestamp_roots": [old / "root.pem", new / "root.pem"]}
    proof = pades.Proof(**roots, crls=[where / "root.crl" for where in (seal, old, new)])

    def early(digest):
        return pades.ask(seals.authority(old, fixed_dt=then), digest, roots=roots["timestamp_roots"],
                         clock=lambda: then).der  # fmt: skip

    bare = seals.sealed(seals.signer(seal))
    bare = pades.stamped(bare, token=early(pades.imprint(bare)))
    first = pades.archived(bare, take=early, proof=proof)
    renewed = pades.archived(first, take=lambda digest: pades.ask(
        seals.authority(new), digest, roots=roots["timestamp_roots"]).der, proof=proof)  # fmt: skip
    verdict = pades.verify(renewed, **roots)
    assert (verdict.ok, verdict.signed_at.date(), len(verdict.archive)) == (True, then.date(), 2)
    next_year = datetime.now(UTC) + timedelta(days=365)
    assert pades.verify(renewed, **roots, now=next_year).ok
    assert [pades.verify(paper, **roots, now=next_year).reason for paper in (bare, first)] == ["untrusted"] * 2
    # and with the renewal's own certificates at their end, it is over
    assert pades.verify(renewed, **roots, now=next_year + timedelta(days=370)).reason == "untrusted"
