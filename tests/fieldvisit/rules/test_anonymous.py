"""Of a lesson nobody can tell whose case it was."""

from fieldvisit.rules import anonymous

WORDS = ["傅琳", "双敏电子网络有限公司", "甲银行", "浙江省", "杭州市", "拱墅区", "济南街99号24栋1单元1402室"]


def test_names_places_and_numbers_are_taken_out():
    text = "傅琳（330105197404224076）住杭州市济南街99号24栋1402室，电话 138-0000-1111，"
    text += "欠 8,011.50 元，2026年4月起在双敏电子网络有限公司上班。"
    clean, gone = anonymous.strip(text, WORDS)
    for word in (*WORDS[:2], "330105", "138", "8,011", "2026", "1402", "济南"):
        assert word not in clean, clean
    assert "上班" in clean and gone[0] == "傅琳"


def test_a_surname_with_a_title_goes_and_plain_words_stay():
    clean, gone = anonymous.strip("傅女士说老傅愿意每月还一点，三个月后再看。", WORDS)
    assert clean == "▢女士说▢愿意每月还一点，三个月后再看。"
    assert gone == ["傅", "老傅"]


def test_a_text_with_nothing_in_it_is_left_as_it_is():
    assert anonymous.strip("He listened first, and asked for 2 things.", WORDS) == (
        "He listened first, and asked for 2 things.", [],
    )  # fmt: skip
