"""Uploads: resumable after any cut, hashed as a whole, and only then a photo."""

import base64
import io
import random

import pytest

from fieldvisit import blobs, photos, store, wire
from fieldvisit.models import Blob, Photo
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.fieldvisit.test_photos import picture
from tests.phone import Phone

PICTURE = picture((1200, 900), quality=95)


@pytest.fixture(autouse=True)
def empty_folder(settings, tmp_path):
    """Content is stored by its hash, so each story begins with none."""
    settings.FIELDVISIT_DATA = tmp_path


@pytest.fixture
def phone(ana):
    return Phone(ana)


@pytest.fixture
def client(client, sign_in, ana):
    return sign_in(ana)


@pytest.fixture
def saved(phone, visit):
    """A visit with one photo, its events not yet sent."""
    phone.saved = phone.photo(visit, PICTURE)
    phone.ended(visit)
    return phone.saved


@pytest.fixture
def blob(saved):
    return saved.blobs[0]


def offset(response):
    return int(response["Upload-Offset"])


def checksum(data):
    return {"Upload-Checksum": "sha256 " + base64.b64encode(bytes.fromhex(wire.sha256(data))).decode()}


def test_event_then_blob_makes_a_photo_and_a_complete_visit(phone, client, saved, visit):
    phone.post(client)
    visit.refresh_from_db()
    assert visit.ended_at and visit.complete_at is None
    response = phone.upload(client, saved, chunk=10_000)
    assert response.status_code == 204
    photo = Photo.objects.get()
    assert store.path(photo.original.name).read_bytes() == PICTURE and photo.derivative
    visit.refresh_from_db()
    assert visit.complete_at


def test_blob_then_event_makes_the_same(phone, client, saved, visit):
    phone.upload(client, saved)
    assert not Photo.objects.exists()
    phone.post(client)
    visit.refresh_from_db()
    assert Photo.objects.get().derivative and visit.complete_at


def test_one_content_in_two_cases_is_two_photos_each_by_its_own_event(phone, client, saved, visit, make_case, chen):
    from fieldvisit import cases as case_verbs

    case = make_case("别人")
    case_verbs.assign(cases=[case], collector=phone.user, by=chen, now=NOW)
    (other,) = case_verbs.plan_visits(cases=[case], collector=phone.user, second=None, on=NOW.date(), by=chen, now=NOW)
    phone.upload(client, saved)
    phone.photo(other, PICTURE)
    phone.post(client)
    assert {photo.visit for photo in Photo.objects.exclude(taken_in_at=None)} == {visit, other}


def test_the_upload_stands_where_it_was_cut(phone, client, saved, blob):
    assert phone.create(client, blob, saved).status_code == 201
    assert offset(phone.patch(client, blob, 0, blob.sent[:1000])) == 1000
    head = client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())
    assert (head.status_code, offset(head), head["Upload-Length"]) == (200, 1000, str(len(blob.sent)))
    assert head["Cache-Control"] == "no-store"
    again = phone.create(client, blob, saved)
    assert again.status_code == 201 and offset(again) == 1000
    assert offset(phone.patch(client, blob, 1000, blob.sent[1000:])) == len(blob.sent)
    assert store.read(blob.sha256) == PICTURE


@pytest.mark.parametrize("at", [0, 999, 1001, 2000])
def test_a_piece_for_another_place_is_refused_and_nothing_moves(phone, client, saved, blob, at):
    phone.create(client, blob, saved)
    phone.patch(client, blob, 0, blob.sent[:1000])
    assert phone.patch(client, blob, at, blob.sent[at : at + 500]).status_code == 409
    assert offset(client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())) == 1000


def test_a_piece_that_does_not_fit_its_checksum_is_dropped(phone, client, saved, blob):
    phone.create(client, blob, saved)
    good = blob.sent[:5000]
    assert phone.patch(client, blob, 0, good[:-1] + b"?", **checksum(good)).status_code == 460
    assert offset(client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())) == 0
    assert offset(phone.patch(client, blob, 0, good, **checksum(good))) == 5000


def test_a_whole_that_does_not_hash_to_its_name_is_dropped_and_begun_again(phone, client, saved, blob):
    phone.create(client, blob, saved)
    swapped = blob.sent[1000:2000] + blob.sent[:1000] + blob.sent[2000:]
    response = phone.patch(client, blob, 0, swapped)
    assert (response.status_code, response.json()["code"]) == (460, "blob.hash")
    assert offset(client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())) == 0
    assert not store.holds(blob.sha256)
    assert phone.upload(client, saved).status_code == 204
    assert store.holds(blob.sha256)


def test_what_is_whole_stays_whole(phone, client, saved, blob):
    phone.upload(client, saved)
    assert offset(phone.create(client, blob, saved)) == len(blob.sent)
    assert phone.patch(client, blob, 0, blob.sent).status_code == 409
    assert phone.patch(client, blob, len(blob.sent), b"more").status_code == 409
    assert store.read(blob.sha256) == PICTURE


