"""What a stranger learns: whether a paper is genuine and how far it has come; nothing about a person, at any time."""

import io
import re
import resource
import zlib
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import pades, pdf, portal, proposals, sealkeys, timestamps
from agreements.models import Agreement, Sealed, State
from agreements.rules import document
from fieldvisit.models import Entry
from tests.cast import NOW
from tests.fieldvisit.test_review import jpeg

from . import samples
from .conftest import signature, strokes

# What must not stand on any page for strangers: name, identity, telephone, address, account, sums, contract, people.
SECRETS = [
    "朵拉", "197404224076", "330105", "********4076", "19000000006", "190****0006", "济南街", "11113306", "8,011.50",
    "801150", "7,175", "717585", "667.6", "LC000000", "双敏", "Ana", "ana", "Bruno", "ZH-2026-001",
]  # fmt: skip


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def link(offer):
    return reverse("copy", args=[proposals.copy_token(offer)])


@pytest.fixture
def sealed(agreed, tell, deliver):
    tell(agreed())
    deliver()
    return Sealed.objects.select_related("agreement").get()


@pytest.fixture
def paper(sealed):
    with sealed.pdf.open() as file:
        return file.read()


def page(response, status=200):
    """The text of a page, after looking that it tells nothing and is kept nowhere."""
    assert response.status_code == status, response.content[:300]
    text = response.content.decode()
    # hashes, tokens and codes are random: they may hold any four digits
    bare = re.sub(r"[0-9a-f]{32,}|[0-9A-F]{4}(-[0-9A-F]{4}){3}|csrfmiddlewaretoken\S* value=\S+", "", text)
    assert [secret for secret in SECRETS if secret in bare] == []
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in text
    return text


# --- by the link


def test_the_link_before_anything_came(client, link):
    assert "Not yet received" in page(client.get(link))


def test_a_proposal_that_nobody_signed_yet_is_not_received(client, link, agreed, tell, deliver):
    deliver(tell(agreed())[:4])
    assert Agreement.objects.get().state == State.COLLECTING
    assert "Not yet received" in page(client.get(link))


def test_signed_and_not_sealed_yet(client, link, agreed, tell, deliver):
    agreement = agreed()
    deliver(tell(agreement)[:-1])
    text = page(client.get(link))
    assert "Received, being checked" in text
    assert "no effect until the creditor has sealed it" in text
    assert document.check_code(signature(agreement)["terms_sha256"]) in text


def test_signed_and_never_sealed_in_time(client, link, agreed, tell, deliver):
    """By its own words it has lapsed: the page must not say "being checked" for ever."""
    deliver(tell(agreed())[:-1])
    token = link.rsplit("/", 1)[1]
    assert portal.by_token(token, now=NOW + timedelta(days=7)).state == "checking"
    assert portal.by_token(token, now=NOW + timedelta(days=8)).state == "lapsed"


def test_held_looks_like_being_checked(client, link, agreed, tell, deliver):
    """That a reviewer doubts something is not for whoever holds the link."""
    agreement = agreed()
    tell(agreement, signed=[signature(agreement, photos=["0" * 64])])
    deliver()
    assert Agreement.objects.get().state == State.HELD
    text = page(client.get(link))
    assert "Received, being checked" in text
    assert "photo that" not in text


def test_sealed(client, link, sealed):
    text = page(client.get(link))
    assert "甲银行股份有限公司 has sealed" in text
    assert sealed.agreement.number in text
    assert document.check_code(sealed.terms_sha256) in text


def test_refused(client, link, agreed, tell, deliver, phone, visit):
    agreement = agreed()
    tell.sign(agreement, signed=[])
    body = {"agreement_id": agreement["agreement_id"], "terms_sha256": signature(agreement)["terms_sha256"],
            "reason": "cannot_pay", "text": "没有钱"}  # fmt: skip
    phone.append("signature.refused/1", body, visit=visit, depends_on=[phone.outbox[-1]])
    phone.ended(visit)
    deliver()
    text = page(client.get(link))
    assert "You did not sign an agreement" in text
    assert "没有钱" not in text


def test_one_plan_refused_and_another_signed(client, link, agreed, tell, deliver, phone, visit):
    first = agreed(instalments=6)
    tell.sign(first, signed=[])
    body = {"agreement_id": first["agreement_id"], "terms_sha256": None, "reason": "cannot_pay", "text": ""}
    phone.append("signature.refused/1", body, visit=visit)
    tell(agreed(instalments=24))
    deliver()
    assert "has sealed" in page(client.get(link))


