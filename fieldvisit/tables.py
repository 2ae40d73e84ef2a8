"""Bytes → rows (CSV in UTF-8, UTF-16 or GB18030, and .xlsx), and refused rows → CSV. What is no table says so.

Rows stream: (number of the row as a spreadsheet shows it, cells). The file is only read.
"""

import codecs
import csv
import hashlib
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from django.conf import settings
from openpyxl import Workbook, load_workbook

from .problems import Refused
from .rules.cells import plain

MOST_BYTES = 64 * 10**6  # about 200,000 rows of 30 columns; IMPORT_MOST_BYTES in the settings
UNPACKED = 10  # a workbook may unpack to this many times the limit
CHUNK = 1024 * 1024
DELIMITERS = ",\t;"
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
MARKS = [(codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")]
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")

# a workbook's odd styles and dates are judged cell by cell, not on stderr
warnings.filterwarnings("ignore", module="openpyxl")


@dataclass(frozen=True)
class Sheet:
    """One way to read the file as rows: a sheet of a workbook, or a CSV by one delimiter."""

    name: str
    rows: Callable[[], Iterator[tuple[int, Sequence]]]


@contextmanager
def opened(file: BinaryIO) -> Iterator[tuple[str, list[Sheet]]]:
    """Yields (SHA-256 of the bytes, sheets). Refused("import.empty", ".too_big", ".old_excel", ".no_table", …)."""
    most = getattr(settings, "IMPORT_MOST_BYTES", MOST_BYTES)
    size = file.seek(0, io.SEEK_END)
    if size > most:
        raise Refused("import.too_big", size=-(-size // 10**6), most=most // 10**6)
    file.seek(0)
    start = file.read(8)
    if start == OLD_EXCEL:
        raise Refused("import.old_excel")
    if start.startswith(b"PK\x03\x04"):
        with _workbook(file, most * UNPACKED) as sheets:
            yield _digest(file), sheets
        return
    encoding = _encoding(file)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield _digest(file), [Sheet("", lambda by=by: _csv_rows(text, by)) for by in DELIMITERS]
    finally:
        text.detach()  # the file stays its owner's to close


def _digest(file: BinaryIO) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _encoding(file: BinaryIO) -> str:
    """The first encoding that the whole file obeys; GB18030 last, since it takes almost any bytes."""
    file.seek(0)
    start = file.read(4)
    marked = [encoding for mark, encoding in MARKS if start.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        seen = _decodes(file, encoding)
        if seen == "":
            raise Refused("import.empty")
        if seen:
            return encoding
    raise Refused("import.no_table")


def _decodes(file: BinaryIO, encoding: str) -> str | None:
    """ "" when nothing but blanks is there, "text", or None when the bytes are not of this encoding or no text."""
    decoder, seen = codecs.getincrementaldecoder(encoding)(), ""
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            text = decoder.decode(chunk)
            if "\0" in text:
                return None
            seen = seen or ("text" if text.strip() else "")
        decoder.decode(b"", True)
    except UnicodeError:
        return None
    return seen


def _csv_rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    text.seek(0)
    # strict: a quotation mark left open would swallow the rows after it without a word
    reader, number = csv.reader(text, delimiter=delimiter, strict=True), 0
    try:
        for number, row in enumerate(reader, start=1):
            yield number, row
    except csv.Error:
        raise Refused("import.quote", row=number + 1) from None


@contextmanager
def _workbook(file: BinaryIO, most: int) -> Iterator[list[Sheet]]:
    with _sound():
        with zipfile.ZipFile(file) as package:
            # zipfile stops at the size that the directory claims, so the claim bounds what is unpacked
            unpacked = sum(entry.file_size for entry in package.infolist())
            if "xl/workbook.xml" not in package.namelist():
                raise Refused("import.no_table")
        if unpacked > most:
            raise Refused("import.too_big_inside", size=unpacked // 10**6, most=most // 10**6)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        yield [Sheet(sheet.title, lambda sheet=sheet: _sheet_rows(sheet)) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet_rows(sheet) -> Iterator[tuple[int, tuple]]:
    with _sound():
        sheet.reset_dimensions()  # what a file says of its size need not be so
        yield from enumerate(sheet.iter_rows(values_only=True), start=1)


@contextmanager
def _sound() -> Iterator[None]:
    """Whatever a broken workbook raises inside openpyxl becomes one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, KeyError, ValueError, TypeError, AttributeError,
            IndexError, EOFError, OSError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise Refused("import.broken_workbook") from error


def write_csv(stream: BinaryIO, rows: Iterable[Sequence]) -> None:
    """UTF-8 with the mark that spreadsheets look for. No cell can start a formula, and no long number loses digits.

    Such cells get a leading apostrophe, which reading takes off again.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_harmless(plain(cell)) for cell in row])
    text.flush()
    text.detach()


def write_xlsx(stream: BinaryIO, rows: Iterable[Sequence], *, title: str) -> None:
    """A workbook of one sheet. Whole numbers and decimals stay numbers; no text can start a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([cell if isinstance(cell, int | float) else _harmless(plain(cell)) for cell in row])
    book.save(stream)


def _harmless(value: str) -> str:
    long_number = len(value) > 11 and value[:-1].isdigit()
    return f"'{value}" if value.startswith(RISKY) or long_number else value
