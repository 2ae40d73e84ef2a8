"""A Chinese address in one line → province, city, district and what follows, by its own words and no table.

What cannot be split stays in the street, so the four parts always join to the address as it was.
"""

import re

PROVINCE = re.compile(
    r"(?:[^省市区县]{2,3}省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:北京|天津|上海|重庆)市|(?:香港|澳门)特别行政区)"
)
# 超市 and 夜市 are shops, 小区 and 社区 housing, 园区 estates
IN_A_NAME = r"[^\d省市区县旗号路街]"
CITY = re.compile(rf"{IN_A_NAME}{{1,9}}(?:自治州|地区)|{IN_A_NAME}{{2,8}}盟|{IN_A_NAME}{{1,8}}(?<![超夜])市")
DISTRICT = re.compile(rf"路?{IN_A_NAME}{{1,10}}?(?:(?<![小社园校厂])区|县|(?<![超夜])市|旗)")
CITIES_OF_THEIR_OWN = {"北京市", "天津市", "上海市", "重庆市"}


def split(address: str) -> tuple[str, str, str, str]:
    """(province, city, district, street)."""
    rest, parts = address, []
    for pattern in (PROVINCE, CITY, DISTRICT):
        if pattern is CITY and parts[0] in CITIES_OF_THEIR_OWN:
            parts.append("")
            continue
        found = pattern.match(rest)
        part = found[0] if found and len(found[0]) < len(rest) else ""
        parts.append(part)
        rest = rest[len(part) :]
    return parts[0], parts[1], parts[2], rest
