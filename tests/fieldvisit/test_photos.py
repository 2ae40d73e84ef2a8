"""Pictures as phones and pranksters send them: a derivative without metadata, or a code; never a dead server."""

import io
import subprocess
import sys
import time
import zlib
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from fieldvisit import photos, photos_server, record, store
from fieldvisit.models import Photo
from tests import copies
from tests.live import family
from tests.phone import Phone

GPS = 0x8825


def picture(size=(400, 300), format="JPEG", mode="RGB", orientation=None, **options):
    """Red at the top left, blue elsewhere, so that turning shows."""
    image = Image.new("RGB", size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    exif = Image.Exif()
    if orientation:
        exif[0x0112] = orientation
    exif[0x010E] = "朵拉的门"
    out = io.BytesIO()
    image.convert(mode).save(out, format, exif=exif.tobytes(), **options)
    return out.getvalue()


def opened(said):
    assert set(said) == {"width", "height", "jpeg"}, said
    return Image.open(io.BytesIO(said["jpeg"]))


def corner(image):
    r, g, b = image.convert("RGB").getpixel((5, 5))
    return "red" if r > 150 and b < 100 else "blue" if b > 150 and r < 100 else (r, g, b)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [(400, 300), (4000, 3000), (1600, 20)])
def test_the_derivative_is_a_small_jpeg(format, size):
    said = photos.look(picture(size, format))
    image = opened(said)
    assert image.format == "JPEG" and max(image.size) <= 1600 and corner(image) == "red"
    assert (said["width"], said["height"]) == size


def test_no_metadata_comes_along():
    image = opened(photos.look(picture((800, 600), "JPEG", comment="朵拉")))
    assert not image.getexif() and "comment" not in image.info and "icc_profile" not in image.info


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation):
    """The corner that was first in the file is found where the camera says it belongs."""
    said = photos.look(picture((400, 300), orientation=orientation))
    image = opened(said)
    wide = orientation < 5
    assert image.size == ((400, 300) if wide else (300, 400)) == (said["width"], said["height"])
    w, h = image.size
    places = {1: (5, 5), 2: (w - 6, 5), 3: (w - 6, h - 6), 4: (5, h - 6), 5: (5, 5), 6: (w - 6, 5), 7: (w - 6, h - 6)}
    r, _, b = image.getpixel(places.get(orientation, (5, h - 6)))
    assert r > 150 and b < 100


@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"), ("PNG", "LA"), ("WEBP", "RGBA")],
)
def test_unusual_modes_are_pictures_too(format, mode):
    assert opened(photos.look(picture((64, 64), format, mode))).mode == "RGB"


def test_what_is_transparent_becomes_white():
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert min(opened(photos.look(out.getvalue())).getpixel((25, 25))) > 240


def png_bomb(side):
    """A few kilobytes that claim side × side pixels."""

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def text_bomb():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo.not_a_picture"),
        (b"not a picture", "photo.not_a_picture"),
        (SVG, "photo.not_a_picture"),
        (b"%PDF-1.7\n", "photo.not_a_picture"),
        (b"GIF89a" + bytes(100), "photo.kind"),
        (picture()[:200], "photo.broken"),
        (picture((2000, 1500))[:-2000], "photo.broken"),
        (picture(format="PNG")[:-200], "photo.broken"),
        (picture(format="WEBP")[:-200], "photo.broken"),
        (png_bomb(20_000), "photo.too_large"),
        (png_bomb(7_000), "photo.broken"),
        (text_bomb(), "photo.broken"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_whole_picture_gets_a_code(data, code):
    said = photos.look(data)
    # how early a truncated file is found out is the decoder's affair
    assert said in ({"code": code}, {"code": "photo.not_a_picture"} if code == "photo.broken" else {"code": code})


def test_a_picture_that_is_also_something_else_is_only_a_picture_afterwards():
    said = photos.look(picture() + SVG)
    assert b"<script" not in said["jpeg"] and opened(said).size == (400, 300)


@pytest.fixture
def child(monkeypatch, tmp_path):
    """child({old: new}): the script with these changes."""

    def changed(changes):
        source = photos.CHILD.read_text()
        for old, new in changes.items():
            assert old in source
            source = source.replace(old, new)
        script = tmp_path / f"{uuid4()}.py"
        script.write_text(source)
        monkeypatch.setattr(photos, "CHILD", script)

    yield changed
    for server in [each for each in photos_server._all if each.script.parent == tmp_path]:
        server.end()


DECODING = "        return derive(data)"


def test_a_decoder_that_never_ends_is_ended(monkeypatch, child):
    child({DECODING: "        import time; time.sleep(60)"})
    monkeypatch.setattr(photos, "MOST_SECONDS", 0.3)
    with pytest.raises(photos.Unlooked):  # the machine may have stood still: the file is not blamed
        photos.look(picture())


def test_a_decoder_that_computes_without_end_is_ended_by_its_own_limit(child):
    child({"RLIMIT_CPU: (15, 16)": "RLIMIT_CPU: (1, 2)", DECODING: "        while True: pass"})
    assert photos.look(picture()) == {"code": "photo.slow"}


@pytest.mark.parametrize("wish", ["open('/etc/passwd')", "socket.create_connection(('127.0.0.1', 1), timeout=1)"])
def test_a_decoder_that_is_taken_over_opens_no_file_and_no_socket(child, caplog, wish):
    child({DECODING: f"        {wish}"})
    with pytest.raises(photos.Unlooked):
        photos.look(picture())
    assert "Too many open files" in caplog.text


def servers():
    return [each.process for each in photos_server._all if each.script == photos.CHILD]


def test_what_opens_pictures_is_ready_for_the_next_one_and_begun_anew_when_it_has_died():
    photos.look(picture())
    before = servers()
    photos.look(picture())
    assert servers() == before
    for each in before:
        each.kill()
    assert opened(photos.look(picture())).size == (400, 300)
    assert not {each.pid for each in servers()} & {each.pid for each in before}


def test_it_ends_with_whoever_asks_and_leaves_nothing_behind():
    asks = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from fieldvisit import photos_server\n"
        "print(photos_server.ask(Path(sys.argv[2]), b'GIF8', seconds=9)[1], flush=True); input()"
    )
    command = [sys.executable, "-c", asks, str(copies.ROOT), str(photos.CHILD)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asker:
        assert asker.stdout.readline() == "0\n"
        _, pid = family(asker.pid)  # and no fork, no zombie beside it
        asker.kill()
    until = time.monotonic() + 10
    while alive(pid):
        assert time.monotonic() < until
        time.sleep(0.02)


def alive(pid):
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_text())  # nothing: it has ended, and nobody has asked how
    except OSError:
        return False


