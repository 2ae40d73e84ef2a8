"""How a Chinese name is typed with Latin letters: 张伟 is found by "zhangwei", "zhangw" and "zw".

The readings are pypinyin's; a surname that is read otherwise than the same character elsewhere comes first here.
"""

from functools import lru_cache

from django.db import models

# 《现代汉语词典》: readings that a character has as a surname only
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "朴": "piao", "盖": "ge",
    "缪": "miao", "覃": "qin", "冼": "xian", "乐": "yue", "任": "ren", "华": "hua", "翟": "zhai", "尉迟": "yuchi",
    "万俟": "moqi", "召": "shao", "员": "yun", "黑": "he", "秘": "bi", "洗": "xian", "折": "she", "种": "chong",
    "繁": "po", "么": "yao",
}  # fmt: skip
MOST = 200


@lru_cache(maxsize=4096)
def syllables(name: str) -> list[str]:
    """["zhang", "wei"]; what is no Chinese character stays as it is. ü is v, as it is typed."""
    from pypinyin import lazy_pinyin  # some 20 MB that only those need who write names or look for them

    name = name.strip()
    surname = next((each for each in (name[:2], name[:1]) if each in SURNAMES), "")
    if not surname:
        return lazy_pinyin(name)
    first = SURNAMES[surname]
    return ([first[:2], first[2:]] if len(surname) == 2 else [first]) + lazy_pinyin(name[len(surname) :])


def typed(words: str) -> str:
    """As it is kept and compared: small letters and figures only. "Zhang Wei" → "zhangwei", "lü" → "lv"."""
    return "".join(char for char in words.lower().replace("ü", "v") if char.isascii() and char.isalnum())


def whole(name: str) -> str:
    return typed("".join(syllables(name)))[:MOST]


def initials(name: str) -> str:
    return typed("".join(each[:1] for each in syllables(name)))[:MOST]


class Spelt(models.CharField):
    """A column that is made from `name` of its row whenever the row is written, one by one or many at once."""

    def __init__(self, *args, how: str = "whole", **kwargs):
        self.how = how
        super().__init__(*args, **{"max_length": MOST, "blank": True, "default": "", "editable": False} | kwargs)

    def pre_save(self, row, add):
        said = {"whole": whole, "initials": initials}[self.how](row.name)
        setattr(row, self.attname, said)
        return said

    def deconstruct(self):
        """To a migration it is a plain column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
