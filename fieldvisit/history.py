"""The record in words: what a line of it says to a person. Other apps add words for their own actions by `words()`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Case, Consent, Entry, NoteKind, Outcome

# action -> (title, kind of point on the line: "", "main", "mind", "kept")
_titles: dict[str, tuple[str | Promise, str]] = {}
_tellers: dict[str, Callable[[dict], str]] = {}


def words(action: str, title: str | Promise, *, point: str = "", text: Callable[[dict], str] | None = None) -> None:
    """`text` makes the second line from the entry's payload; it is called with a copy and may find keys missing."""
    _titles[action] = (title, point)
    if text:
        _tellers[action] = text


def title(action: str) -> str:
    """What kind of thing this is, in words."""
    return str(_titles.get(action, (action, ""))[0])


def line(entry: dict) -> dict:
    """One line of `record.timeline` for templates: adds title, text and point. Unknown actions keep their own name."""
    title, point = _titles.get(entry["action"], (entry["action"], ""))
    teller = _tellers.get(entry["action"])
    text = teller(dict(entry["payload"] or {})) if teller and entry["payload"] is not None else ""
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


def _said(key: str, choices=None) -> Callable[[dict], str]:
    """What the event's body says under this key, in words where it is a code."""

    def tell(payload: dict) -> str:
        value = (payload.get("body") or {}).get(key) or ""
        return label(choices, value) if choices else value

    return tell


def _entry(payload: dict) -> str:
    return str(dict(Consent._meta.get_field("entry").choices).get((payload.get("body") or {}).get("entry"), ""))


def _note(payload: dict) -> str:
    body = payload.get("body") or {}
    return f"{label(NoteKind, body.get('kind', ''))}: {body.get('text', '')}"


words("case.imported", _("Case taken in from the creditor's file"))
words("case.updated", _("New figures from the creditor"))
words("case.assigned", _("Given to a collector"), text=lambda p: p.get("name", ""))
words("visit.planned", _("Visit planned"), text=lambda p: p.get("on", ""))
words("visit.started/1", _("Visit started"), point="main")
words("visit.consent/1", _("Identity shown, consent asked"), text=_entry)
words("visit.note/1", _("Note"), text=_note)
words("visit.photo/1", _("Photo"), text=_said("caption"))
words("photo.received", _("The photo has arrived"))
words("photo.unreadable", _("The photo cannot be opened"), point="mind")
words("visit.location/1", _("Position"))
words("visit.ended/1", _("Visit ended"), point="main", text=_said("outcome", Outcome))
words("stop.raised/1", _("Visit stopped"), point="mind", text=_said("text"))
words("visit.approved", _("The office approved the visit"), point="kept")
words("visit.returned", _("The office sent the visit back"), point="mind", text=lambda p: p.get("sentence", ""))
words("held.accepted", _("Held work accepted"), point="kept", text=lambda p: p.get("reason", ""))
words("held.rejected", _("Held work rejected"), point="mind", text=lambda p: p.get("reason", ""))