def test_more_than_was_announced_is_refused(phone, client, saved, blob):
    phone.create(client, blob, saved)
    assert phone.patch(client, blob, 0, blob.sent + b"!").status_code == 400
    assert offset(client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())) == 0


def row(phone, blob):
    return blobs.begin(
        device=phone.device, sent_sha256=blob.sent_sha256, sha256=blob.sha256, event_id=None,
        length=len(blob.sent), now=NOW,
    )  # fmt: skip


def cut_after(data, most):
    """A connection that ends after `most` bytes of `data`."""
    stream = io.BytesIO(data[:most])
    return lambda size: stream.read(min(size, 777))


def test_a_cut_connection_leaves_a_true_offset(phone, blob):
    upload = row(phone, blob)
    at = blobs.write(
        blob=upload, at=0, read=cut_after(blob.sent, 3000), announced=len(blob.sent), checksum=None, now=NOW
    )
    assert at == 3000 == blobs.offset(Blob.objects.get(), now=NOW)


def test_a_cut_piece_that_a_checksum_should_vouch_for_does_not_count(phone, blob):
    upload = row(phone, blob)
    whole = bytes.fromhex(wire.sha256(blob.sent))
    with pytest.raises(Refused) as refused:
        blobs.write(
            blob=upload, at=0, read=cut_after(blob.sent, 3000), announced=len(blob.sent), checksum=whole, now=NOW
        )
    assert refused.value.code == "tus.checksum"
    assert blobs.offset(Blob.objects.get(), now=NOW) == 0


