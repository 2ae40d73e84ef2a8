"""The seal: poppler calls it valid, and nothing that differs from what was sealed is ever called genuine."""

import hashlib
import io
import os
import random
import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
import rfc8785
from asn1crypto import cms
from PIL import Image
from pyhanko.pdf_utils.generic import StreamObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers

from agreements import development, pades, pdf
from agreements.pades import tokens
from tests.agreements import samples, seals


def tool(name, *arguments):
    path = shutil.which(name)
    assert path, f"{name} is missing: sh config/tools.sh"
    return subprocess.run([path, *arguments], check=True, capture_output=True, timeout=60).stdout.decode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seal")
    development.development_certificate(folder)
    return folder


@pytest.fixture(scope="module")
def signer(folder):
    return open_seal(folder)


def open_seal(folder):
    return pades.from_pkcs12(folder / "seal.p12", passphrase=(folder / "seal.passphrase").read_bytes())


@pytest.fixture(scope="module")
def drawn():
    evidence, facts, raw = samples.sample()
    return pdf.render(evidence, facts, evidence_json=raw)


def apply(drawn, signer):
    return pades.seal(drawn.pdf, signer=signer, reason="FV-2026-000001", location="CN", page=drawn.seal_page,
                      box=drawn.seal_box, stamp=pdf.stamp("甲银行"))  # fmt: skip


@pytest.fixture(scope="module")
def sealed(drawn, signer):
    return apply(drawn, signer)


@pytest.fixture(scope="module")
def judge(folder):
    return lambda data: pades.verify(data, roots=[folder / "root.pem"])


def test_what_was_sealed_is_genuine_and_says_loudly_who_sealed_it(sealed, judge):
    verdict = judge(sealed)
    assert (verdict.ok, verdict.intact, verdict.whole_file, verdict.reason) == (True, True, True, "")
    assert "DEVELOPMENT" in verdict.signer
    assert abs(datetime.now(UTC) - verdict.signed_at) < timedelta(minutes=5)
    assert not verdict.timestamped


def test_poppler_agrees(sealed, folder, tmp_path):
    file, store = tmp_path / "sealed.pdf", f"sql:{tmp_path}"
    file.write_bytes(sealed)
    tool("certutil", "-N", "-d", store, "--empty-password")
    tool("certutil", "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", str(folder / "root.pem"))
    says = tool("pdfsig", "-nssdir", store, str(file))
    for words in ("Signature is Valid", "Total document signed", "Certificate is Trusted", "ETSI.CAdES.detached"):
        assert words in says
    assert all(re.search(" yes yes yes ", row) for row in tool("pdffonts", str(file)).splitlines()[2:])
    assert re.search(r"PDF version: +1.7\n", tool("pdfinfo", str(file)))
    assert "8,011.50" in tool("pdftotext", str(file), "-")


def test_qpdf_and_mupdf_read_every_edition(tmp_path):
    for level, paper in (("B-B", seals.sealed()), ("B-T", seals.stamped()), ("B-LTA", seals.archived())):
        file = tmp_path / f"{level}.pdf"
        file.write_bytes(paper)
        assert "No syntax or stream encoding errors found" in tool("qpdf", "--check", str(file))
        assert "DEVELOPMENT SEAL - NOT A REAL SEAL" in tool("mutool", "sign", str(file))
        assert "error" not in tool("mutool", "info", str(file))
        whole = level != "B-LTA"  # of the seal: the archive's timestamp comes after it
        assert ("Total document signed" in tool("pdfsig", str(file)).split("Signature #2")[0]) is whole


def test_every_byte_of_the_evidence_is_under_the_authoritys_time():
    """Three files here, twenty with SOAK=1; each byte changed once."""
    for seed in range(20 if os.environ.get("SOAK") == "1" else 3):
        raw = rfc8785.dumps({"agreement": samples.agreement(count=1 + seed), "signatures": [samples.signature()]})
        token = cms.ContentInfo.load(seals.token(hashlib.sha256(raw).digest()))
        over = tokens.imprint_of(token)
        assert hashlib.sha256(raw).digest() == over
        for place in range(len(raw)):
            assert hashlib.sha256(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]).digest() != over


def test_the_seal_is_drawn_red_in_its_box(sealed, drawn, tmp_path):
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    n = str(drawn.seal_page + 1)
    tool("pdftoppm", "-r", "72", "-f", n, "-l", n, "-png", str(tmp_path / "sealed.pdf"), str(tmp_path / "page"))
    page = Image.open(next(tmp_path.glob("page*.png"))).convert("RGB")
    x0, y0, x1, y1 = drawn.seal_box
    red = [(x, y) for x in range(page.width) for y in range(page.height)
           if page.getpixel((x, y))[0] > page.getpixel((x, y))[1] + 80]
    assert len(red) > 400
    assert all(x0 - 1 <= x <= x1 + 1 and y0 - 1 <= page.height - y <= y1 + 1 for x, y in red)


