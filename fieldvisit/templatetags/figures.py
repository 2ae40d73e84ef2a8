"""Figures as people read them. Money comes in fen and never as a float."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fieldvisit.rules import coordinates, identity, names

register = template.Library()
MAPS = {
    "geo": _("This phone's map app"),
    "amap": _("Amap"),
    "tencent": _("Tencent Maps"),
    "baidu": _("Baidu Maps"),
    "apple": _("Apple Maps"),
}


@register.filter
def yuan(fen: int | None) -> str:
    """801150 → "8,011.50"."""
    if fen is None:
        return ""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100:,}.{fen % 100:02d}"


@register.filter
def km(metres: int | None) -> str:
    """8649 → "8.6", rounded half up; less than 100 m still says "0.1"."""
    if metres is None:
        return ""
    tenths = max((metres + 50) // 100, 1 if metres else 0)
    return f"{tenths // 10}.{tenths % 10}"


@register.filter
def share(part: int, whole: int) -> str:
    """7175 of 8011 → "89.6%"."""
    tenths = (part * 2000 + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%"


@register.filter
def percent(ppm: int) -> str:
    """150400 → "15.04%"."""
    hundredths = (ppm + 50) // 100
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".") + "%"


@register.filter
def mask_id(number: str) -> str:
    return identity.mask(number) if number else ""


@register.filter
def mask_phone(number: str) -> str:
    return identity.mask_phone(number) if number else ""


@register.filter
def breaks(address: str) -> str:
    """Lets a long address break after 号, 栋 and 单元 only."""
    return mark_safe(re.sub(r"(号|栋|单元)", r"\1<wbr>", conditional_escape(address)))  # noqa: S308 - escaped just before


@register.filter
def purpose(code: str) -> str:
    """What a file calls the loan, in words: debt_consolidation."""
    return names.named("product", code, get_language() or "")


@register.filter
def job(title: str) -> str:
    return names.named("job", title, get_language() or "")


@register.filter
def ways(address) -> list[tuple]:
    """[(name of a map app, address that opens it at this door)]."""
    found = dict(coordinates.ways(address.lat_e7, address.lon_e7))
    return [(word, found[code]) for code, word in MAPS.items()]
