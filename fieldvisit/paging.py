"""Pages by key, not by number: the hundredth costs what the first costs, and new rows shift nothing."""

import base64
import binascii
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

SIZE = 50


@dataclass(frozen=True)
class Page:
    """`rows` has at most SIZE rows; `after` is the token of the next page, empty on the last."""

    rows: list
    after: str


def page(queryset: QuerySet, keys: tuple[str, ...], after: str = "", load=list) -> Page:
    """The rows after that token, in rising order of `keys` (the last one unique). A token that is none means the start.

    `load` turns the sliced queryset into rows and may prefetch.
    """
    ordered = queryset.order_by(*keys)
    try:
        start = _beyond(keys, _open(after, len(keys))) if after else Q()
        rows = load(ordered.filter(start)[: SIZE + 1])
    except (ValueError, ValidationError):
        rows = load(ordered[: SIZE + 1])
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    return Page(rows=rows, after=token(rows[-1], keys) if more else "")


def token(row, keys: tuple[str, ...]) -> str:
    """Where this row stands."""
    values = [str(getattr(row, key)) for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def beyond(row, keys: tuple[str, ...], *, back: bool = False) -> Q:
    """Rows after this one, or before it."""
    return _beyond(keys, [getattr(row, key) for key in keys], back)


def _open(text: str, width: int) -> list[str]:
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(text) from error
    if not isinstance(values, list) or len(values) != width:
        raise ValueError(text)
    return values


def _beyond(keys, values, back=False):
    """(a, b) > (x, y) as a > x or (a = x and b > y): every database reads it from the index."""
    rule, same = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        rule |= same & Q(**{f"{key}__{'lt' if back else 'gt'}": value})
        same &= Q(**{key: value})
    return rule