def test_every_state_in_chinese_too(link, agreed, tell, deliver):
    client = Client(headers={"accept-language": "zh-hans"})
    events = tell(agreed())
    page(client.get(link))
    deliver(events[:-1])
    page(client.get(link))
    deliver(events[-1:])
    page(client.get(link))


@pytest.mark.parametrize("token", ["0" * 64, "x", "a" * 500, "%00", "' OR 1=1 --"])
def test_a_link_that_was_never_given(client, offer, token):
    assert client.get(reverse("copy", args=[token])).status_code == 404


def test_the_number_of_the_offer_is_no_link(client, offer):
    for guess in (str(offer.pk), offer.pk.hex, offer.copy_token_sha256):
        assert client.get(reverse("copy", args=[guess])).status_code == 404


def test_looking_changes_nothing(client, link, sealed):
    """Link previews open a link before people do."""
    code = document.check_code(sealed.terms_sha256)
    for url in (link, reverse("verify"), reverse("verify") + f"?code={code}"):
        for look in (client.head, client.get, client.get):
            with CaptureQueriesContext(connection) as queries:
                assert look(url).status_code == 200
            assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
    assert client.cookies.keys() <= {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_link_can_only_be_looked_at(client, link, method):
    assert getattr(client, method)(link).status_code == 405


def test_the_link_is_told_to_no_other_site(client, link):
    response = client.get(link)
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex"


# --- by the check code


def test_by_code_in_any_writing(client, sealed):
    code = document.check_code(sealed.terms_sha256)
    bare = code.replace("-", "")
    for writing in (code, code.lower(), bare, f" {code} ", *(code.replace("-", dash) for dash in " －–")):
        text = page(client.get(reverse("verify"), {"code": writing}))
        assert "has sealed an agreement with this check code" in text
        assert sealed.agreement.number in text


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "7F3A", "zzzz", "7" * 500, "\x00", "%", "傅琳", "-"])
def test_by_a_code_that_is_none(client, sealed, code):
    assert "No sealed paper has this check code" in page(client.get(reverse("verify"), {"code": code}))


def test_a_code_is_looked_up_only_whole(client, sealed):
    for length in (4, 8, 12, 15):
        text = page(client.get(reverse("verify"), {"code": sealed.terms_sha256[:length]}))
        assert "No sealed paper has this check code" in text


def test_a_held_agreement_has_no_sealed_paper(client, agreed, tell, deliver):
    agreement = agreed()
    tell(agreement, signed=[signature(agreement, photos=["0" * 64])])
    deliver()
    code = document.check_code(signature(agreement)["terms_sha256"])
    assert "No sealed paper has this check code" in page(client.get(reverse("verify"), {"code": code}))


@pytest.mark.parametrize("square", [
    "{link}", "https://repay.example{link}", "{code}", "https://repay.example/d/" + "x" * 43, "https://evil.example/",
])  # fmt: skip
def test_by_the_square_on_the_paper(client, sealed, link, square):
    code = sealed.terms_sha256[:16]
    text = square.format(link=link, code=code)
    said = page(client.post(reverse("verify"), {"square": text}))
    known = square in ("https://repay.example{link}", "{code}")
    assert ("Sealed" in said, "leads to no agreement" in said) == (known, not known)
    assert ("a square can be copied" in said) == known


def test_no_code_asks_for_one(client, db):
    for url in (reverse("verify"), reverse("verify") + "?code=", reverse("verify") + "?code=%20"):
        text = page(client.get(url))
        assert "This paper" not in text
        assert "No sealed paper" not in text


# --- by the file


def send(client, data, name="paper.pdf", status=200):
    return page(client.post(reverse("verify"), {"file": SimpleUploadedFile(name, data, "application/pdf")}), status)


def files():
    return {path for path in settings.FIELDVISIT_DATA.rglob("*") if path.is_file() and "sqlite" not in path.name}


def test_the_genuine_paper(client, sealed, paper):
    text = send(client, paper)
    assert "This paper is genuine" in text
    assert sealed.agreement.number in text


