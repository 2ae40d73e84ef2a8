"""Decodes each picture in a process of its own, so that a hostile file can take down nothing else.

Run by photos_server.py. This script has the decoders ready and forks for every picture. It sees no content itself: the
fork reads it from a socket of its own and answers there with a line of JSON, {"width", "height"}, {"code"} or {"ours":
what is wrong here}, and the derivative as JPEG; four bytes of how the fork ended come last. Knows neither Django nor
the database, and has no right that it does not need.
"""

import ctypes
import errno
import gc
import io
import json
import os
import resource
import signal
import socket
import struct
import sys

import pillow_heif
from PIL import Image, UnidentifiedImageError

LONGEST = 1600
# JPEG can be decoded at a fraction of its size, the others only whole.
MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 60_000_000, "WEBP": 60_000_000, "HEIF": 60_000_000}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1"}
# What their first bytes say they are: pictures, but none that a phone's camera makes.
OTHER_KINDS = (b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00", b"8BPS", b"\xff\x0a")
OTHER_BRANDS = {b"avif", b"avis", b"hevc", b"hevx", b"msf1"}
KNOWN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
# A progressive JPEG of a camera has about ten scans; each one goes over the whole picture again.
MOST_SCANS = 1000
# (soft, hard); the soft limit of the CPU ends the process by SIGXCPU, which photos.py can tell from a crash.
# No new descriptor at all: no file is opened and no socket, so what takes over a decoder has no network either.
LIMITS = {
    resource.RLIMIT_AS: (1 << 30, 1 << 30),
    resource.RLIMIT_CPU: (15, 16),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_CORE: (0, 0),
    resource.RLIMIT_NOFILE: (0, 0),
}


class Unfit(Exception):
    """Refused with this code before anything is decoded."""


def derive(data: bytes) -> tuple[dict, bytes]:
    Image.MAX_IMAGE_PIXELS = None  # our own limits follow at once, by format
    image = _open(data)
    if image.width * image.height > MOST_PIXELS[image.format]:
        raise Unfit("photo.too_large")
    if image.format in {"PNG", "WEBP"} and getattr(image, "is_animated", False):
        raise Unfit("photo.moving")
    width, height = image.size
    turned = _orientation(image)
    image.draft("RGB", (LONGEST, LONGEST))
    image.load()  # the whole file is read: only that shows that it is all there
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.HAMMING)  # half of Lanczos' time; the original is kept anyway
    plain = _on_white(image)
    if turned in TURNS:
        plain = plain.transpose(TURNS[turned])
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    if turned in (5, 6, 7, 8):
        width, height = height, width
    return {"width": width, "height": height}, out.getvalue()


def _open(data: bytes) -> Image.Image:
    formats = ["JPEG", "PNG", "WEBP"]
    brand = data[8:12] if data[4:8] == b"ftyp" else None
    if brand in OTHER_BRANDS or data.startswith(OTHER_KINDS):
        raise Unfit("photo.kind")
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MOST_SCANS:
        raise Unfit("photo.slow")
    if brand in HEIC_BRANDS:
        formats = ["HEIF"]
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except UnidentifiedImageError:
        begins_well = data.startswith(KNOWN) or formats == ["HEIF"] or data[:4] + data[8:12] == b"RIFFWEBP"
        raise Unfit("photo.broken" if begins_well else "photo.not_a_picture") from None


def _orientation(image) -> int:
    """EXIF's 1 to 8. In HEIC the file's own turns count; the decoder has made them and says 1."""
    try:
        return image.getexif().get(0x0112, 1)
    except Exception:  # broken metadata does not make a broken picture
        return 1


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _on_white(image) -> Image.Image:
    """RGB pixels and nothing else: no metadata, comment or profile comes along."""
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    plain = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        plain.paste(image, mask=image.getchannel("A"))
    else:
        plain.paste(image.convert("RGB"))
    return plain


def main() -> None:
    """Takes a time limit in seconds and a socket from stdin, one picture after another, until whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks; with him this ends too
    with socket.socket(fileno=0) as asked:
        _warm()
        while True:
            seconds, lines, _, _ = socket.recv_fds(asked, 8, 1)
            if not lines:
                return
            with socket.socket(fileno=lines[0]) as line:
                child = os.fork()
                if not child:
                    asked.close()
                    _answer(line, *struct.unpack("!d", seconds))
                _, status = os.waitpid(child, 0)
                try:
                    line.sendall(struct.pack("!i", status))
                except OSError:
                    pass  # he did not wait for it


def _warm() -> None:
    """Whatever is loaded on first use: a fork can open no file any more."""
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener()
    Image.init()
    for format in ("JPEG", "MPO", "PNG", "WEBP"):
        made = io.BytesIO()
        Image.new("RGB", (8, 8)).save(made, format, exif=Image.Exif().tobytes())
        derive(made.getvalue())
    gc.freeze()


def _answer(line: socket.socket, seconds: float) -> None:
    """The fork's whole life."""
    code = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        signal.setitimer(signal.ITIMER_REAL, seconds)
        with line.makefile("rb") as file:
            data = file.read()
        for which, most in LIMITS.items():
            resource.setrlimit(which, most)
        said, picture = _said(data)
        line.sendall(json.dumps(said).encode() + b"\n" + picture)
        code = 0
    finally:
        os._exit(code)


def _said(data: bytes) -> tuple[dict, bytes]:
    try:
        return derive(data)
    except Unfit as why:
        return {"code": str(why)}, b""
    except MemoryError:
        return {"code": "photo.too_large"}, b""
    except Exception as error:  # whatever a decoder may raise; but what wants to open a file is ours to mend
        ours = isinstance(error, ImportError) or getattr(error, "errno", None) == errno.EMFILE
        return {"ours": repr(error)} if ours else {"code": "photo.broken"}, b""


if __name__ == "__main__":
    main()