def test_a_server_that_cannot_open_pictures_blames_no_picture(monkeypatch, tmp_path, photo):
    lame = tmp_path / "lame.py"
    lame.write_text("import no_such_decoder\n")
    store.put(store.name(photo.sha256), picture((3000, 2000)))
    with monkeypatch.context() as patch:
        patch.setattr(photos, "CHILD", lame)
        assert photos.take_due() == 0
    photo.refresh_from_db()
    assert photo.taken_in_at is None and photo.unreadable == ""
    photos.take_due()
    photo.refresh_from_db()
    assert photo.taken_in_at


def test_a_decoder_that_takes_all_memory_dies_alone(child):
    child({DECODING: "        bytes(3 << 30)"})
    assert photos.look(picture()) == {"code": "photo.too_large"}


def test_the_child_knows_neither_django_nor_our_models():
    look = "import runpy, sys; runpy.run_path(sys.argv[1]); print({'django', 'fieldvisit'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-I", "-c", look, str(photos.CHILD)], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


@pytest.fixture
def photo(visit, ana, settings, tmp_path):
    settings.FIELDVISIT_DATA = tmp_path
    phone = Phone(ana)
    phone.data = picture((3000, 2000))
    phone.photo(visit, phone.data)
    phone.deliver()
    return Photo.objects.get()


def test_taking_a_photo_keeps_the_original_and_says_so_in_the_record(photo):
    data = picture((3000, 2000))
    photos.take(photo, data)
    photo.refresh_from_db()
    assert store.path(photo.original.name).read_bytes() == data
    assert max(Image.open(store.path(photo.derivative.name)).size) == 1600
    assert (photo.width, photo.height, photo.unreadable) == (3000, 2000, "") and photo.taken_in_at
    assert record.timeline(photo.visit.case)[-1]["action"] == "photo.received"


def test_a_photo_that_is_none_is_kept_and_does_not_stand_in_the_way(visit, ana):
    phone = Phone(ana)
    phone.photo(visit, b"not a picture")
    phone.ended(visit)
    phone.deliver()
    photo = Photo.objects.get()
    photos.take(photo, b"not a picture")
    photo.refresh_from_db()
    visit.refresh_from_db()
    assert photo.unreadable == "photo.not_a_picture" and not photo.derivative
    assert store.path(photo.original.name).read_bytes() == b"not a picture"
    assert visit.complete_at
    assert record.timeline(visit.case)[-1]["action"] == "photo.unreadable"


def test_taking_it_twice_changes_nothing(photo):
    photos.take(photo, picture((3000, 2000)))
    lines = len(record.timeline(photo.visit.case))
    photos.take(photo, picture((3000, 2000)))
    assert len(record.timeline(photo.visit.case)) == lines


def test_what_a_crash_left_undone_is_taken_up(photo):
    store.put(store.name(photo.sha256), picture((3000, 2000)))
    assert photos.take_due() == 1
    photo.refresh_from_db()
    assert photo.taken_in_at and photos.take_due() == 0


@pytest.mark.parametrize(("format", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_an_original_is_downloaded_under_the_name_of_its_kind(visit, ana, olga, sign_in, format, suffix):
    data = picture((40, 30), format) + uuid4().bytes
    phone = Phone(ana)
    phone.photo(visit, data)
    phone.deliver()
    photo = Photo.objects.get()
    photos.take(photo, data)
    photo.refresh_from_db()
    answer = sign_in(olga).get(f"/office/photos/{photo.pk}/original")
    assert answer["Content-Disposition"].endswith(f'.{suffix}"') and b"".join(answer.streaming_content) == data