def test_an_altered_byte(client, paper):
    middle = len(paper) // 3
    altered = paper[:middle] + bytes([paper[middle] ^ 1]) + paper[middle + 1 :]
    text = send(client, altered)
    assert "This paper is genuine" not in text
    assert "This paper was changed after it was sealed" in text or "This is not a paper that was sealed here" in text


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF\n", b"1 0 obj\nnull\nendobj\n"])
def test_appended_bytes(client, paper, tail):
    text = send(client, paper + tail)
    assert "This paper is genuine" not in text


def test_a_page_written_over_by_a_later_revision(client, paper):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        del pdf.pages[-1]
        pdf.save(out)
    assert "This paper is genuine" not in send(client, out.getvalue())


def test_a_paper_of_ours_that_is_in_no_book(client, sealed):
    """The seal holds, but nothing here knows of it: a key used behind our back."""
    evidence, known, raw = samples.sample()
    drawn = pdf.render(evidence, known, evidence_json=raw)
    behind = pades.seal(drawn.pdf, signer=sealkeys.signer(), reason="FV-1", location="CN", page=drawn.seal_page,
                        box=drawn.seal_box, stamp=pdf.stamp("甲银行"))  # fmt: skip
    assert timestamps.verify(behind).ok
    assert "This is not a paper that was sealed here" in send(client, behind)


def foreign():
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [foreign(), jpeg(), b"x", b"%PDF-1.7\n%%EOF", b"\x00" * 4096], ids=["pdf", "photo", "x", "head", "zeros"]
)
def test_what_was_never_sealed_here(client, sealed, data):
    assert "This is not a paper that was sealed here" in send(client, data)


def unpacking(megabytes):
    """A PDF whose cross-reference stream unpacks to this much."""
    packer, megabyte = zlib.compressobj(), bytes(1 << 20)
    packed = b"".join(packer.compress(megabyte) for _ in range(megabytes)) + packer.flush()
    head = b"<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Filter/FlateDecode/Length %d>>" % len(packed)
    return b"%PDF-1.7\n1 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"


def test_a_file_that_unpacks_without_end_is_not_unpacked(client, sealed):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "This is not a paper that was sealed here" in send(client, unpacking(400))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024  # KiB


def test_no_file_and_an_empty_one(client, db):
    text = page(client.post(reverse("verify")), 422)
    assert "Choose the PDF first." in text
    assert 'aria-invalid="true"' in text
    assert "This file is empty." in send(client, b"", status=422)


def test_a_file_that_is_too_large(client, db):
    before = files()
    assert "larger than 20 MB" in send(client, b"%PDF" + bytes(21 * 1024 * 1024), status=422)
    assert files() == before


def test_nothing_of_the_file_is_kept(client, sealed, paper):
    before, entries = files(), Entry.objects.count()
    with CaptureQueriesContext(connection) as queries:
        send(client, paper)
        send(client, paper + bytes(5 * 1024 * 1024))  # more than is held in memory
        send(client, b"%PDF secret", name="朵拉.pdf")
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
    assert files() == before
    assert Entry.objects.count() == entries


def test_a_post_from_another_site_is_refused(sealed, paper):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("verify"), {"file": SimpleUploadedFile("paper.pdf", paper)})
    assert response.status_code == 403


# --- the command


def test_manage_verify(sealed, paper, tmp_path, capsys):
    genuine, altered = tmp_path / "a.pdf", tmp_path / "b.pdf"
    genuine.write_bytes(paper)
    altered.write_bytes(paper + b" ")
    call_command("verify", genuine)
    out = capsys.readouterr().out
    assert "genuine" in out
    assert sealed.agreement.number in out
    with pytest.raises(CommandError, match=r"b\.pdf: (altered|foreign)"):
        call_command("verify", altered)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify", tmp_path / "nothing.pdf")


def test_the_answer_of_a_file_names_its_book_entry(sealed, paper):
    answer = portal.by_file(paper, now=NOW)
    assert (answer.state, answer.pdf_sha256, answer.sealed_at) == ("genuine", sealed.pdf_sha256, sealed.sealed_at)
    assert sealkeys.roots()[0].is_file()


def test_two_signed_on_one_offer_show_the_sealed_one(client, link, agreed, tell, deliver):
    first, second = agreed(instalments=6), agreed(instalments=12)
    tell.sign(first, signed=[signature(first, strokes=strokes(1))])
    tell(second)
    deliver()
    assert Agreement.objects.get(state=State.SEALED).number in page(client.get(link))
