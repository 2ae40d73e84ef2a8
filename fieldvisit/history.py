"""The record in words: what a line of it says to a person. Other apps add words for their own actions by `words()`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .models import Answer, Case, Channel, Consent, Entry, HoldReason, NoteKind, Outcome, Property, PutOffReason, Way
from .rules import desk, identity

# action -> (title, kind of point on the line: "", "main", "mind", "kept")
_titles: dict[str, tuple[str | Promise, str]] = {}
_tellers: dict[str, Callable[[dict], str]] = {}
_office_only: set[str] = set()


DECIDED, UNDONE = ("visit.approved", "visit.returned"), "visit.decision_undone"


def words(
    action: str, title: str | Promise, *, point: str = "", text: Callable[[dict], str] | None = None, office=False
) -> None:
    """`text` makes the second line from the entry's payload; it is called with a copy and may find keys missing.

    `office`: no collector reads this line, on no phone.
    """
    if office:
        _office_only.add(action)
    _titles[action] = (title, point)
    if text:
        _tellers[action] = text


def title(action: str) -> str:
    """What kind of thing this is, in words."""
    return str(_titles.get(action, (action, ""))[0])


def text(action: str, payload: dict) -> str:
    """What it says, in words; empty where nobody has told how."""
    return str(_tellers[action](dict(payload))) if action in _tellers else ""


def line(entry: dict) -> dict:
    """One line of `record.timeline` for templates: adds title, text and point. Unknown actions keep their own name."""
    title, point = _titles.get(entry["action"], (entry["action"], ""))
    teller = _tellers.get(entry["action"])
    text = teller(dict(entry["payload"] or {})) if teller and entry["payload"] is not None else ""
    kind, _colon, name = entry["object"].partition(":")
    event_id = name if kind == "event" else ""
    return entry | {"title": title, "text": text, "point": point, "event_id": event_id}


def of_cases(cases: Iterable[Case], now: datetime) -> dict:
    """{case id: [lines, newest first]} for phones, without those of the office alone, without decisions that were taken
    back and those that still may be; in one query."""
    entries = Entry.objects.filter(case__in=cases).exclude(action__in=_office_only - {UNDONE}).order_by("-seq")
    entries, found, undone = entries.select_related("detail__actor"), defaultdict(list), set()
    open_since = now - timedelta(seconds=desk.policy()["review"]["undo_s"])
    for entry in entries:
        if entry.action == UNDONE:
            undone.add(entry.object)
            continue
        taken_back = entry.object in undone or datetime.fromisoformat(entry.at) > open_since
        if entry.action in DECIDED and taken_back:
            undone.discard(entry.object)
            continue
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


PARTS = {"notes": _("Notes"), "place": _("Place and time"), "identity": _("Identity and consent"),
         "outcome": _("Outcome"), "agreement": _("Agreement")}  # fmt: skip


def part(marked: str) -> str | Promise:
    """What a sentence of the review is about, in words that are lazy: a part of a visit, or photo:<id>:<its number>."""
    kind, *_id, number = marked.split(":") if ":" in marked else (marked, "")
    return format_lazy(_("Photo {n}"), n=number) if kind == "photo" else PARTS.get(marked, "")


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


def _joined(*parts) -> str:
    return " · ".join(str(part) for part in parts if part)


def _contact(payload: dict) -> str:
    body = payload.get("body") or payload
    return _joined(label(Channel, body.get("channel", "")), label(Answer, body.get("outcome", "")), body.get("text"))


def _promise(payload: dict) -> str:
    body = payload.get("body") or {}
    fen = body.get("amount_fen", 0)
    sum = f"¥{fen // 100:,}.{fen % 100:02d}"
    return _joined(sum, body.get("on"), label(Way, body.get("way", "")), body.get("text"))


def _change(payload: dict) -> str:
    """Telephone numbers are masked wherever they are only read."""
    said = payload.get("body") or payload
    known = identity.mask_phone if said.get("property") == Property.MOBILE else str
    values = [known(said.get(name) or "") or "—" for name in ("before", "after")]
    return _joined(f"{label(Property, said.get('property', ''))}: {' → '.join(values)}", said.get("text"))


def _status(payload: dict) -> str:
    body = payload.get("body") or payload
    wish = {"closed": _("Close the case"), "paused": _("Pause the case")}.get(body.get("status"), "")
    return _joined(wish, label(HoldReason, body.get("reason", "")), body.get("until"), body.get("text"))


def _put_off(payload: dict) -> str:
    body = payload.get("body") or {}
    day = body.get("new_on") or _("no new day yet")
    return _joined(label(PutOffReason, body.get("reason", "")), day, body.get("text"))


words("plan.ordered/1", _("Order of the day changed on the phone"))
words("plan.put_off/1", _("Visit put off"), point="mind", text=_put_off)
words("plan.wanted/1", _("Wants to visit, unplanned"), text=_said("on"))
words("visit.wish", _("Hours he asked for"), text=lambda p: f"{p['from']}–{p['until']}" if p else _("none any more"))
words("case.imported", _("Case taken in from the creditor's file"))
words("case.updated", _("New figures from the creditor"))
words("case.import_undone", _("The import was taken back"), point="mind", text=lambda p: p.get("file", ""))
words("case.assigned", _("Given to a collector"), text=lambda p: p.get("name", ""))
words("visit.planned", _("Visit planned"), text=lambda p: p.get("on", ""))
words("visit.started/1", _("Visit started"), point="main")
words("visit.consent/1", _("Identity shown, consent asked"), text=_entry)
words("visit.note/1", _("Note"), text=_note)
words("visit.photo/1", _("Photo"), text=_said("caption"))
words("photo.received", _("The photo has arrived"))
words("photo.unreadable", _("The photo cannot be opened"), point="mind")
words("visit.photo_order/1", _("Order of the photos"))
words("visit.announced/1", _("Announced that sound is recorded"), point="main")
words("visit.objected/1", _("Somebody objected to being recorded"), point="mind")
words("visit.recording/1", _("Sound recorded"))
words("recording.received", _("The recording has arrived"))
words("recording.unreadable", _("The recording cannot be opened"), point="mind")
words("visit.recorder/1", _("Recorder named"), text=_said("reference"))
words("visit.recorder_file/1", _("The recorder's file"), text=_said("name"))
words("recorder.file", _("The recorder's file, from the office"), text=lambda p: p.get("name") or p.get("sha256", ""))
words("visit.location/1", _("Position"))
words("visit.ended/1", _("Visit ended"), point="main", text=_said("outcome", Outcome))
words("stop.raised/1", _("Visit stopped"), point="mind", text=_said("text"))
words("notice.shown/1", _("Card and rights shown"))
words("visit.second/1", _("The second collector showed his code"))
words("visit.companion/1", _("The second collector confirmed on his own phone"))
words("visit.checkin/1", _("All is well at the door"))
# a stranger may look over his shoulder, and the debtor's file is read by others
words("visit.help/1", _("Quiet call for help"), point="mind", office=True)
words("visit.helped", _("What was done about the call for help"), text=lambda p: p.get("text", ""), office=True)
words("visit.reached", _("The office has reached the collector"), text=lambda p: p.get("text", ""), office=True)
words("contact.permitted/1", _("He agreed to these hours"), point="kept")
words("permission.ended", _("His consent to other hours ended"), point="mind")
words("contact.made/1", _("Contact beside a visit"), text=_contact)
words("contact.logged", _("Contact by the office"), text=_contact)
words("promise.made/1", _("Promise to pay"), point="kept", text=_promise)
words("contact.change_requested/1", _("New contact data"), text=_change)
words("contact.changed", _("Contact data changed by the office"), text=_change)
words("case.status_requested/1", _("Asked to close or pause the case"), text=_status)
words("case.closed", _("Case closed"), point="mind", text=_status)
words("case.paused", _("Work on the case paused"), point="mind", text=_status)
words("case.resumed", _("Work on the case goes on"), text=_status)
words("visit.approved", _("The office approved the visit"), point="kept")
words("visit.returned", _("The office sent the visit back"), point="mind", text=lambda p: p.get("sentence", ""))
words(UNDONE, _("The decision was taken back"), office=True)
words("held.accepted", _("Held work accepted"), point="kept", text=lambda p: p.get("reason", ""))
words("held.rejected", _("Held work rejected"), point="mind", text=lambda p: p.get("reason", ""))
