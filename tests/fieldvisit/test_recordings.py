"""The sound of a visit: announced, recorded piece by piece, complete when it is here, heard at the desk only."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from fieldvisit import course, record, recorders, recordings, review, store
from fieldvisit.models import PhotoOrder, Recorder, RecorderFile, Recording, Visit
from fieldvisit.problems import Refused
from tests.cast import NOW
from tests.phone import Phone

WEBM = b"\x1aE\xdf\xa3"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def phone(ana):
    return Phone(ana)


def sound(*more):
    """Pieces that nobody sent before: files are kept by their hash, beyond the end of a test."""
    return (WEBM + uuid4().bytes, *more)


def send(client, phone, saved):
    phone.deliver([saved])
    return phone.upload(client, saved)


def seen(visit):
    (gathered,) = review.gather(Visit.objects.filter(pk=visit.pk))
    return gathered


def raised(visit):
    return {flag.code: flag.sentence for flag in review.flags_of(seen(visit)) if flag.level != "ok"}


# --- what the phone recorded


def test_the_pieces_become_one_file_that_can_be_heard(visit, phone, ana, client, sign_in, olga):
    pieces = sound(b"second", b"third")
    saved = phone.recording(visit, pieces, started_at=NOW)
    assert send(sign_in(ana), phone, saved).status_code == 204
    recording = Recording.objects.get()
    assert (recording.unreadable, recording.mime, recording.duration_ms) == ("", "audio/webm", 9000)
    assert recording.at == NOW and store.path(recording.sound.name).read_bytes() == b"".join(pieces)
    assert recording.sound_sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()
    assert store.path(recording.original.name).read_bytes() == saved.blobs[0].plain
    heard = sign_in(olga).get(f"/office/recordings/{recording.pk}")
    assert heard.content == b"".join(pieces) and heard["Content-Type"] == "audio/webm"
    assert (heard["Cache-Control"], heard["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert "media-src 'self'" in heard["Content-Security-Policy"]
    assert [line["action"] for line in record.timeline(visit.case)][-1] == "recording.received"


@pytest.mark.parametrize(
    ("asked", "status", "said", "where"),
    [
        ("bytes=0-3", 206, WEBM, "bytes 0-3/20"),
        ("bytes=16-", 206, b"last", "bytes 16-19/20"),
        ("bytes=-4", 206, b"last", "bytes 16-19/20"),
        ("bytes=0-", 200, None, None),
        ("bytes=20-", 416, b"", "bytes */20"),
        ("lines=1-2", 200, None, None),
    ],
)
def test_a_player_may_ask_for_a_part(visit, phone, ana, olga, sign_in, asked, status, said, where):
    pieces = (WEBM + uuid4().bytes[:12], b"last")
    send(sign_in(ana), phone, phone.recording(visit, pieces))
    answer = sign_in(olga).get(f"/office/recordings/{Recording.objects.get().pk}", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (status, b"".join(pieces) if said is None else said)
    assert answer.get("Content-Range") == where


def test_a_visit_is_complete_only_when_its_recording_is_here(visit, phone, ana, sign_in):
    phone.started(visit)
    phone.consent(visit)
    saved = phone.recording(visit, sound())
    phone.ended(visit)
    phone.deliver()
    visit.refresh_from_db()
    assert visit.ended_at and not visit.complete_at
    assert course.missing(seen(visit)) == "waiting for recordings: 1"
    assert raised(visit)["FV-REC-02"] == "Recordings that have not arrived yet: 1"
    phone.upload(sign_in(ana), saved)
    visit.refresh_from_db()
    assert visit.complete_at and "FV-REC-02" not in raised(visit)


def test_the_bytes_may_come_before_their_event(visit, phone, ana, sign_in):
    saved = phone.recording(visit, sound())
    phone.upload(sign_in(ana), saved)
    phone.deliver()
    assert Recording.objects.get().sound


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"digest": "0" * 64}, "recording.other"),
        ({"segment": str(uuid4())}, "recording.sealed"),  # pieces of another segment
    ],
)
def test_pieces_that_the_event_does_not_name_are_kept_and_not_played(visit, phone, ana, sign_in, change, code):
    send(sign_in(ana), phone, phone.recording(visit, sound(), body=change))
    recording = Recording.objects.get()
    assert (recording.unreadable, bool(recording.sound), bool(recording.original)) == (code, False, True)
    assert raised(visit)["FV-REC-03"]


@pytest.mark.parametrize("data", [b"RIFF....WAVE", b"<svg onload=alert(1)>", b"%PDF-1.7", b"ID3", b""])
def test_what_is_no_recording_by_its_first_bytes_is_not_played(visit, phone, ana, sign_in, data):
    send(sign_in(ana), phone, phone.recording(visit, (data, uuid4().bytes)))
    assert Recording.objects.get().unreadable == "recording.kind"


@pytest.mark.parametrize("head", [WEBM, b"OggS", b"\x00\x00\x00\x1cftypiso5"])
def test_webm_ogg_and_mp4_are_recordings(visit, phone, ana, sign_in, head):
    send(sign_in(ana), phone, phone.recording(visit, (head + uuid4().bytes,)))
    assert Recording.objects.get().sound


def test_a_cut_container_is_refused(visit, phone):
    sent = phone.recording(visit, sound(b"second"))
    data, body = sent.blobs[0].plain, sent.event["body"]
    for cut in (data[:4], data[:6], data[:-1], data + b"\x00", b"FVR2" + data[4:]):
        with pytest.raises(recordings.Unfit):
            recordings.opened(cut, segment=body["segment"], digest=body["digest"])


def test_an_entry_without_a_file_says_so_and_keeps_nothing_waiting(visit, phone):
    saved = phone.recording(visit, sound(), role="photo")
    phone.deliver([saved])
    assert Recording.objects.get().unreadable == "recording.none"


def test_what_a_crash_left_unseen_is_taken_up(visit, phone, ana, sign_in):
    saved = phone.recording(visit, sound())
    phone.deliver()
    store.put(store.name(saved.blobs[0].sha256), saved.blobs[0].plain)
    assert recordings.take_due() == 1 and Recording.objects.get().sound
    assert recordings.take_due() == 0


# --- what the office looks at


def test_a_talk_without_any_sound_is_flagged_by_the_guideline(visit, phone):
    phone.consent(visit)
    phone.deliver()
    flag = next(flag for flag in review.flags_of(seen(visit)) if flag.code == "FV-REC-04")
    assert flag.level == "warn" and "Art. 22" in flag.citation


def test_the_announcement_stands_beside_the_recording_with_its_time(visit, phone, ana, olga, sign_in):
    phone.append("visit.announced/1", {}, visit=visit, at=NOW)
    phone.consent(visit)
    saved = phone.recording(visit, sound(), started_at=NOW + timedelta(seconds=2))
    phone.append("visit.objected/1", {}, visit=visit, at=NOW + timedelta(minutes=3))
    phone.ended(visit)
    phone.deliver()
    phone.upload(sign_in(ana), saved)
    assert not {"FV-REC-04", "FV-REC-05"} & set(raised(visit))
    text = sign_in(olga).get(f"/office/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "Announced at 10:14" in text and "Objection at 10:17" in text
    assert f'src="/office/recordings/{Recording.objects.get().pk}"' in text and "<audio controls" in text
    assert "0:03" in text


@pytest.mark.parametrize(("minutes", "flagged"), [(-1, False), (5, True)])
def test_a_recording_before_the_announcement_is_flagged(visit, phone, minutes, flagged):
    phone.append("visit.announced/1", {}, visit=visit, at=NOW + timedelta(minutes=minutes))
    phone.recording(visit, sound(), started_at=NOW)
    phone.deliver()
    assert ("FV-REC-05" in raised(visit)) == flagged


def test_what_was_lost_is_said(visit, phone, olga, sign_in):
    phone.consent(visit)
    phone.recording(visit, sound(), ended="cut", body={"lost_ms": 6000})
    phone.ended(visit)
    phone.deliver()
    text = sign_in(olga).get(f"/office/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "at most 6 s missing at its end" in text and "the app was closed or failed" in text
    assert "This recording has not arrived yet" in text


# --- a separate recorder


@pytest.fixture
def recorder(visit, phone):
    phone.started(visit)
    phone.consent(visit)
    phone.recorder(visit)
    phone.ended(visit)
    phone.deliver()
    return Recorder.objects.get()


def test_the_office_adds_the_recorders_file_and_its_hash_is_in_the_record(recorder, visit, olga, sign_in):
    client = sign_in(olga)
    data = uuid4().bytes * 1000
    url = f"/office/recorders/{recorder.pk}/files/"
    assert client.post(url, {"file": ContentFile(data, "A0017.wav")}).status_code == 302
    added = RecorderFile.objects.get()
    assert (added.sha256, added.size, added.name) == (hashlib.sha256(data).hexdigest(), len(data), "A0017.wav")
    line = record.timeline(visit.case)[-1]
    assert (line["action"], line["payload"]["sha256"]) == ("recorder.file", added.sha256)
    text = client.get(f"/office/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "LY-0042" in text and added.sha256 in text
    back = client.get(f"/office/recorder-files/{added.pk}")
    assert b"".join(back.streaming_content) == data and back["Content-Type"] == "application/octet-stream"
    assert back["Content-Disposition"] == 'attachment; filename="A0017.wav"'


def test_a_hash_alone_will_do(recorder, olga):
    typed = " ".join(["ABCDEF01"] * 8)
    added = recorders.add_file(recorder=recorder, file=None, sha256=typed, by=olga, now=NOW)
    assert (added.sha256, added.size, bool(added.kept)) == ("abcdef01" * 8, None, False)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "recorder.one"),
        ({"file": ContentFile(b"x", "x"), "sha256": "0" * 64}, "recorder.one"),
        ({"sha256": "0" * 63}, "recorder.sha256"),
        ({"sha256": "g" * 64}, "recorder.sha256"),
        ({"file": ContentFile(b"", "x")}, "recorder.empty"),
    ],
)
def test_what_is_no_hash_and_no_file_is_refused_in_words(recorder, olga, sign_in, given, code):
    with pytest.raises(Refused) as why:
        recorders.add_file(**({"recorder": recorder, "file": None, "sha256": "", "by": olga, "now": NOW} | given))
    assert why.value.code == code
    answer = sign_in(olga).post(f"/office/recorders/{recorder.pk}/files/", given, follow=True)
    assert answer.status_code == 200 and "未作任何更改" in answer.content.decode()
    assert not RecorderFile.objects.exists()


def test_a_file_that_is_too_large_is_told_to_stay_where_it_is(recorder, olga):
    large = ContentFile(b"x", "x")
    large.size = 200_000_001
    with pytest.raises(Refused, match=r"larger than 200 MB.*give its SHA-256"):
        recorders.add_file(recorder=recorder, file=large, sha256="", by=olga, now=NOW)


def test_the_phone_may_give_the_hash_later(recorder, visit, phone):
    body = {"recorder": str(recorder.event_id), "sha256": "ab" * 32, "size": 5, "name": "A0017.wav"}
    phone.append("visit.recorder_file/1", body, visit=visit, depends_on=[recorder.event_id])
    assert phone.deliver(phone.outbox[-1:])[0]["status"] == "applied"
    assert recorder.files.get().sha256 == "ab" * 32
    text = course.moments(seen(visit))
    assert [moment.title for moment in text][-1] == "The recorder's file"


def test_the_hash_of_a_recorder_nobody_named_is_kept_and_marked(visit, phone):
    body = {"recorder": str(uuid4()), "sha256": "ab" * 32, "size": 5, "name": ""}
    saved = phone.append("visit.recorder_file/1", body, visit=visit)
    assert phone.deliver()[0]["status"] == "applied"
    assert "recorder_unknown" in seen(visit).work[0].marks and not RecorderFile.objects.exists(), saved


def test_a_file_that_never_comes_is_flagged_after_the_period(recorder, visit, olga):
    Recorder.objects.update(at=timezone.now() - timedelta(hours=47))
    assert "FV-REC-01" not in raised(visit)
    Recorder.objects.update(at=timezone.now() - timedelta(hours=49))
    assert raised(visit)["FV-REC-01"] == "The recorder's file has not been added in 48 h: LY-0042"
    recorders.add_file(recorder=recorder, file=None, sha256="0" * 64, by=olga, now=NOW)
    assert "FV-REC-01" not in raised(visit)


def test_what_was_given_once_stays(recorder, olga):
    added = recorders.add_file(recorder=recorder, file=None, sha256="0" * 64, by=olga, now=NOW)
    for change in (lambda: RecorderFile.objects.update(sha256="1" * 64), added.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert RecorderFile.objects.get().sha256 == "0" * 64


# --- the order of the photos


def test_photos_stand_in_the_order_that_the_collector_gave_them(visit, phone):
    first, second, third = (phone.photo(visit, name.encode(), caption=name) for name in ("one", "two", "three"))
    phone.append("visit.photo_order/1", {"order": [str(third.id), str(first.id)]}, visit=visit)
    phone.deliver()
    assert [photo.caption for photo in course.photos(seen(visit))] == ["three", "one", "two"]
    phone.append("visit.photo_order/1", {"order": [str(each.id) for each in (second, third, first)]}, visit=visit)
    phone.deliver(phone.outbox[-1:])
    assert [photo.caption for photo in course.photos(seen(visit))] == ["two", "three", "one"]
    assert PhotoOrder.objects.count() == 2
