"""The faces every printed page is drawn with, and the promise that each character of it can be drawn.

Noto Sans SC draws nearly everything. Noto Sans, in the same two weights, draws the Latin, Greek and Cyrillic letters
that it lacks (Ł ğ ş), and those quotation marks that stand beside Latin letters: in a Chinese face they are as wide
as a Chinese character. Noto Sans JP and HK draw some two thousand rarer characters (𠮷 𡷊); they are opened only when a
name needs them. What none of them has (𬎆) is refused by name, never left blank.
"""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from reportlab.pdfbase import pdfmetrics, ttfonts

REGULAR, BOLD = "FieldVisit", "FieldVisit-Bold"
ROOT = Path(__file__).resolve().parents[1]
_LATIN = {REGULAR: "FieldVisit-Latin", BOLD: "FieldVisit-Latin-Bold"}
_FILES = {
    REGULAR: ("NotoSansSC", 400), BOLD: ("NotoSansSC", 700),
    _LATIN[REGULAR]: ("NotoSans", 400), _LATIN[BOLD]: ("NotoSans", 700),
}  # fmt: skip
# Asked in this order for a character that the others lack.
_RARE = {
    REGULAR: {"FieldVisit-JP": ("NotoSansJP", 400), "FieldVisit-HK": ("NotoSansHK", 400)},
    BOLD: {"FieldVisit-JP-Bold": ("NotoSansJP", 700), "FieldVisit-HK-Bold": ("NotoSansHK", 700)},
}  # fmt: skip
_PACKAGES = {
    "NotoSansSC": "noto-sans-sc", "NotoSans": "noto-sans", "NotoSansJP": "noto-sans-jp", "NotoSansHK": "noto-sans-hk",
}  # fmt: skip
_STYLES = {400: "Regular", 700: "Bold"}
# Format, control, private and unassigned characters have no picture even where a font maps them to an empty glyph.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_OPENING, _SHARED = "“‘", "“‘”’…"


class Unprintable(ValueError):
    """A character that no embedded face can draw; `character` is it, `text` where it stands."""

    def __init__(self, character: str, text: str = ""):
        name = unicodedata.name(character, "no name")
        super().__init__(f"cannot print U+{ord(character):04X} ({name})")
        self.character, self.text = character, text


def font_path(weight: int, family: str = "NotoSansSC") -> Path:
    """TrueType file of a family in `weight` 400 or 700: the built copy, else the installed package.

    Raises FileNotFoundError with what to do when neither is there.
    """
    style = _STYLES[weight]
    places = (
        ROOT / "static/dist/fonts" / f"{family}-{weight}.ttf",
        ROOT / "node_modules/@expo-google-fonts" / _PACKAGES[family] / f"{weight}{style}/{family}_{weight}{style}.ttf",
    )
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"{family} {weight} is missing; run npm ci and the build ({places[0]})")


@cache
def _faces() -> dict:
    """Register the faces once per process (0.2 s): {name: TTFont}. Only what a page uses is embedded."""
    ttfonts.makeToUnicodeCMap = to_unicode
    return {name: _face(name) for name in _FILES}


@cache
def _face(name: str) -> ttfonts.TTFont:
    family, weight = (_FILES | _RARE[REGULAR] | _RARE[BOLD])[name]
    pdfmetrics.registerFont(ttfonts.TTFont(name, str(font_path(weight, family))))
    return pdfmetrics.getFont(name)


def ready() -> None:
    """Have the faces registered before a canvas names them."""
    _faces()


def width(text: str, font: str, size: float) -> float:
    """Points that `text` takes. Raises Unprintable: a string that was measured can be drawn."""
    return size * _unit_width(text, font)


@lru_cache(8192)
def _unit_width(text: str, font: str) -> float:
    """Of type one point high: the words of clauses and the figures come again on every paper."""
    _faces()
    return sum(_face(name).stringWidth(piece, 1) for name, piece in runs(text, font))


def check(text: str) -> None:
    """Raise Unprintable for the first character that cannot be drawn in both weights."""
    for font in (REGULAR, BOLD):
        runs(text, font)


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """`text` cut into (face, piece). Raises Unprintable for the first character that no face draws."""
    main, second = _drawable(font), _drawable(_LATIN[font])
    letters = set(text)
    if letters <= main and letters.isdisjoint(_SHARED):
        return [(font, text)]

    def face(i):
        character = text[i]
        if character in second and (character not in main or (character in _SHARED and _beside_latin(text, i))):
            return _LATIN[font]
        if character in main:
            return font
        return _rare(character, font, text)

    chosen = groupby(((face(i), text[i]) for i in range(len(text))), key=lambda pair: pair[0])
    return [(name, "".join(character for _, character in group)) for name, group in chosen]


def _rare(character: str, font: str, text: str) -> str:
    """The first of the rarer faces that draws it. Raises Unprintable."""
    if unicodedata.category(character) not in _UNSEEN:
        for name in _RARE[font]:
            if character in _drawable(name):
                return name
    raise Unprintable(character, text)


def _beside_latin(text: str, i: int) -> bool:
    inner = text[i + 1:] if text[i] in _OPENING else text[:i][::-1]
    return next((ord(c) < 0x2000 for c in inner if not c.isspace() and c not in _SHARED), False)


def spelled(text: str) -> str:
    """`text` with every character that cannot be drawn spelled as [U+1F44D].

    For remarks only, such as a caption typed by a collector: a name or a term must be drawn or refused.
    """
    main, second = _drawable(REGULAR), _drawable(_LATIN[REGULAR])
    return "".join(c if c in main or c in second or _is_rare(c) else f"[U+{ord(c):04X}]" for c in text)


def printable(text: str) -> str:
    """The first character of `text` that cannot be drawn; "" when all can."""
    try:
        check(text)
    except Unprintable as refused:
        return refused.character
    return ""


def _is_rare(character: str) -> bool:
    try:
        return bool(_rare(character, REGULAR, character))
    except Unprintable:
        return False


@cache
def _drawable(font: str) -> frozenset:
    _faces()
    glyphs = _face(font).face.charToGlyph
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
