"""What files call loans and work, in words."""

from fieldvisit.rules import names


def test_known_codes_have_words_in_both_languages_and_unknown_ones_stay():
    assert names.named("product", "debt_consolidation", "zh-hans") == "债务整合贷款"
    assert names.named("job", "Truck Driver", "zh-hans") == "货车司机"
    assert names.named("job", "reciever", "en") == "receiver"
    assert names.named("job", "星际领航员", "zh-hans") == "星际领航员" and names.named("product", None, "en") == ""
    assert all(zh and en for kind in names.names().values() for zh, en in kind.values())
