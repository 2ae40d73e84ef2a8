"""What a page of the desk says after a verb: that it is done, or why not."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from .problems import Refused


@contextmanager
def said(request: HttpRequest, done: str) -> Iterator[None]:
    """The next page says `done`, or what the verb inside refused and why."""
    try:
        yield
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
