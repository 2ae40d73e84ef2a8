"""Takes out of a text whatever could tell of whom it speaks: names, places, numbers. Pure; a person reads it again."""

import re
from collections.abc import Iterable

MARK = "▢"
# three figures and more, also in groups: telephone, account, contract, identity number, sums, dates
NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\d\s,.\-*/年月日]{1,}\d[\dXx]?|[A-Za-z]{1,4}\d{2,}")
# a place by its kind: 济南街, 99号, 24栋, 1单元, 1402室, 某某小区
PLACE = re.compile(r"[一-鿿]{2,6}(?:街道|小区|新村|大道|大厦|街|路|巷|弄|镇|乡|村)|\d+\s*(?:号|栋|幢|单元|室|楼)")
MAIL = re.compile(r"\S+@\S+|https?://\S+")


def strip(text: str, words: Iterable[str]) -> tuple[str, list[str]]:
    """(the text with a mark in the place of each, what was taken out in the order of the text).

    `words`: names of people, firms and places of the case. Surnames alone before 先生, 女士 and the like go too.
    """
    known = sorted({word.strip() for word in words if len(word.strip()) > 1}, key=len, reverse=True)
    surnames = "".join({word[0] for word in known if 2 <= len(word) <= 4 and "一" <= word[0] <= "鿿"})
    patterns = [MAIL.pattern]
    if known:
        patterns.append("|".join(re.escape(word) for word in known))
    if surnames:
        patterns.append(f"[{surnames}](?=先生|女士|师傅|老板|总|某)|[老小][{surnames}]")
    patterns += [PLACE.pattern, NUMBER.pattern]
    gone: list[str] = []

    def take(found: re.Match) -> str:
        gone.append(found.group())
        return MARK

    clean = re.sub("|".join(f"(?:{each})" for each in patterns), take, text)
    return re.sub(f"{MARK}(?:\\s*{MARK})+", MARK, clean), gone
