"""Searches of cases that somebody gave a name to, each person his own."""

from .models import SavedView, User
from .problems import Refused

MOST, LONGEST = 20, 40


def keep(*, user: User, name: str, query: str) -> SavedView:
    """Under a name that he has already, the new search takes the place of the old. Refused("view.…")."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refused("view.name")
    if not query or len(query) > SavedView._meta.get_field("query").max_length:
        raise Refused("view.empty")
    if user.saved_views.exclude(name=name).count() >= MOST:
        raise Refused("view.full", most=MOST)
    return SavedView.objects.update_or_create(user=user, name=name, defaults={"query": query})[0]


def forget(*, user: User, name: str) -> None:
    """Refused("view.gone")."""
    if not user.saved_views.filter(name=name).delete()[0]:
        raise Refused("view.gone")
