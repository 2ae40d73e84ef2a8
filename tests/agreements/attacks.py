"""How somebody might change a sealed paper: each function takes its bytes and gives other ones that still look sealed.

Sources: Mladenov and others, "1 Trillion Dollar Refund" (2019): incremental saving, signature wrapping, universal
forgery. "Shadow Attacks" (2021): hide, replace, hide-and-replace. Rohlmann and others, "Breaking the Specification"
(2021): evil annotation, sneaky signature. And what a public timestamp authority adds to each of them.
"""

import io
import re
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.generic import pdf_string as text
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import PdfTimeStamper

from agreements.pades.archive import _Given
from agreements.pades.seal import Writer
from tests.agreements import seals

UPDATES: dict[str, Callable] = {}
RAW: dict[str, Callable] = {}
RED = b"1 0 0 rg 0 0 600 800 re f"


def update(change: Callable) -> Callable:
    """A change that is appended as a revision of its own: the sealed bytes stay as they are."""

    def attack(paper: bytes) -> bytes:
        writer = Writer(io.BytesIO(paper))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    UPDATES[change.__name__] = attack
    attack.change = change
    return attack


def raw(attack: Callable) -> Callable:
    RAW[attack.__name__] = attack
    return attack


def first_page(writer):
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    writer.mark_update(page.container_ref)
    return page


def stream(writer, data=RED, **more):
    return writer.add_object(generic.StreamObject({pdf_name(f"/{k}"): v for k, v in more.items()}, stream_data=data))


def numbers(*values):
    return generic.ArrayObject(generic.NumberObject(v) for v in values)


def put(writer, holder, key, value):
    holder[pdf_name(key)] = value
    writer.update_container(holder)


# --- what a reader would see


@update
def content_replaced(writer):
    first_page(writer)[pdf_name("/Contents")] = stream(writer)


@update
def content_appended(writer):
    page = first_page(writer)
    page[pdf_name("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), stream(writer)])


@update
def content_emptied(writer):
    first_page(writer)[pdf_name("/Contents")] = stream(writer, b"")


def annotated(writer, subtype, **more):
    page = first_page(writer)
    form = stream(writer, Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 400, 400))
    note = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name(subtype), pdf_name("/F"): numbers(4)[0],
        pdf_name("/Rect"): numbers(50, 50, 450, 450),
        pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): form}),
        **{pdf_name(f"/{key}"): value for key, value in more.items()},
    })  # fmt: skip
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", []), writer.add_object(note)])


@update
def a_stamp_laid_over(writer):
    annotated(writer, "/Stamp")


@update
def free_text_laid_over(writer):
    annotated(writer, "/FreeText", Contents=text("7,000.00"), DA=text("/Helv 12 Tf"))


@update
def a_redaction_laid_over(writer):
    annotated(writer, "/Redact")


@update
def a_link_laid_over(writer):
    annotated(writer, "/Link", A=generic.DictionaryObject({
        pdf_name("/S"): pdf_name("/URI"), pdf_name("/URI"): text("https://pay.example/")}))  # fmt: skip


@update
def a_text_field_laid_over(writer):
    annotated(writer, "/Widget", FT=pdf_name("/Tx"), T=text("sum"), V=text("7,000.00"))
    page = first_page(writer)
    form = writer.root["/AcroForm"]
    form["/Fields"].append(page["/Annots"].raw_get(-1))
    writer.update_container(form["/Fields"])


@update
def the_page_turned(writer):
    first_page(writer)[pdf_name("/Rotate")] = generic.NumberObject(180)


@update
def the_page_cut(writer):
    first_page(writer)[pdf_name("/CropBox")] = numbers(0, 400, 595, 842)


@update
def the_page_made_larger(writer):
    first_page(writer)[pdf_name("/MediaBox")] = numbers(0, 0, 1200, 1700)


@update
def a_font_replaced(writer):
    font = next(iter(first_page(writer)["/Resources"]["/Font"].values()))
    put(writer, font.get_object(), "/BaseFont", pdf_name("/Courier"))


@update
def a_page_added(writer):
    page = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Page"), pdf_name("/Contents"): stream(writer),
        pdf_name("/MediaBox"): numbers(0, 0, 595, 842)})  # fmt: skip
    writer.insert_page(page)


