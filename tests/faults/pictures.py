"""Pictures as cameras, converters and pranksters make them; all of them made here, none taken.

corpus() → [Case(name, data, expected)]; expected = (width, height, corner), or a set of codes of which one must come.
"""

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

import pillow_heif
from PIL import Image, PngImagePlugin

pillow_heif.register_heif_opener()
# What must never be found in a derivative, wherever in the file it stood.
SECRET = b"SECRET-OF-DORA"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>' + SECRET + b"</script></svg>"
CORNERS = {1: "↖", 2: "↗", 3: "↘", 4: "↙", 5: "↖", 6: "↗", 7: "↘", 8: "↙"}  # where the red quarter belongs
NONE, BROKEN, KIND = {"photo.not_a_picture"}, {"photo.broken"}, {"photo.kind"}
LARGE, MOVING = {"photo.too_large"}, {"photo.moving"}


class Case(NamedTuple):
    name: str
    data: bytes
    expected: tuple | set


def scene(size, mode="RGB"):
    """Blue, with its upper left quarter red."""
    image = Image.new("RGB", size, (20, 40, 220))
    image.paste((220, 30, 20), (0, 0, size[0] // 2, size[1] // 2))
    return image.convert(mode)


def exif(orientation=None):
    data = Image.Exif()
    if orientation:
        data[0x0112] = orientation
    data[0x010E] = SECRET.decode()
    data.get_ifd(0x8825).update({1: "N", 2: (30.0, 18.0, 0.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    return data.tobytes()


def file(size=(400, 300), format="JPEG", mode="RGB", orientation=None, **options) -> bytes:
    out = io.BytesIO()
    scene(size, mode).save(out, format, exif=exif(orientation), **options)
    return out.getvalue()


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *, depth=8, kind=2, rows=b"\0" * 1000, more=b""):
    """By hand: any size may be claimed, whatever the rows hold."""
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, 0)
    body = chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")
    return b"\x89PNG\r\n\x1a\n" + body


def deep_png(size=(400, 300)):
    red, blue = struct.pack(">HHH", 56000, 8000, 5000), struct.pack(">HHH", 5000, 10000, 56000)
    upper = b"\0" + red * (size[0] // 2) + blue * (size[0] // 2)
    return png(*size, depth=16, rows=upper * (size[1] // 2) + (b"\0" + blue * size[0]) * (size[1] // 2))


def text_bomb():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * 80_000_000, zip=True)
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def claims(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header says another size."""
    at = next(at for at in range(len(data)) if data[at : at + 2] in (b"\xff\xc0", b"\xff\xc2"))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def scan_bomb():
    """A progressive JPEG of a large frame that repeats its last scan two thousand times."""
    data = file((4000, 3000), progressive=True, quality=20)
    at = data.rindex(b"\xff\xda")
    return data[:at] + data[at:-2] * 2000 + b"\xff\xd9"


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.js", SECRET)
    return out.getvalue()


def moving(format):
    out = io.BytesIO()
    frames = [scene((60, 40)), Image.new("RGB", (60, 40), "green"), scene((60, 40)).rotate(180)]
    frames[0].save(out, format, save_all=True, append_images=frames[1:], duration=80)
    return out.getvalue()


def several(format):
    out = io.BytesIO()
    scene((400, 300)).save(out, format, save_all=True, append_images=[Image.new("RGB", (200, 100), "green")])
    return out.getvalue()


def heic(mode="RGB", size=(400, 300), **options):
    return file(size, "HEIF", mode, **options)


def deep_heic():
    pixels = scene((400, 300)).tobytes()
    wide = b"".join(struct.pack("<H", value << 8) for value in pixels)
    out = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", (400, 300), wide).save(out)
    return out.getvalue()


def turned(format):
    for orientation in range(1, 9):
        size = (400, 300) if orientation < 5 else (300, 400)
        yield Case(f"{format} turned {orientation}", file((400, 300), format, orientation=orientation),
                   (*size, CORNERS[orientation]))  # fmt: skip


def cut():
    for format in ("JPEG", "PNG", "WEBP", "HEIF"):
        whole = file((800, 600), format, quality=95)
        for share in (0.02, 0.3, 0.7, 0.95):
            yield Case(f"{format} cut at {share}", whole[: int(len(whole) * share)], BROKEN)


def pictures():
    seen = (400, 300, "↖")
    for mode in ("L", "CMYK"):
        yield Case(f"JPEG {mode}", file(mode=mode), (400, 300, "grey" if mode == "L" else "↖"))
    yield Case("JPEG progressive", file(progressive=True), seen)
    yield Case("JPEG of quality 1", file(quality=1), seen)
    yield Case("JPEG 4:4:4, restarts", file(subsampling=0, restart_marker_blocks=1), seen)
    yield Case("JPEG with a comment", file(comment=SECRET), seen)
    yield Case("JPEG with a broken EXIF", file().replace(b"MM\0*", b"MM\xff\xff", 1), seen)
    yield Case("JPEG with an orientation of 99", file(orientation=99), seen)
    yield Case("MPO of two", several("MPO"), seen)
    for mode in ("P", "LA", "RGBA"):
        yield Case(f"PNG {mode}", file(format="PNG", mode=mode), (400, 300, "grey" if mode == "LA" else "↖"))
    yield Case("PNG of 16 grey bits", file(format="PNG", mode="I;16"), (400, 300, "dark"))
    yield Case("PNG of 48 bits", deep_png(), seen)
    yield Case("WebP lossless", file(format="WEBP", lossless=True), seen)
    yield Case("WebP with alpha", file(format="WEBP", mode="RGBA"), seen)
    yield Case("HEIC with alpha", heic("RGBA"), seen)
    yield Case("HEIC of 10 bits", deep_heic(), seen)
    yield Case("HEIC of two", several("HEIF"), seen)
    yield Case("one pixel", file((1, 1)), (1, 1, "any"))
    yield Case("a strip", file((16000, 2)), (16000, 2, "any"))


def large():
    yield Case("12 MP", file((4032, 3024), orientation=6), (3024, 4032, "↗"))
    yield Case("48 MP", file((8064, 6048), orientation=3), (8064, 6048, "↘"))
    yield Case("48 MP progressive", file((8064, 6048), progressive=True), (8064, 6048, "↖"))
    yield Case("48 MP PNG", file((8064, 6048), "PNG", compress_level=1), (8064, 6048, "↖"))
    yield Case("48 MP HEIC", heic(size=(8064, 6048), quality=30, enc_params={"preset": "ultrafast"}),
               (8064, 6048, "↖"))  # fmt: skip
    yield Case("108 MP", file((12000, 9000), quality=60), (12000, 9000, "↖"))
    yield Case("200 MP", claims(file((1600, 1200)), 16320, 12240), LARGE)


def bombs():
    yield Case("PNG of 400 MP in a kilobyte", png(20_000, 20_000), LARGE)
    yield Case("PNG of 49 MP in a kilobyte", png(7_000, 7_000), BROKEN)
    yield Case("PNG, 0 wide", png(0, 100), BROKEN)
    yield Case("PNG with 80 MB of text", text_bomb(), BROKEN)
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(80_000_000)))
    yield Case("PNG with 80 MB of profile", png(10, 10, rows=b"\0" * 310, more=profile), BROKEN | {(10, 10, "any")})
    yield Case("JPEG that claims 65,535 squared", claims(file(), 65535, 65535), LARGE)
    yield Case("JPEG that claims 10,000 squared", claims(file(), 10_000, 10_000), BROKEN | {(10_000, 10_000, "any")})
    yield Case("JPEG of two thousand scans", scan_bomb(), {"photo.slow"})
    head = b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + bytes(8)
    webp = b"RIFF\x1a\0\0\0WEBPVP8L" + struct.pack("<I", len(head)) + head + b"\0"
    yield Case("WebP that claims 16,383 squared", webp, LARGE | BROKEN)


def disguised():
    seen = (400, 300, "↖")
    yield Case("JPEG and SVG", file() + SVG, seen)
    yield Case("JPEG and ZIP", file() + archive(), seen)
    yield Case("JPEG and PDF", file() + b"\n%PDF-1.7\n" + SECRET, seen)
    yield Case("JPEG with a script as comment", file(comment=b"*/=1;alert('" + SECRET + b"')/*"), seen)
    yield Case("JPEG and 3 MB", file() + SECRET * 220_000, seen)
    yield Case("PNG and HTML", file(format="PNG") + b"<html>" + SECRET, seen)
    yield Case("HEIC and SVG", heic() + SVG, seen)
    yield Case("PDF, then JPEG", b"%PDF-1.7\n" + file(), NONE)
    yield Case("SVG", SVG, NONE)
    yield Case("SVG of many entities", b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]>' + b"&a;" * 9999 + SVG, NONE)
    yield Case("HTML", b"<!doctype html><script>" + SECRET + b"</script>", NONE)
    yield Case("MP4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(500), NONE)
    yield Case("nothing", b"", NONE)
    yield Case("zeros", bytes(50_000), NONE)
    yield Case("three bytes of a JPEG", b"\xff\xd8\xff", BROKEN)
    yield Case("HEIC's first line", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", BROKEN)
    yield Case("APNG", moving("PNG"), MOVING)
    yield Case("moving WebP", moving("WEBP"), MOVING)
    for format in ("GIF", "BMP", "TIFF", "AVIF", "ICO"):
        out = io.BytesIO()
        scene((64, 64)).save(out, format)
        yield Case(format, out.getvalue(), KIND)
    yield Case("moving GIF", moving("GIF"), KIND)
    yield Case("GIF that is a script", b"GIF89a/*" + SECRET + b"*/=1;alert(1)", KIND)


def corpus() -> list[Case]:
    sources = (turned("JPEG"), turned("HEIF"), pictures(), large(), cut(), bombs(), disguised())
    return [case for source in sources for case in source]


def small() -> list[bytes]:
    """What the fuzz begins with: every format, small, so that most mutations hit something."""
    formats = [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})]
    return [file((96, 64), format, orientation=6, **options) for format, options in [*formats, ("HEIF", {})]]
