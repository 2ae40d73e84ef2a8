"""Money is a whole number of fen; here it becomes what people read. Twin: static/src/rules/money.js."""

from .refusal import Refused

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("亿", "万", "")
MOST_FEN = 9999_9999_9999_99  # 9999 亿 9999 万 9999 yuan 99 fen: the words go no further


def yuan(fen: int) -> str:
    """801150 -> "8,011.50". Raises Refused("money.whole") for a negative amount or anything but a whole number."""
    _whole(fen)
    return f"{fen // 100:,}.{fen % 100:02d}"


def half_up(num: int, den: int) -> int:
    """num/den rounded to a whole number, one half upwards (compliance.md F.1). num >= 0, den > 0."""
    if num < 0 or den <= 0:
        raise Refused("money.fraction")
    return (2 * num + den) // (2 * den)


def percent(ppm: int) -> str:
    """A yearly rate in parts per million, without trailing zeros: 72000 -> "7.2%"."""
    _whole(ppm)
    places = f"{ppm % 10_000:04d}".rstrip("0")
    return f"{ppm // 10_000}{'.' if places else ''}{places}%"


def capital(fen: int) -> str:
    """The amount in capital figures, as banks write it: 801150 -> "捌仟零壹拾壹元伍角整".

    Zeros that stand together give one 零, zeros at the end of a group none; 整 closes an amount without fen
    (Payment and Settlement Measures, annex 1). Raises Refused("money.too_large") above 9999 亿.
    """
    _whole(fen)
    if fen > MOST_FEN:
        raise Refused("money.too_large")
    if fen == 0:
        return "零元整"
    whole, jiao, cents = fen // 100, fen // 10 % 10, fen % 10
    words = _whole_yuan(whole) + "元" if whole else ""
    if jiao:
        words += DIGITS[jiao] + "角"
    elif cents and whole:
        words += "零"
    return words + (DIGITS[cents] + "分" if cents else "整")


def _whole_yuan(number: int) -> str:
    words, gap = "", False
    for scale, name in zip((10**8, 10**4, 1), GROUPS, strict=True):
        group = number // scale % 10_000
        if group == 0:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _four(group) + name
        gap = False
    return words


def _four(group: int) -> str:
    words, gap = "", False
    for digit, place in zip(map(int, f"{group:04d}"), PLACES, strict=True):
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + DIGITS[digit] + place
        gap = False
    return words


def _whole(number: int) -> None:
    if type(number) is not int or number < 0:
        raise Refused("money.whole")
