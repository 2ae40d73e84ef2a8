"""Cells as banks write them, and what we make of them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldvisit.rules import cells, places


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1,234.50", 123450),
        ("１，２３４．５０", 123450),
        (" ¥10,743.90 ", 1074390),
        ("￥8元", 800),
        ("12.3400", 1234),
        ("5.", 500),
        ("-0.00", 0),
        ("", None),
        ("-", None),
        ("无", None),
        (None, None),
        (0, 0),
        (14538.71, 1453871),
        (0.1 + 0.2, 30),  # Excel shows 0.3: it keeps 15 digits
        (29990.9, 2999090),
        ("99999999999.99", 9999999999999),
    ],
)
def test_sums_are_exact_to_the_fen(cell, fen):
    assert cells.fen(cell) == fen


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12.345", "import.places"),
        (14538.714, "import.places"),
        ("-100.00", "import.negative"),
        (-0.01, "import.negative"),
        ("1,23.00", "import.number"),
        ("1.234,50", "import.number"),
        ("12a", "import.number"),
        ("--5", "import.number"),
        (True, "import.number"),
        ("100000000000", "import.too_large"),
        ("9" * 60, "import.too_large"),
        (1e22, "import.digits_lost"),
        ("#REF!", "import.error_value"),
    ],
)
def test_what_is_no_sum_says_why(cell, code):
    with pytest.raises(cells.Unreadable) as why:
        cells.fen(cell)
    assert why.value.code == code


@given(st.integers(0, cells.MOST_FEN - 1))
def test_every_sum_comes_back_from_text_and_from_excels_floats(fen):
    yuan = f"{fen // 100:,}.{fen % 100:02d}"
    assert cells.fen(yuan) == fen
    assert cells.fen(float(yuan.replace(",", ""))) == fen


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-09", "2026-11-09"),
        ("2026/8/23", "2026-08-23"),
        ("２０２６．８．２３", "2026-08-23"),
        ("2026年8月23日", "2026-08-23"),
        ("20260823", "2026-08-23"),
        ("2026-08-23 00:00:00", "2026-08-23"),
        (datetime(2026, 11, 10), "2026-11-10"),
        (date(2026, 11, 10), "2026-11-10"),
        ("", None),
        (None, None),
    ],
)
def test_days_are_read_year_first(cell, day):
    assert cells.day(cell) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026/2/30", "import.no_such_day"),
        ("11/12/2026", "import.date"),
        ("yesterday", "import.date"),
        (46000, "import.date"),
    ],
)
def test_what_is_no_day_says_why(cell, code):
    with pytest.raises(cells.Unreadable) as why:
        cells.day(cell)
    assert why.value.code == code


@pytest.mark.parametrize("cell", ["Mar-2018", "2018-03", "2018年3月", "2018/3/1", datetime(2018, 3, 1)])
def test_a_month_is_its_first_day(cell):
    assert cells.month(cell) == "2018-03-01"


def test_a_rate_in_per_cent_becomes_parts_per_million():
    assert [cells.ppm(cell) for cell in ("15.04", "15.04%", "１５.０４％", 15.04, "0", "")] == [150400] * 4 + [0, None]


def test_names_keep_every_letter_and_lose_only_padding():
    assert cells.words(" 米　英\u3000") == "米英"
    assert cells.words("\ufeff张\u200b三") == "张三"
    # a sign that turns the reading order round makes one name show as another, and no paper may hold it
    assert cells.words("张\u202e三\u2066\u061c\u00ad") == "张三"
    assert cells.words("  阿依古丽·买买提 ") == "阿依古丽·买买提"
    assert cells.words("Li   Lei") == "Li Lei"
    # a compatibility ideograph is another character in a name, not a spelling of the common one
    assert cells.words("\uf9d1") == "\uf9d1"


def test_numbers_that_a_spreadsheet_has_rounded_are_refused():
    for cell in ("2.01803E+16", 2018030100001234567):
        with pytest.raises(cells.Unreadable) as why:
            cells.number(cell)
        assert why.value.code == "import.digits_lost"
    assert cells.number(" ＬＣ００３４３０ ") == "LC003430"
    assert cells.number(19000000121.0) == "19000000121"


def test_telephone_numbers():
    assert cells.phone("１９０００００００６２") == "19000000062"
    assert cells.phone("+86 190-0000-0062") == "19000000062"
    assert cells.phone("0571-88880000转8") == "0571-88880000转8"
    assert cells.phone("-") == ""
    with pytest.raises(cells.Unreadable):
        cells.phone("1.9E+10")


def test_a_title_names_its_day():
    assert cells.day_in("逾期客户清单(截至2026年11月23日)") == "2026-11-23"
    assert cells.day_in("截至 ２０２６ 年 11 月 23 日") == "2026-11-23"
    assert cells.day_in("逾期客户清单 2026/13/45") is None


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("广东省广州市天河区关路32号3栋", ("广东省", "广州市", "天河区", "关路32号3栋")),
        ("浙江省杭州市临安市周街242号", ("浙江省", "杭州市", "临安市", "周街242号")),
        ("杭州市淳安县成都街240号", ("", "杭州市", "淳安县", "成都街240号")),
        ("四川省成都市郫县甘街249号", ("四川省", "成都市", "郫县", "甘街249号")),
        ("上海市浦东新区世纪大道1号", ("上海市", "", "浦东新区", "世纪大道1号")),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市1号", ("新疆维吾尔自治区", "伊犁哈萨克自治州", "伊宁市", "1号")),
        ("河北省唐山市路南区1号", ("河北省", "唐山市", "路南区", "1号")),
        ("幸福小区3栋", ("", "", "", "幸福小区3栋")),
        ("好又多超市楼上", ("", "", "", "好又多超市楼上")),
        ("", ("", "", "", "")),
    ],
)
def test_an_address_is_split_by_its_own_words(address, parts):
    assert places.split(address) == parts


@given(st.text(alphabet="省市区县旗盟州路号1杭浙小超北京", max_size=20))
def test_a_split_address_joins_to_what_it_was(address):
    assert "".join(places.split(address)) == address
