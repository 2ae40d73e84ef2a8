"""One cell of a creditor's file → one value of ours. Pure; nothing is guessed and no sum ever becomes a float.

A cell is what CSV and Excel give: str, int, float, bool, date, datetime or None. Every reader returns a plain value
that JSON can hold (days as YYYY-MM-DD), "" or None for an empty cell, or raises Unreadable with a code of problems.py.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

MOST_FEN = 10**13  # a hundred thousand million yuan: beyond it a figure is a slip, and 大写 and JSON stay exact
NOTHING = {"", "-", "--", "—", "——", "/", "无", "N/A", "NULL", "NONE"}
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
ODD = dict.fromkeys(range(0x20), " ") | dict.fromkeys([0x7F, 0x85, 0xA0, 0x2028, 0x2029, 0x3000], " ")
# signs that take no place, and those that turn the reading order round: a name must not show as another
ODD |= dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)])
ODD |= dict.fromkeys([*range(0x2066, 0x206A), 0x61C, 0xFEFF])
HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
BETWEEN_HAN = re.compile(f"(?<=[{HAN}]) +(?=[{HAN}])")
NUMBER = re.compile(r"(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?(?:\.0+)?)?")
DAY_IN_ONE = re.compile(r"(\d{4})(\d\d)(\d\d)")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
MONTH_NAME = re.compile(r"([A-Za-z]{3})[a-z]*[- ](\d{4})")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
PHONE = re.compile(r"(?:\+86|0086)?(1\d{10})")
PHONES = re.compile(r"[0-9+()/、,; 转-]*\d{5}[0-9+()/、,; 转-]*")


class Unreadable(ValueError):
    """Why a cell says nothing we can take: a code of problems.py and what fills its sentence."""

    def __init__(self, code: str, **params):
        super().__init__(code)
        self.code, self.params = code, params


def plain(cell) -> str:
    """The cell as one line of text without control and zero-width characters. Every letter of a name stays."""
    if isinstance(cell, str):
        # most cells need nothing; wide blanks, control and zero-width characters do not count as printable
        if cell.isprintable() and " " not in cell and cell[:1] != "'":
            return cell
        text = cell
    elif cell is None:
        return ""
    elif isinstance(cell, float):
        # 15 digits are what Excel itself keeps and shows
        text = format(Decimal(f"{cell:.15g}"), "f")
    elif isinstance(cell, datetime):
        text = cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    else:
        text = cell.isoformat() if isinstance(cell, date) else str(cell)
    if not text.isprintable():
        text = text.translate(ODD)
    text = " ".join(text.split())
    # the mark that keeps a spreadsheet from reckoning with a cell
    return text[1:].lstrip() if text[:1] == "'" else text


def text(cell, *, most: int = 200) -> str:
    if isinstance(cell, int | float) and abs(cell) >= 10**15:
        raise Unreadable("import.digits_lost")
    value = plain(cell)
    if len(value) > most:
        raise Unreadable("import.too_long", most=most)
    if value in ERRORS:
        raise Unreadable("import.error_value")
    return value


def words(cell, *, most: int = 200) -> str:
    """Names and addresses: blanks between Chinese characters are padding."""
    value = text(cell, most=most)
    return BETWEEN_HAN.sub("", value) if " " in value else value


def number(cell, *, most: int = 64) -> str:
    """A contract number: text without blanks, half-width. Excel's 2.018E+16 has lost digits and is refused."""
    value = squeezed(text(cell, most=most))
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", value):
        raise Unreadable("import.digits_lost")
    return value


def squeezed(value: str) -> str:
    """Half-width and without any blank."""
    return value if value.isascii() and " " not in value else unicodedata.normalize("NFKC", value).replace(" ", "")


def decimal(cell) -> Decimal | None:
    """A number with at most thousands separators, a currency sign, and a sign in front."""
    if isinstance(cell, bool):
        raise Unreadable("import.number")
    value = squeezed(text(cell)).strip("¥元")
    if value.upper() in NOTHING:
        return None
    found = NUMBER.fullmatch(value)
    if not found:
        raise Unreadable("import.number")
    return Decimal(value.replace(",", ""))


def fen(cell) -> int | None:
    """Yuan with at most two places → fen."""
    value = decimal(cell)
    if value is None:
        return None
    if value < 0:
        raise Unreadable("import.negative")
    # the size first: beyond the context's 28 digits a product would be rounded
    if value >= MOST_FEN // 100:
        raise Unreadable("import.too_large")
    if len(str(value).partition(".")[2].rstrip("0")) > 2:
        raise Unreadable("import.places")
    return int(value * 100)


def ppm(cell) -> int | None:
    """A rate in per cent a year → parts per million."""
    value = decimal(str(cell).rstrip("%％ ") if isinstance(cell, str) else cell)
    if value is None:
        return None
    if value < 0:
        raise Unreadable("import.negative")
    if value > 1000:
        raise Unreadable("import.too_large")
    if len(str(value).partition(".")[2].rstrip("0")) > 4:
        raise Unreadable("import.rate_places")
    return int(value * 10000)


def whole(cell) -> int | None:
    value = decimal(cell)
    if value is None:
        return None
    if value < 0:
        raise Unreadable("import.negative")
    if value > 32767:
        raise Unreadable("import.too_large")
    if value != int(value):
        raise Unreadable("import.whole")
    return int(value)


def e7(cell, *, most: int) -> int | None:
    """Degrees → 1e-7 degrees, between -most and most."""
    value = decimal(cell)
    if value is None:
        return None
    if abs(value) > most:
        raise Unreadable("import.coordinates")
    return int((value * 10**7).to_integral_value())


def day(cell) -> str | None:
    """A date by year, month, day → YYYY-MM-DD. `11/12/2026` says two days and is refused."""
    if isinstance(cell, date):
        return (cell.date() if isinstance(cell, datetime) else cell).isoformat()
    value = unicodedata.normalize("NFKC", text(cell))
    if value.upper() in NOTHING:
        return None
    found = DAY.fullmatch(value) or DAY_IN_ONE.fullmatch(value)
    if not found:
        raise Unreadable("import.date")
    return _real(*map(int, found.groups()))


def month(cell) -> str | None:
    """`Mar-2018`, `2018-03`, `2018年3月` → the first of that month; a full date stays itself."""
    value = unicodedata.normalize("NFKC", text(cell)) if isinstance(cell, str) else ""
    if (found := MONTH_NAME.fullmatch(value)) and found[1].lower() in MONTHS:
        return _real(int(found[2]), MONTHS.index(found[1].lower()) + 1, 1)
    if found := MONTH.fullmatch(value):
        return _real(int(found[1]), int(found[2]), 1)
    return day(cell)


def day_in(sentence: str) -> str | None:
    """The first day named in a title such as 截至2026年11月23日; None when there is none."""
    found = DAY.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", sentence)))
    try:
        return _real(*map(int, found.groups())) if found else None
    except Unreadable:
        return None


def phone(cell) -> str:
    """A mobile number by its 11 digits; several numbers or an extension stay as they are written."""
    value = unicodedata.normalize("NFKC", text(cell, most=32))
    if value.upper() in NOTHING:
        return ""
    if found := PHONE.fullmatch(re.sub(r"[ -]", "", value)):
        return found[1]
    if not PHONES.fullmatch(value):
        raise Unreadable("import.mobile")
    return value


def _real(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unreadable("import.no_such_day") from None
