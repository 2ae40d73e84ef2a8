"""The two weights every printed page is drawn with, and the promise that each character of it can be drawn."""

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

REGULAR, BOLD = "FieldVisit", "FieldVisit-Bold"
ROOT = Path(__file__).resolve().parents[1]
_WEIGHTS = {REGULAR: 400, BOLD: 700}
_STYLES = {400: "400Regular/NotoSansSC_400Regular.ttf", 700: "700Bold/NotoSansSC_700Bold.ttf"}
# Format, control, private and unassigned characters have no picture even where a font maps them to an empty glyph.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class Unprintable(ValueError):
    """A character that the embedded face cannot draw; `character` is it, `text` where it stands."""

    def __init__(self, character: str, text: str = ""):
        name = unicodedata.name(character, "no name")
        super().__init__(f"cannot print U+{ord(character):04X} ({name})")
        self.character, self.text = character, text


def font_path(weight: int) -> Path:
    """TrueType file of Noto Sans SC in `weight` 400 or 700: the built copy, else the installed package.

    Raises FileNotFoundError with what to do when neither is there.
    """
    places = (
        ROOT / "static/dist/fonts" / f"NotoSansSC-{weight}.ttf",
        ROOT / "node_modules/@expo-google-fonts/noto-sans-sc" / _STYLES[weight],
    )
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"Noto Sans SC {weight} is missing; run npm ci and the build ({places[0]})")


@cache
def _faces() -> dict:
    """Register both weights once per process (0.2 s): {name: TTFont}."""
    ttfonts.makeToUnicodeCMap = to_unicode
    for name, weight in _WEIGHTS.items():
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(font_path(weight))))
    return {name: pdfmetrics.getFont(name) for name in _WEIGHTS}


def ready() -> None:
    """Have both faces registered before a canvas names them."""
    _faces()


def width(text: str, font: str, size: float) -> float:
    """Points that `text` takes. Raises Unprintable: a string that was measured can be drawn."""
    face = _faces()[font]
    check(text, font)
    return face.stringWidth(text, size)


def check(text: str, font: str = REGULAR) -> None:
    """Raise Unprintable for the first character of `text` that `font` cannot draw."""
    known = _drawable(font)
    for character in text:
        if character not in known:
            raise Unprintable(character, text)


def spelled(text: str) -> str:
    """`text` with every character that cannot be drawn spelled as [U+1F44D].

    For remarks only, such as a caption typed by a collector: a name or a term must be drawn or refused.
    """
    known = _drawable(REGULAR) & _drawable(BOLD)
    return "".join(c if c in known else f"[U+{ord(c):04X}]" for c in text)


@cache
def _drawable(font: str) -> frozenset:
    glyphs = _faces()[font].face.charToGlyph
    return frozenset(c for c in map(chr, (code for code, glyph in glyphs.items() if glyph))
                     if unicodedata.category(c) not in _UNSEEN)


def to_unicode(fontname: str, subset: list) -> str:
    """ToUnicode CMap of one subset, in place of ReportLab's.

    ReportLab writes code points beyond U+FFFF as five digits, so 𬭚 copies and extracts wrongly; the format wants
    UTF-16BE, and at most 100 entries a block (Adobe technical note 5411).
    """
    entries = [f"<{i:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for i, code in enumerate(subset)]
    blocks = [entries[i:i + 100] for i in range(0, len(entries), 100)]
    lines = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo",
             f"<< /Registry ({fontname})", f"/Ordering ({fontname})", "/Supplement 0", ">> def",
             f"/CMapName /{fontname} def", "/CMapType 2 def",
             "1 begincodespacerange", f"<00> <{len(subset) - 1:02X}>", "endcodespacerange"]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])
