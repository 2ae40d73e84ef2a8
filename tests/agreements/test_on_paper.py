"""Signed by hand: the printed text has the hash of the proposal; somebody looks at the pages before the seal."""

import io
from datetime import timedelta

import pikepdf
import pytest
from PIL import Image

from agreements import decisions, pdf, printed, sealing, timestamps
from agreements.models import Agreement, State
from agreements.rules import document
from fieldvisit import photos, store, wire
from fieldvisit.models import Photo
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import NEITHER


def jpeg(shade):
    out = io.BytesIO()
    Image.new("RGB", (300, 400), (shade, shade, shade)).save(out, "JPEG")
    return out.getvalue()


def pages_of(agreement):
    facts = {"number": "FV-0", "check_code": "0", "terms_sha256": "0" * 64, "verify_url": "https://x/d/0",
             "clocks": [{"event": "proposed", "corrected": NOW.isoformat()}]}  # fmt: skip
    return pdf.blank(agreement, facts)[1]


@pytest.fixture
def by_hand(agreed, tell, phone, visit, deliver):
    """by_hand(n) → Dora signs a paper of which n photos are taken; None: as many as there are pages."""

    def told(n=None):
        agreement = agreed(instalments=3)
        n = n or pages_of(agreement)
        shots = [jpeg(10 * page) for page in range(n)]
        phone.started(visit)
        tell.consent()
        phone.note(visit)
        proposal = phone.append("agreement.proposed/1", {"agreement": agreement}, visit=visit)
        body = {"kind": "paper", "width": 300, "height": 400} | NEITHER
        for page, shot in enumerate(shots, 1):
            phone.append("visit.photo/1", body | {"caption": str(page)}, visit=visit, blobs=[shot])
        (signer,) = agreement["required_signers"]
        signature = {
            "schema": "signature-paper/1", "agreement_id": agreement["agreement_id"],
            "terms_sha256": document.terms_hash(agreement, canonical=wire.canonical),
            "signer": signer | {"id_check": "seen:id-card"}, "ink": "hand-and-fingerprint", "pages": n,
            "collectors": ["ana", "bruno"], "photos": [wire.sha256(shot) for shot in shots],
        }  # fmt: skip
        phone.append("signature.captured/1", {"signature": signature}, visit=visit, depends_on=[proposal])
        phone.ended(visit)
        deliver()
        for shot in shots:
            store.put(store.name(wire.sha256(shot)), shot)
            photos.arrived(wire.sha256(shot))
        deliver([])
        return Agreement.objects.get()

    return told


def settled(row):
    sealing.seal_due(now=NOW + timedelta(hours=1))
    row.refresh_from_db()
    return row


def test_a_paper_is_sealed_with_its_photos_once_somebody_of_the_office_has_seen_every_page(by_hand, ana, olga):
    row = settled(by_hand())
    assert (row.state, row.codes) == (State.HELD, ["seal.paper_unseen"])
    at = NOW + timedelta(hours=2)
    for who, ticks, code in ((olga, (True, False), "agreement.paper"), (ana, (True, True), "agreement.own")):
        with pytest.raises(Refused) as refused:
            decisions.paper_seen(agreement=row, complete=ticks[0], same=ticks[1], by=who, now=at)
        assert refused.value.code == code
    row = decisions.paper_seen(agreement=row, complete=True, same=True, by=olga, now=at)
    assert row.state == State.SEALED, row.codes
    paper = timestamps.content(timestamps.newest(row.sealed))
    assert timestamps.verify(paper).ok
    with pikepdf.open(io.BytesIO(paper)) as made:
        names = [name for name in made.attachments if name.startswith("page-")]
        assert names == [f"page-{n:02d}.jpg" for n in range(1, printed.pages(row) + 1)]
        kept = made.attachments["page-01.jpg"].get_file().read_bytes()
    assert wire.sha256(kept) == Photo.objects.order_by("event__seq").first().sha256


def test_a_page_too_few_is_said_and_no_tick_of_the_office_lets_it_pass(by_hand, olga):
    row = settled(by_hand(1))
    assert row.codes == ["seal.paper_pages", "seal.paper_unseen"]
    row = decisions.paper_seen(agreement=row, complete=True, same=True, by=olga, now=NOW + timedelta(hours=2))
    assert (row.state, row.codes) == (State.HELD, ["seal.paper_pages"])


def test_the_printed_text_bears_the_code_and_the_hash_on_every_page(by_hand):
    row = by_hand()
    with pikepdf.open(io.BytesIO(printed.text(row))) as made:
        assert len(made.pages) == printed.pages(row) > 1
        assert document.check_code(row.terms_sha256) in str(made.open_metadata()["dc:title"])