def test_one_flipped_bit_anywhere_is_refused(sealed, judge):
    """A seeded sample of the file, and of the gap that the signature itself does not cover."""
    rng = random.Random(20261124)
    gap = sealed.rindex(b"<3082"), sealed.rindex(b">", 0, sealed.rindex(b"endobj"))
    places = [0, gap[0], gap[1], len(sealed) - 1, *rng.sample(range(len(sealed)), 150)]
    places += rng.sample(range(gap[0], gap[0] + 2200), 150)
    places += [gap[0] + offset for offset in (51, 52, 66, 82, 1169, 1203, 1259)]  # version, digest list, letter case
    for place in places:
        altered = bytearray(sealed)
        altered[place] ^= 1 << rng.randrange(8)
        assert not judge(bytes(altered)).ok, place


def test_every_other_spelling_of_the_same_signature_is_refused(sealed, judge):
    start = sealed.rindex(b"<3082")
    end = sealed.index(b">", start)
    der = sealed[start + 1:end]
    for other in (der.lower(), der[:-2] + b"01", der[:-2] + b"  "):
        assert len(other) == len(der)
        assert judge(sealed[:start + 1] + other + sealed[end:]).reason in ("not_whole_file", "unreadable")


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%comment\n", b"\n%%EOF\n", b"\x00" * 100, b"%PDF-1.7"])
def test_appended_bytes_are_refused(sealed, judge, tail):
    assert not judge(sealed + tail).ok


@pytest.mark.parametrize("cut", [1, 2, 100, 5000])
def test_a_cut_file_is_refused(sealed, judge, cut):
    assert not judge(sealed[:-cut]).ok


def overlay(sealed):
    """The attack of an incremental update: the first page's content replaced, the signature left as it was."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"1 0 0 rg 0 0 600 800 re f"))
    writer.mark_update(page.container_ref)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_incremental_overlay_is_refused(sealed, judge):
    attacked = overlay(sealed)
    assert attacked.startswith(sealed)
    verdict = judge(attacked)
    assert not verdict.ok
    assert not verdict.whole_file
    assert verdict.reason == "not_whole_file"


def test_a_second_signature_or_another_kind_of_update_is_refused(sealed, judge, signer):
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    fields.append_signature_field(writer, fields.SigFieldSpec("Second", on_page=0, box=(10, 10, 60, 60)))
    out = io.BytesIO()
    writer.write(out)
    assert not judge(out.getvalue()).ok
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        rewritten = io.BytesIO()
        opened.save(rewritten)
    assert not judge(rewritten.getvalue()).ok


def test_an_approval_signature_is_not_a_seal(drawn, judge, signer):
    for certified in ({}, {"certify": True, "docmdp_permissions": fields.MDPPerm.FILL_FORMS}):
        meta = signers.PdfSignatureMetadata(field_name="Any", md_algorithm="sha256", **certified)
        out = signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(drawn.pdf)), meta, signer=signer)
        assert judge(out.getvalue()).reason == "not_certified"


def test_the_seal_of_a_stranger_is_refused(drawn, judge, tmp_path):
    development.development_certificate(tmp_path)
    verdict = judge(apply(drawn, open_seal(tmp_path)))
    assert (verdict.ok, verdict.intact, verdict.reason) == (False, True, "untrusted")


def test_an_expired_seal_is_refused(drawn, tmp_path):
    development.development_certificate(tmp_path, now=datetime.now(UTC) - timedelta(days=800))
    verdict = pades.verify(apply(drawn, open_seal(tmp_path)), roots=[tmp_path / "root.pem"])
    assert verdict.reason == "untrusted"


def test_what_was_never_sealed_is_refused(drawn, judge):
    assert judge(drawn.pdf).reason == "unsigned"
    assert judge(pdf.stamp("甲银行")).reason == "unsigned"
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn.pdf)) as opened:
        opened.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    assert judge(locked.getvalue()).reason == "encrypted"


@pytest.mark.parametrize("data", [
    b"", b"%PDF-1.7", b"\x00" * 5000, b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF", b"PK\x03\x04",
])  # fmt: skip
def test_garbage_is_refused_and_raises_nothing(judge, data):
    assert judge(data).reason == "unreadable"


def test_random_garbage_is_refused(judge):
    rng = random.Random(7)
    assert all(judge(rng.randbytes(rng.randrange(3000))).reason == "unreadable" for _ in range(100))


def test_the_sealed_file_keeps_version_1_7_and_its_evidence(sealed):
    reader = PdfFileReader(io.BytesIO(sealed))
    assert "/Version" not in reader.root or reader.root["/Version"] == "/1.7"
    with pikepdf.open(io.BytesIO(sealed)) as opened:
        assert list(opened.attachments) == ["evidence.json"]
        assert opened.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1


def test_the_development_seal_is_made_once_and_is_private(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    development.development_certificate(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(before) == ["root.crl", "root.pem", "seal.p12", "seal.passphrase"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_passphrase_is_needed(folder):
    with pytest.raises(ValueError, match=r"(?i)password|decrypt|pkcs|mac"):
        pades.from_pkcs12(folder / "seal.p12", passphrase=b"wrong")


@pytest.mark.parametrize(("name", "lines"), [
    ("甲银行股份有限公司", ["甲银", "行印"]), ("甲银行", ["甲银", "行印"]), ("乙", ["乙印"]),
    ("浙江省农村信用联社", ["浙江省农", "村信用联", "社印"]), ("Jia Bank", ["Jia", "Bank"]),
])  # fmt: skip
def test_a_name_fits_its_seal(name, lines):
    assert pdf.seal_lines(name) == lines
    assert pdf.stamp(name) == pdf.stamp(name)
