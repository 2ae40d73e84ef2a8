"""Figures as people read them. Money comes in fen and never as a float."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from fieldvisit.rules import identity

register = template.Library()


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
def mask_id(number: str) -> str:
    return identity.mask(number) if number else ""


@register.filter
def mask_phone(number: str) -> str:
    return identity.mask_phone(number) if number else ""


@register.filter
def breaks(address: str) -> str:
    """Lets a long address break after 号, 栋 and 单元 only."""
    return mark_safe(re.sub(r"(号|栋|单元)", r"\1<wbr>", conditional_escape(address)))  # noqa: S308 - escaped just before
