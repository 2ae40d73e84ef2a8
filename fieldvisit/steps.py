"""The five steps of a visit in words, for every page of a visit."""

from django.utils.translation import gettext_lazy as _

from .models import (
    AT_THE_DOOR,
    Answer,
    Channel,
    Consent,
    HoldReason,
    NextAction,
    NoteKind,
    Outcome,
    Photo,
    Property,
    Way,
)
from .rules import door
from .rules.path import STEPS

TITLES = {
    "prepare": _("Prepare"),
    "arrive": _("Arrive"),
    "talk": _("Talk"),
    "agree": _("Agree"),
    "leave": _("Leave"),
    "sign": _("Sign"),
    "statement": _("Income and spending"),
}
# step -> what stands beside it while it waits, when it is done, and when it was passed by
HINTS = {
    "prepare": (_("Read, and pack your bag"), _("Ready"), _("Passed by")),
    "arrive": (_("Say who you are, ask to come in"), _("Asked for consent"), _("Did not come to it")),
    "talk": (_("Said, seen, thought"), _("Noted"), _("Did not come to it")),
    "agree": (_("Three ways, his choice"), _("Answered"), _("No agreement")),
    "leave": (_("Leave a copy, fix the next step"), _("Visit ended"), _("Passed by")),
}
NOTES = {
    "statement": (NoteKind.STATEMENT.label, _("His words, no comment")),
    "observation": (NoteKind.OBSERVATION.label, _("Facts only")),
    "opinion": (NoteKind.OPINION.label, _("A view; it may be wrong")),
}
# what the phone's event says he has with him
BRING = [
    ("work-card", _("Work card")),
    ("mandate", _("Mandate of the creditor")),
    ("rights-card", _("Card of the debtor's rights")),
    ("recorder", _("Recorder for the whole visit")),
]
PRESENT = [
    ("debtor", _("The debtor")),
    ("spouse", _("Husband or wife")),
    ("adult-relative", _("Another adult of the family")),
    ("minor", _("A child")),
    ("other", _("Somebody else")),
    ("nobody", _("Nobody")),
]
# why a visit is stopped, and what is said then
STOP_REASONS = [
    ("asked_to_leave", _("We were asked to leave"), _("We are leaving now. You lose nothing by it.")),
    (
        "distress",
        _("He is in distress"),
        _("We stop here. You need decide nothing today. Is there somebody you would like to call?"),
    ),
    (
        "vulnerable",
        _("He cannot look after himself alone"),
        _("We stop here. Somebody you trust may speak with the office for you; nothing is asked of you today."),
    ),
    ("danger", _("Threat or danger at the door"), _("Say nothing more and leave. In danger call 110.")),
    (
        "dispute",
        _("He doubts the debt"),
        _("I write down that you doubt this debt. It is checked now, and the office answers you in writing."),
    ),
    ("bad_place", _("A hospital, a funeral or the like"), _("Excuse us, we did not know. We are leaving.")),
    ("minor_only", _("Only children are here"), _("We come another time.")),
    ("wrong_person", _("This is not the debtor's door"), _("Excuse us, we have the wrong door.")),
    ("other", _("Another reason"), _("We end the visit here. The office will write to you.")),
]
ENTRIES = Consent._meta.get_field("entry").choices
PHOTO_KINDS = Photo._meta.get_field("kind").choices
# what may be said beside the notes of a visit, and beside visits
ASKS = {
    "channels": Channel.choices,
    "answers": Answer.choices,
    "ways": Way.choices,
    "properties": Property.choices,
    "reasons": [choice for choice in HoldReason.choices if choice[0] not in AT_THE_DOOR],
    "statuses": [("paused", _("Pause it")), ("closed", _("Close it"))],
}
ASK_WORDS = [
    (f"{name}.{code}", word)
    for name, kind in {
        "channel": "channels",
        "answer": "answers",
        "way": "ways",
        "property": "properties",
        "reason": "reasons",
        "status": "statuses",
    }.items()
    for code, word in ASKS[kind]
]
# For what JavaScript paints from events: code -> word.
WORDS = [
    *((f"bring.{code}", word) for code, word in BRING),
    *((f"present.{code}", word) for code, word in PRESENT),
    *((f"entry.{code}", word) for code, word in ENTRIES),
    *((f"note.{code}", word) for code, word in NoteKind.choices),
    *((f"photo.{code}", word) for code, word in PHOTO_KINDS),
    *((f"outcome.{code}", word) for code, word in Outcome.choices),
    *((f"next.{code}", word) for code, word in NextAction.choices),
    *ASK_WORDS,
]


def context(step: str, state: dict) -> dict:
    """The path for the template: the page's own place, and the closed steps before and after it with their state."""
    own = "agree" if step in ("sign", "statement") else step
    items = [
        {
            "n": n,
            "name": name,
            "title": TITLES[name],
            "hints": list(zip(("wait", "done", "skipped"), HINTS[name], strict=True)),
            "state": "done" if name in state["done"] else "skipped" if name in state["skipped"] else "wait",
        }
        for n, name in enumerate(STEPS, start=1)
    ]
    at = STEPS.index(own)
    return {
        "title": TITLES[step],
        "place": items[at],
        "steps_before": items[:at],
        "steps_after": items[at + 1 :],
        "stoppable": own != "prepare",
        "stop_reasons": [(*reason, door.hold_of(reason[0])) for reason in STOP_REASONS],
        "words": WORDS,
        "asks": ASKS,
    }
