"""The record in words: what a line of it says to a person. Other apps add words for their own actions by `words()`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Case, Entry, NoteKind, Outcome

# action -> (title, kind of point on the line: "", "main", "mind", "kept")
_titles: dict[str, tuple[str | Promise, str]] = {}
_tellers: dict[str, Callable[[dict], str]] = {}


def words(action: str, title: str | Promise, *, point: str = "", text: Callable[[dict], str] | None = None) -> None:
    """`text` makes the second line from the entry's payload; it is called with a copy and may find keys missing."""
    _titles[action] = (title, point)
    if text:
        _tellers[action] = text


def line(entry: dict) -> dict:
    """One line of `record.timeline` for templates: adds title, text and point. Unknown actions keep their own name."""
    # the line of a phone's event is named by its type and version, and says in `body` what the phone said
    action, payload = entry["action"].partition("/")[0], entry["payload"] or {}
    title, point = _titles.get(action, (entry["action"], ""))
    teller = _tellers.get(action)
    text = teller(dict(payload.get("body", payload))) if teller and payload else ""
    return entry | {"title": title, "text": text, "point": point}


def of_cases(cases: Iterable[Case]) -> dict:
    """{case id: [lines, newest first]} in one query."""
    entries = Entry.objects.filter(case__in=cases).order_by("-seq").select_related("detail__actor")
    found = defaultdict(list)
    for entry in entries:
        detail = getattr(entry, "detail", None)
        found[entry.case_id].append(
            line(
                {
                    "seq": entry.seq,
                    "at": datetime.fromisoformat(entry.at),
                    "actor": detail.actor if detail else None,
                    "action": entry.action,
                    "object": entry.object,
                    "payload": detail.payload if detail else None,
                    "hash": entry.hash,
                }
            )
        )
    return found


def label(choices, value: str):
    """The word of a choice, or the code where a later version has sent one we do not know."""
    return dict(choices.choices).get(value, value)


words("case.imported", _("Case taken in from the creditor's file"))
words("case.updated", _("New figures from the creditor"))
words("case.assigned", _("Given to a collector"), text=lambda p: p.get("name", ""))
words("visit.planned", _("Visit planned"), text=lambda p: p.get("on", ""))
words("visit.started", _("Visit started"), point="main")
words("visit.consent", _("Identity shown, consent asked"))
words("visit.note", _("Note"), text=lambda p: label(NoteKind, p.get("kind", "")))
words("visit.photo", _("Photo"), text=lambda p: p.get("caption", ""))
words("visit.location", _("Position"))
words("visit.ended", _("Visit ended"), point="main", text=lambda p: label(Outcome, p.get("outcome", "")))
words("stop.raised", _("Visit stopped"), point="mind")
words("agreement.proposed", _("Plan chosen"))
words("signature.captured", _("Signed on the glass"), point="kept")
words("signature.refused", _("Did not sign"), point="mind")
words("photo.received", _("Photo taken in"))
words("photo.unreadable", _("A photo cannot be read"), point="mind")
words("visit.complete", _("Everything of the visit has arrived"), point="kept")
words("visit.approved", _("The office approved the visit"), point="kept")
words("visit.returned", _("The office sent the visit back"), point="mind", text=lambda p: p.get("sentence", ""))
