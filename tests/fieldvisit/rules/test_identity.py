from datetime import date

import pytest

from fieldvisit.rules import identity


def test_a_number_tells_birth_date_and_sex():
    assert identity.check("11010519491231002X") == (date(1949, 12, 31), "F")  # the example of GB 11643
    assert identity.check("11010519491231002x") == (date(1949, 12, 31), "F")
    assert identity.check("440524188001010014") == (date(1880, 1, 1), "M")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "identity.length"),
        ("130503670401001", "identity.length"),
        ("11010519491231002X ", "identity.length"),
        ("1101051949123100AX", "identity.characters"),
        ("１1010519491231002X", "identity.characters"),
        ("X10105194912310029", "identity.characters"),
        ("110105194912310021", "identity.check_digit"),
        ("110105194913310021", "identity.birth_date"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(number, code):
    with pytest.raises(ValueError, match=code.replace(".", r"\.")):
        identity.check(number)


def test_any_one_wrong_digit_is_noticed():
    number = "11010519491231002X"
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                with pytest.raises(ValueError, match=r"identity\."):
                    identity.check(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("330105199001014076", "330105********4076"),
        ("E12345678", "*******78"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_a_shown_number_is_not_the_number(number, shown):
    assert identity.mask(number) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("19000000006", "190****0006"), ("0571-88888888", "***********88"), ("7", "*"), ("", "")],
)
def test_a_shown_phone_is_not_the_phone(phone, shown):
    assert identity.mask_phone(phone) == shown
