"""Decodes one picture in a process of its own, so that a hostile file can take down nothing else. Run by photos.py.

stdin: the file. stdout: one line of JSON, {"width", "height"} or {"code"}, and then the derivative as JPEG.
Knows neither Django nor the database, and has no right it does not need.
"""

import io
import json
import resource
import sys

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
LIMITS = {
    resource.RLIMIT_AS: (1 << 30, 1 << 30),
    resource.RLIMIT_CPU: (15, 16),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_CORE: (0, 0),
    resource.RLIMIT_NOFILE: (16, 16),
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
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
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
        import pillow_heif  # here, because it costs half as much again as all the rest of a JPEG

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener()
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
    data, picture = sys.stdin.buffer.read(), b""
    for which, most in LIMITS.items():
        resource.setrlimit(which, most)
    try:
        said, picture = derive(data)
    except Unfit as why:
        said = {"code": str(why)}
    except MemoryError:
        said = {"code": "photo.too_large"}
    except ImportError:
        raise  # ours to mend, not the file's fault
    except Exception:  # whatever a decoder may raise
        said = {"code": "photo.broken"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
