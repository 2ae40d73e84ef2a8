"""Chinese citizen identity numbers (GB 11643-1999) and what of a person's numbers may be shown."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
OF_AGE = 18  # Civil Code 17, 18


def check(id_number: str) -> tuple[date, str]:
    """(birth date, "M" or "F") of an 18-place number.

    Raises ValueError: "identity.length", "identity.characters", "identity.check_digit", "identity.birth_date".
    """
    number = id_number.upper()
    if len(number) != 18:
        raise ValueError("identity.length")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValueError("identity.characters")
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))  # ISO 7064 MOD 11-2
    if CHECK_DIGITS[total % 11] != number[17]:
        raise ValueError("identity.check_digit")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueError("identity.birth_date") from None
    return born, "M" if int(number[16]) % 2 else "F"


def age(born: date, on: date) -> int:
    """Whole years on that day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def mask(id_number: str) -> str:
    """ "330105199001014076" -> "330105********4076". Of any other paper's number the last two places stay."""
    if len(id_number) == 18:
        return _keep(id_number, 6, 4)
    return _keep(id_number, 0, 2)


def mask_phone(phone: str) -> str:
    """ "19000000006" -> "190****0006". Of anything else the last two places stay."""
    if re.fullmatch(r"[0-9]{11}", phone):
        return _keep(phone, 3, 4)
    return _keep(phone, 0, 2)


def _keep(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
