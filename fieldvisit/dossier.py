"""What other apps show on the office's page of one case.

    panels(fn)     fn(case, user, now) -> [{"template", "context"}], in the order in which they were registered
"""

from collections.abc import Callable
from datetime import datetime

from .models import Case, User

_panels: list[Callable] = []


def panels(fn: Callable[[Case, User, datetime], list[dict]]) -> Callable:
    _panels.append(fn)
    return fn


def of(case: Case, user: User, now: datetime) -> list[dict]:
    return [panel for fn in _panels for panel in fn(case, user, now)]
