"""From terms, signatures and the server's facts to one PDF/A-3b: the same input gives the same bytes.

`evidence` = {"agreement": agreement/1, "signatures": [signature/1, …]}. `facts` is what the server knows at that
moment: number, check_code, terms_sha256, evidence_sha256, verify_url, clocks, timestamp, device_ids, collectors,
position, position_refused, present, photos, not_done, events; supersedes, if it replaces another; and, if a
signer other than the debtor has a name to print, names = {party: name}.
"""

import io
from dataclasses import dataclass
from importlib.resources import files
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from reportlab.pdfgen.canvas import Canvas

from agreements import certificate, deed, fonts
from agreements.fonts import Unprintable  # noqa: F401  callers catch pdf.Unprintable
from agreements.paper import BOTTOM, GREY, LEFT, MM, PAGE_H, PAGE_W, RIGHT, SEAL, paged, paint, put
from agreements.words import labels

ATTACHMENT, TOKEN = "evidence.json", "evidence.tst"
_KINDS = {  # name: (media type, relationship, description); .tst by ETSI EN 319 162-1
    ATTACHMENT: ("/application/json", Name.Data, "Evidence: agreement and signatures"),
    "clearance.json": ("/application/json", Name.Data, "What was paid, and when"),
    TOKEN: ("/application/vnd.etsi.timestamp-token", Name.Supplement, "RFC 3161 timestamp over evidence.json"),
}
_LANG = {"zh-hans": "zh-Hans", "en": "en"}
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True)
class Rendered:
    """The unsigned PDF; the page (0 for the first) and box (x0, y0, x1, y1 in points) kept free for the seal."""

    pdf: bytes
    seal_page: int
    seal_box: tuple[int, int, int, int]


def render(
    evidence: dict, facts: dict, *, evidence_json: bytes, evidence_token: bytes | None = None,
    photos: dict[str, bytes] | None = None,
) -> Rendered:
    """Draw the agreement and its certificate, with `evidence_json` and the timestamp token over it attached.

    `photos` = {"page-01.jpg": bytes} are the pages of a paper that was signed by hand.

    Raises Unprintable, before anything is drawn, for a character that no embedded face has.
    """
    agreement, signatures = evidence["agreement"], evidence["signatures"]
    language = agreement["language"]
    say = labels(language)
    sheets = paged([*deed.pages(agreement, signatures, facts), *certificate.pages(agreement, signatures, facts)])
    title = f"{say['title']} {facts['number']}"
    head = f"{say['title']}　{say['number'].format(facts['number'])}", say["check"].format(facts["check_code"])
    foot = say["foot"].format(agreement["parties"]["creditor"]["name"])
    attached = {ATTACHMENT: evidence_json} | ({TOKEN: evidence_token} if evidence_token else {}) | (photos or {})
    return bound(sheets, title=title, head=head, foot=(foot, say["page"]), lang=_LANG[language], attached=attached)


def blank(agreement: dict, facts: dict) -> tuple[bytes, int]:
    """The same text to be signed by hand, its hash on every page → (PDF, number of pages). Raises Unprintable.

    `facts`: number, check_code, terms_sha256, verify_url, clocks.
    """
    language = agreement["language"]
    say = labels(language)
    known = facts | {"collectors": [], "by_hand": True}
    sheets = paged(deed.pages(agreement, [], known))
    head = say["title"], say["check"].format(facts["check_code"])
    foot = f"SHA-256 {facts['terms_sha256']}"
    made = bound(sheets, title=f"{say['title']} {facts['check_code']}", head=head, foot=(foot, say["page"]),
                 lang=_LANG[language], attached={})
    return made.pdf, len(sheets)


def bound(sheets, *, title: str, head: tuple, foot: tuple, lang: str, attached: dict[str, bytes]) -> Rendered:
    """Laid-out sheets as one archived PDF. `head` is (left, right); `foot` ends in the words for page {} of {}."""
    for words in (*head, foot[0], title):
        fonts.check(words)
    canvas, out = _canvas(PAGE_W, PAGE_H)
    seal = None
    for number, sheet in enumerate(sheets):
        _furniture(canvas, head, (foot[0], foot[1].format(number + 1, len(sheets))))
        paint(canvas, sheet)
        for block, top in sheet:
            if block.mark:
                key = f"s{number}-{round(top)}"
                canvas.bookmarkHorizontal(key, 0, top + 10)
                canvas.addOutlineEntry(block.mark[0], key, block.mark[1], closed=False)
            if block.anchor:
                x, y, w, h = block.anchor[1]
                seal = number, tuple(round(v) for v in (LEFT + x, top - y - h, LEFT + x + w, top - y))
        canvas.showPage()
    canvas.save()
    return Rendered(archived(out.getvalue(), title, lang, attached), *seal)