@update
def a_page_taken_away(writer):
    kids = writer.root["/Pages"]["/Kids"]
    kids.pop()
    put(writer, writer.root["/Pages"], "/Count", generic.NumberObject(len(kids)))
    writer.update_container(kids)


@update
def pages_swapped(writer):
    kids = writer.root["/Pages"]["/Kids"]
    kids[0], kids[1] = kids.raw_get(1), kids.raw_get(0)
    writer.update_container(kids)


@update
def a_layer_that_hides(writer):
    group = writer.add_object(generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): text("x")}))  # fmt: skip
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject({
        pdf_name("/OCGs"): generic.ArrayObject([group]),
        pdf_name("/D"): generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject([group])})})  # fmt: skip
    writer.update_root()


@update
def the_seals_picture_replaced(writer):
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    form = stream(writer, Type=pdf_name("/XObject"), Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 57, 57))
    put(writer, field, "/AP", generic.DictionaryObject({pdf_name("/N"): form}))


@update
def the_seal_made_to_cover_the_page(writer):
    put(writer, writer.root["/AcroForm"]["/Fields"][0].get_object(), "/Rect", numbers(0, 0, 595, 842))


# --- what a program would read


@update
def the_evidence_replaced(writer):
    spec = writer.root["/AF"][0].get_object()
    put(writer, spec, "/EF", generic.DictionaryObject({pdf_name("/F"): stream(writer, b"{}")}))


@update
def the_evidence_taken_away(writer):
    writer.root[pdf_name("/Names")] = generic.DictionaryObject()
    writer.update_root()


@update
def metadata_replaced(writer):
    writer.root[pdf_name("/Metadata")] = stream(writer, b"<x/>", Type=pdf_name("/Metadata"), Subtype=pdf_name("/XML"))
    writer.update_root()


@update
def the_language_changed(writer):
    writer.root[pdf_name("/Lang")] = text("fr")
    writer.update_root()


@update
def the_bookmarks_taken_away(writer):
    writer.root[pdf_name("/Outlines")] = generic.NullObject()
    writer.update_root()


@update
def a_script_on_opening(writer):
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject({
        pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): text("this.print()")})  # fmt: skip
    writer.update_root()


# --- the seal's own furniture


@update
def the_permission_taken_away(writer):
    del writer.root["/Perms"]
    writer.update_root()


@update
def the_seal_pointed_elsewhere(writer):
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    put(writer, field, "/V", writer.add_object(generic.DictionaryObject(dict(field["/V"].items()))))


@update
def the_seal_taken_off_its_field(writer):
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    del field["/V"]
    writer.update_container(field)


@update
def a_signature_field_added(writer):
    fields.append_signature_field(writer, fields.SigFieldSpec("Second", on_page=0, box=(10, 10, 60, 60)))


@update
def revocation_data_added(writer):
    writer.root[pdf_name("/DSS")] = writer.add_object(generic.DictionaryObject(
        {pdf_name("/Certs"): generic.ArrayObject([stream(writer, b"0")])}))  # fmt: skip
    writer.update_root()


@update
def revocation_data_taken_away(writer):
    writer.root[pdf_name("/DSS")] = generic.NullObject()
    writer.update_root()


@update
def nothing_at_all(writer):
    writer.update_root()


# --- signed or timestamped by somebody else afterwards


def _written(writer) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class Lawless(signers.PdfSigner):
    """pyHanko itself would not sign what is certified against changes."""

    def _enforce_certification_constraints(self, reader):
        pass


def signed_again(paper, by):
    meta = signers.PdfSignatureMetadata(field_name="Second", md_algorithm="sha256")
    return Lawless(meta, seals.signer(seals.folder(by))).sign_pdf(Writer(io.BytesIO(paper))).getvalue()


@raw
def a_strangers_signature_appended(paper):
    return signed_again(paper, "seal-of-a-stranger")


@raw
def our_own_signature_appended(paper):
    return signed_again(paper, "seal")


