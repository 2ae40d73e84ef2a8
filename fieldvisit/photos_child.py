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
MOST_PIXELS = {"JPEG": 120_000_000, "MPO": 120_000_000, "PNG": 60_000_000, "WEBP": 60_000_000}
LIMITS = {
    resource.RLIMIT_AS: 1 << 30,
    resource.RLIMIT_CPU: 15,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NOFILE: 16,
}


class TooLarge(Exception):
    pass


def derive(data: bytes) -> tuple[dict, bytes]:
    Image.MAX_IMAGE_PIXELS = None  # our own limits follow at once, by format
    image = Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"])
    if image.width * image.height > MOST_PIXELS[image.format]:
        raise TooLarge
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


def _orientation(image) -> int:
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
    for which, most in LIMITS.items():
        resource.setrlimit(which, (most, most))
    picture = b""
    try:
        said, picture = derive(sys.stdin.buffer.read())
    except (TooLarge, MemoryError):
        said = {"code": "photo.too_large"}
    except UnidentifiedImageError:
        said = {"code": "photo.not_a_picture"}
    except Exception:  # whatever a decoder may raise
        said = {"code": "photo.broken"}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
