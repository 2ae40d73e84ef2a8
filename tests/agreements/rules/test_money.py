import pytest

from agreements.rules import money

from .reading import vectors


@pytest.mark.parametrize("vector", vectors("money"))
def test_money_reads_as_a_bank_would_write_it(vector):
    given = vector["in"]
    call = getattr(money, given["function"])
    if "refused" in vector:
        with pytest.raises(ValueError, match=vector["refused"]):
            call(*given["arguments"])
    else:
        assert call(*given["arguments"]) == vector["out"]


def test_capital_figures_can_be_read_back():
    """An independent reader of capital figures gives the amount again, for every digit in every place."""
    for power in range(14):
        for digit in range(1, 10):
            for rest in (0, 1, 10**power // 2, 7 * 10 ** max(power - 3, 0)):
                fen = digit * 10**power + rest % 10**power if power else digit
                assert _read(money.capital(fen)) == fen


def _read(words: str) -> int:
    whole, _, small = words.removesuffix("整").rpartition("元") if "元" in words else ("", "", words.removesuffix("整"))
    total = section = digit = 0
    for sign in whole:
        if sign in money.DIGITS:
            digit = money.DIGITS.index(sign)
        elif sign in "亿万":
            total, section, digit = total + (section + digit) * {"亿": 10**8, "万": 10**4}[sign], 0, 0
        else:
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
    fen = (total + section + digit) * 100
    for sign, before in zip(small[1:], small, strict=False):
        fen += money.DIGITS.index(before) * {"角": 10, "分": 1}.get(sign, 0) if before in money.DIGITS else 0
    return fen


def test_an_amount_in_words_never_goes_on_above_9999_yi():
    assert money.capital(money.MOST_FEN).startswith("玖仟玖佰玖拾玖亿")
    with pytest.raises(ValueError, match=r"money\.too_large"):
        money.capital(money.MOST_FEN + 1)


@pytest.mark.parametrize("amount", [True, 1.0, "1", None, -1])
def test_only_whole_fen_are_money(amount):
    for call in (money.yuan, money.capital, money.percent):
        with pytest.raises(ValueError, match=r"money\.whole"):
            call(amount)