def test_a_kill_at_any_moment_loses_no_byte_that_was_confirmed(phone, blob):
    """The process dies after writing and before confirming, or the file is shorter than the row says."""
    rng = random.Random(7)
    upload, at = row(phone, blob), 0
    path = blobs._path(upload)
    while at < len(blob.sent):
        fault = rng.choice(["none", "written, not confirmed", "file lost"])
        if fault == "written, not confirmed" and path.exists():
            with open(path, "ab") as file:
                file.write(b"garbage of a dead process")
        elif fault == "file lost" and path.exists():
            path.write_bytes(path.read_bytes()[: at // 2])
        at = blobs.offset(Blob.objects.get(), now=NOW)
        size = rng.randint(1, 3000)
        piece = blob.sent[at : at + size]
        at = blobs.write(
            blob=Blob.objects.get(), at=at, read=io.BytesIO(piece).read, announced=len(piece), checksum=None, now=NOW
        )
    assert store.read(blob.sha256) == PICTURE and not path.exists()


def test_two_pages_do_not_write_the_same_upload_at_once(phone, blob):
    upload = row(phone, blob)
    with blobs._locked(blobs._path(upload)), pytest.raises(Refused) as refused:
        blobs.write(blob=upload, at=0, read=io.BytesIO(b"x").read, announced=1, checksum=None, now=NOW)
    assert refused.value.code == "tus.locked"


def test_a_page_that_comes_too_late_leaves_no_file_behind(phone, blob):
    """It looked before another page had finished, and opens the file after that one was put away."""
    late, last = row(phone, blob), io.BytesIO(blob.sent).read
    blobs.write(blob=row(phone, blob), at=0, read=last, announced=len(blob.sent), checksum=None, now=NOW)
    with pytest.raises(Refused) as refused:
        blobs.write(blob=late, at=0, read=io.BytesIO(blob.sent).read, announced=1, checksum=None, now=NOW)
    assert refused.value.code == "tus.offset"
    assert not blobs._path(late).exists() and store.read(blob.sha256) == PICTURE


def test_a_crash_before_the_photo_was_looked_at_is_healed_by_the_next_question(phone, client, saved, monkeypatch):
    phone.post(client)
    with monkeypatch.context() as patch:
        patch.setattr(photos, "look", lambda _data: 1 / 0)
        phone.upload(client, saved)
    assert Photo.objects.get().taken_in_at is None
    client.head(f"/sync/blobs/{saved.blobs[0].sent_sha256}", headers=phone.tus())
    assert Photo.objects.get().taken_in_at


@pytest.mark.parametrize("fault", ["sealed for nobody", "other content"])
def test_what_cannot_be_opened_is_kept_and_the_photo_says_why(phone, client, visit, fault):
    saved = phone.photo(visit, PICTURE)
    phone.ended(visit)
    (blob,) = saved.blobs
    if fault == "sealed for nobody":
        blob.sent = bytes(len(blob.sent))
    else:
        from tests.phone import envelope

        blob.sent = envelope(b"something else", blob.sha256, "blob/1")
    blob.sent_sha256 = wire.sha256(blob.sent)
    phone.post(client)
    phone.upload(client, saved)
    photo = Photo.objects.get()
    assert photo.unreadable == ("blob.sealed" if fault == "sealed for nobody" else "blob.other")
    assert store.path(store.name(blob.sent_sha256, "quarantine")).read_bytes() == blob.sent
    visit.refresh_from_db()
    assert visit.complete_at


def test_better_bytes_still_make_the_photo(phone, client, visit):
    from tests.phone import sealed_blob

    saved = phone.photo(visit, PICTURE)
    good, bad = sealed_blob(PICTURE), saved.blobs[0]
    bad.sent = bytes(500)
    bad.sent_sha256 = wire.sha256(bad.sent)
    phone.post(client)
    phone.upload(client, saved)
    saved.blobs = [good]
    phone.upload(client, saved)
    photo = Photo.objects.get()
    assert photo.unreadable == "" and photo.derivative


def test_another_phone_learns_nothing_of_what_this_one_sent(phone, client, saved, blob, ana):
    phone.upload(client, saved)
    other = Phone(ana)
    assert client.head(f"/sync/blobs/{blob.sent_sha256}", headers=other.tus()).status_code == 404
    assert offset(other.create(client, blob, saved)) == 0


def test_method_override_for_webviews_that_block_patch(phone, client, saved, blob):
    phone.create(client, blob, saved)
    response = client.post(
        f"/sync/blobs/{blob.sent_sha256}",
        blob.sent[:100],
        content_type="application/offset+octet-stream",
        headers=phone.tus() | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"},
    )
    assert (response.status_code, offset(response)) == (204, 100)


def begun_with(client, phone, saved, data, **headers):
    """The first piece comes with the creation."""
    return phone.create(client, saved.blobs[0], saved, data=data, **headers)


def test_a_photo_that_comes_with_its_creation_is_whole_at_once(phone, client, saved, blob, visit):
    phone.post(client)
    answer = begun_with(client, phone, saved, blob.sent, **checksum(blob.sent))
    assert (answer.status_code, offset(answer)) == (201, len(blob.sent))
    visit.refresh_from_db()
    assert Photo.objects.get().derivative and visit.complete_at
    again = begun_with(client, phone, saved, blob.sent)
    assert (again.status_code, offset(again)) == (201, len(blob.sent))


def test_what_was_begun_before_goes_on_where_it_stands_whatever_comes_with_the_second_creation(
    phone, client, saved, blob
):
    assert offset(begun_with(client, phone, saved, blob.sent[:100])) == 100
    assert offset(begun_with(client, phone, saved, blob.sent[:200])) == 100
    assert offset(phone.patch(client, blob, 100, blob.sent[100:])) == len(blob.sent)


def test_a_first_piece_that_does_not_fit_is_refused_and_the_upload_stands_at_nothing(phone, client, saved, blob):
    damaged, too_much, other = (blob.sent[:99], checksum(b"x")), (blob.sent + b"x", {}), (bytes(len(blob.sent)), {})
    for status, (data, said) in [(460, damaged), (400, too_much), (460, other)]:
        assert begun_with(client, phone, saved, data, **said).status_code == status
        assert offset(client.head(f"/sync/blobs/{blob.sent_sha256}", headers=phone.tus())) == 0


def test_the_server_says_what_it_can(client):
    response = client.options("/sync/blobs/")
    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0" and response["Tus-Extension"] == "creation,creation-with-upload,checksum"
    assert response["Tus-Checksum-Algorithm"] == "sha256" and response["Tus-Max-Size"] == str(20 * 1024 * 1024)


def test_bad_requests_get_their_status_and_a_sentence(phone, client, saved, blob):
    answers = [
        (412, phone.create(client, blob, saved, **{"Tus-Resumable": "0.2.2"})),
        (413, phone.create(client, blob, saved, **{"Upload-Length": str(20 * 1024 * 1024 + 1)})),
        (400, phone.create(client, blob, saved, **{"Upload-Length": "-1"})),
        (400, phone.create(client, blob, saved, **{"Upload-Length": "0"})),
        (400, phone.create(client, blob, saved, **{"Upload-Length": "٣"})),
        (400, phone.create(client, blob, saved, **{"Upload-Metadata": ""})),
        (400, phone.create(client, blob, saved, **{"Upload-Metadata": "sha256 !!!"})),
        (404, phone.patch(client, blob, 0, b"x")),
        (403, phone.create(client, blob, saved, **{"X-Device": "nonsense"})),
    ]
    phone.create(client, blob, saved)
    answers += [
        (400, phone.patch(client, blob, 0, b"x", **{"Upload-Offset": ""})),
        (400, phone.patch(client, blob, 0, b"x", **{"Upload-Checksum": "md5 AAAA"})),
        (460, phone.patch(client, blob, 0, b"x", **{"Upload-Checksum": "sha256 AAAA"})),
        (415, client.patch(f"/sync/blobs/{blob.sent_sha256}", b"x", headers=phone.tus() | {"Upload-Offset": "0"})),
    ]
    for status, response in answers:
        assert response.status_code == status, response.content
        assert response["X-Fieldvisit-API"] == "1" and response.json()["message"]
        assert response["Tus-Resumable"] == "1.0.0"
    assert answers[0][1]["Tus-Version"] == "1.0.0"