def _canvas(width, height) -> tuple[Canvas, io.BytesIO]:
    fonts.ready()
    out = io.BytesIO()
    # ReportLab would otherwise name Helvetica, unembedded, on every page.
    canvas = Canvas(out, pagesize=(width, height), invariant=1, pageCompression=1, initialFontName=fonts.REGULAR)
    return canvas, out


def _furniture(canvas, head, foot) -> None:
    size = 8.5
    for y, (left, right) in ((PAGE_H - 14 * MM, head), (BOTTOM - 10 * MM, foot)):
        put(canvas, LEFT, y, left, fonts.REGULAR, size, GREY)
        put(canvas, RIGHT - fonts.width(right, fonts.REGULAR, size), y, right, fonts.REGULAR, size, GREY)


def stamp(name: str) -> bytes:
    """A one-page PDF of the creditor's seal: `name` (甲银行 becomes 甲银 / 行印) in a square red frame.

    Legal suffixes are left out and 印 closes a Chinese name; a longer name gets more columns and smaller type.
    """
    side = 56.0
    lines = seal_lines(name)
    longest = max(fonts.width(line, fonts.BOLD, 1) for line in lines)
    size = min((side - 14) / longest, (side - 12) / (1.18 * len(lines)))
    canvas, out = _canvas(side, side)
    canvas.setStrokeColorRGB(*SEAL)
    canvas.setLineWidth(2)
    canvas.roundRect(1.5, 1.5, side - 3, side - 3, 3.5, stroke=1, fill=0)
    top = side / 2 + size * 1.18 * len(lines) / 2
    for i, line in enumerate(lines):
        x = (side - fonts.width(line, fonts.BOLD, size)) / 2
        put(canvas, x, top - size * 1.18 * (i + 0.5) - 0.37 * size, line, fonts.BOLD, size, SEAL)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def seal_lines(name: str) -> list[str]:
    if name.isascii():
        return name.split()
    for suffix in ("股份有限公司", "有限责任公司", "有限公司"):
        name = name.removesuffix(suffix)
    name += "印"
    columns = next(n for n in range(2, len(name) + 2) if n * n >= len(name))
    return [name[i:i + columns] for i in range(0, len(name), columns)]


def archived(drawn: bytes, title: str, lang: str, attached: dict[str, bytes]) -> bytes:
    """PDF/A-3b of what ReportLab drew: colour intent, XMP, the evidence attached; ISO 19005-3."""
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        root = pdf.Root
        del pdf.trailer["/Info"]
        for each in pdf.objects:
            # written as a list of one, the filter is not recognised and everything is compressed again (9 ms)
            if isinstance(each, Stream) and each.get("/Filter") == [Name.FlateDecode]:
                each.Filter = Name.FlateDecode
        for page in pdf.pages:
            if "/Trans" in page:
                del page["/Trans"]
        icc = pdf.make_stream((files("pikepdf") / "pdfa/data/sRGB.icc").read_bytes(), N=3)
        root.OutputIntents = Array([pdf.make_indirect(Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=String("sRGB"), Info=String("sRGB"),
            DestOutputProfile=icc))])
        root.Metadata = pdf.make_stream(_XMP.format(title=escape(title), lang=lang).encode(), Type=Name.Metadata,
                                        Subtype=Name.XML)
        root.Lang = String(lang)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        specs = [(name, _file(pdf, name, data)) for name, data in sorted(attached.items())]
        root.AF = Array([spec for _, spec in specs])
        root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(
            [entry for name, spec in specs for entry in (String(name), spec)])))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, force_version="1.7", fix_metadata_version=False,
                 object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _photo(name: str) -> tuple:
    """A page as it was photographed: page-01.jpg."""
    stem, _, kind = name.partition(".")
    return f"/image/{'jpeg' if kind == 'jpg' else kind}", Name.Supplement, f"Signed paper, {stem}"


def _file(pdf, name: str, data: bytes):
    """An associated file (ISO 19005-3, 6.8)."""
    media, relationship, words = _KINDS[name] if name in _KINDS else _photo(name)
    embedded = pdf.make_stream(data, Type=Name.EmbeddedFile, Subtype=Name(media), Params=Dictionary(Size=len(data)))
    return pdf.make_indirect(Dictionary(
        Type=Name.Filespec, F=String(name), UF=String(name), AFRelationship=relationship, Desc=String(words),
        EF=Dictionary(F=embedded, UF=embedded)))