def timestamped(paper, take=seals.token, writer=Writer, name="Timestamp9"):
    stamper = PdfTimeStamper(_Given(take), field_name=name)
    return stamper.timestamp_pdf(writer(io.BytesIO(paper)), "sha256", bytes_reserved=24 * 1024).getvalue()


@raw
def a_strangers_timestamp_appended(paper):
    stranger = seals.authority(seals.folder("time-of-a-stranger"))
    ask = seals.pades.ask
    root = [seals.folder("time-of-a-stranger") / "root.pem"]
    return timestamped(paper, lambda digest: ask(stranger, digest, roots=root).der)


@raw
def a_trusted_timestamp_by_another_program(paper):
    """Every program but ours writes itself into the metadata: a change, however harmless."""
    return timestamped(paper, writer=IncrementalPdfFileWriter)


@raw
def a_trusted_timestamp_that_draws_over_the_page(paper):
    made = timestamped(paper)
    writer = Writer(io.BytesIO(made))
    field = writer.root["/AcroForm"]["/Fields"][-1].get_object()
    put(writer, field, "/Rect", numbers(0, 0, 595, 842))
    return timestamped(_written(writer), name="Timestamp10")


# --- the bytes themselves


def _gap(paper):
    start = paper.index(b"<3082")
    return start, paper.index(b">", start)


@raw
def hexadecimal_in_small_letters(paper):
    start, end = _gap(paper)
    return paper[:start] + paper[start:end].lower() + paper[end:]


@raw
def blanks_in_the_gap(paper):
    _, end = _gap(paper)
    return paper[: end - 6] + b"      " + paper[end:]


@raw
def something_hidden_in_the_gap(paper):
    _, end = _gap(paper)
    return paper[: end - 6] + b"C0FFEE" + paper[end:]


def ranged(change):
    def attack(paper):
        found = re.search(rb"/ByteRange ?\[([\d ]+)\]", paper)
        ranges = change([int(n) for n in found[1].split()])
        written = b" ".join(b"%d" % n for n in ranges)
        return paper[: found.start(1)] + written.ljust(len(found[1])) + paper[found.end(1) :]

    return attack


for _name, _change in {
    "a_range_that_ends_earlier": lambda r: [r[0], r[1], r[2], r[3] - 10],
    "a_range_that_begins_later": lambda r: [7, r[1] - 7, r[2], r[3]],
    "a_range_with_a_wider_gap": lambda r: [r[0], r[1] - 10, r[2], r[3]],
    "a_range_with_a_wider_gap_behind": lambda r: [r[0], r[1], r[2] + 10, r[3] - 10],
    "an_empty_range": lambda r: [0, 0, 0, 0],
    "a_range_beyond_the_end": lambda r: [r[0], r[1], r[2], r[3] + 999],
}.items():
    RAW[_name] = ranged(_change)

for _name, _bytes in {
    "a_line_end_behind": b"\n", "a_comment_behind": b"%hello\n", "another_end_behind": b"\n%%EOF\n",
    "zeros_behind": bytes(64), "another_paper_behind": b"%PDF-1.7\n%%EOF\n",
}.items():
    RAW[_name] = lambda paper, tail=_bytes: paper + tail


@raw
def something_in_front(paper):
    return b"%PDF-1.7\n" + paper


@raw
def the_end_cut_off(paper):
    return paper[:-7]


@raw
def the_whole_file_written_anew(paper):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        pdf.save(out)
    return out.getvalue()


@raw
def the_seal_of_another_paper(paper):
    other = seals.sealed()
    start, end = _gap(paper)
    o_start, o_end = _gap(other)
    return paper[:start] + other[o_start:o_end].ljust(end - start, b"0")[: end - start] + paper[end:]


@raw
def an_old_style_table_behind(paper):
    """A revision by a bare cross-reference table, as no writer of ours would make it."""
    found = re.search(rb"/Root (\d+) 0 R", paper) or re.search(rb"/Root (\d+)", paper)
    root, size = int(found[1]), 5000
    last = int(re.findall(rb"startxref\s+(\d+)", paper)[-1])
    at = len(paper) + 1
    body = b"\n%d 0 obj\n<</Type/Catalog>>\nendobj\n" % root
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        root, at, size, root, last, at + len(body) - 1)  # fmt: skip
    return paper + body + table
