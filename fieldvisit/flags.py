"""What the office should look at in a visit, by the rules of conduct: a verdict, the rule's citation and a sentence."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .models import Status, Visit
from .problems import PROBLEMS
from .rules import conduct
from .rules.geo import distance_m


@dataclass(frozen=True)
class Flag:
    """level: block (should not have happened so), warn (look at it) or ok (kept; the sentence is the rule's name)."""

    code: str
    level: str
    sentence: str
    citation: str


SENTENCES = {
    ("CN-TIME-01", ""): gettext_lazy("The visit reaches outside the permitted hours: {at}"),
    ("CN-VIS-01", ""): gettext_lazy("Collectors at the door: {n}. Two are needed"),
    ("CN-VIS-02", ""): gettext_lazy("It is not recorded that credentials were shown"),
    ("CN-VIS-03", ""): gettext_lazy("It is not recorded that the recording was announced"),
    ("CN-VIS-04", ""): gettext_lazy("There was a talk, but no recorded consent to enter"),
    ("CN-VIS-08", ""): gettext_lazy("Only minors were present"),
    ("FV-PLACE-01", "start"): gettext_lazy("The visit began {metres} m from the address on file"),
    ("FV-PLACE-01", "photo"): gettext_lazy("A photo was taken {metres} m from the address on file"),
    ("FV-PLACE-01", "place"): gettext_lazy("The phone was {metres} m from the address on file"),
    ("FV-PLACE-02", "none"): gettext_lazy("The phone gave no position"),
    ("FV-PLACE-02", "denied"): gettext_lazy("No position: it is not allowed on this phone"),
    ("FV-PLACE-02", "unavailable"): gettext_lazy("No position: the phone found none"),
    ("FV-PLACE-02", "timeout"): gettext_lazy("No position: it took too long"),
    ("FV-PHOTO-01", ""): gettext_lazy("Photos that have not arrived yet: {n}"),
    ("FV-PHOTO-02", ""): gettext_lazy("Photos that cannot be read: {n}"),
    ("FV-CLOCK-01", "slow"): gettext_lazy("Phone clock {minutes} min slow; corrected time used"),
    ("FV-CLOCK-01", "fast"): gettext_lazy("Phone clock {minutes} min fast; corrected time used"),
    ("FV-CLOCK-01", "unknown"): gettext_lazy("The phone's clock could not be compared; its own time is shown"),
    ("FV-LATE-01", ""): gettext_lazy("Arrived after the case had been given to somebody else"),
    ("FV-CHAIN-01", ""): gettext_lazy(
        "The phone's own numbering of its work is broken: something may have been removed there"
    ),
    ("FV-NOTE-01", ""): gettext_lazy("There was a talk, but no note"),
    ("FV-HELD-01", ""): gettext_lazy("Waiting for a decision: {why}"),
}


def own(visit: Visit) -> list[Flag]:
    """One flag for each rule that can be measured, kept ones included. Needs a visit from `review.gather`."""
    pack = conduct.pack()
    return [_flag(finding, pack["rules"][finding.rule]) for finding in conduct.judge(facts(visit), pack)]


def facts(visit: Visit) -> conduct.Facts:
    events, consents, photos = visit.work, list(visit.consents.all()), list(visit.photos.all())
    positions = sorted(visit.positions.all(), key=lambda position: position.at)
    consent = max(consents, key=lambda consent: consent.at, default=None)
    offsets = [event.corrected_at - event.captured_at for event in events]
    unknown = {event.pk for event in events if "second_unknown" in event.marks}
    second = visit.went_with or any(c.second_username and c.event_id not in unknown for c in consents)
    return conduct.Facts(
        started=visit.started_at,
        ended=visit.ended_at,
        outcome=visit.outcome,
        collectors=2 if second else 1,
        entry=consent.entry if consent else None,
        identity_shown=any(consent.identity_shown for consent in consents),
        recording_announced=any(consent.recording_announced for consent in consents),
        present=consent.present if consent else [],
        places=[
            conduct.Place(what, away(visit, row), round(row.accuracy_cm / 100) if row.accuracy_cm is not None else None)
            for what, row in [("place" if at else "start", row) for at, row in enumerate(positions)]
            + [("photo", photo) for photo in photos]
            if row.lat_e7 is not None
        ],
        refused=next((position.refused for position in positions if position.refused), ""),
        photos_missing=sum(photo.taken_in_at is None and not photo.unreadable for photo in photos),
        photos_unreadable=sum(bool(photo.unreadable) for photo in photos),
        clock_offset=max(offsets, key=abs, default=timedelta()),
        clock_known=not any("clock_unknown" in event.marks for event in events),
        late=any("after_reassignment" in event.marks for event in events),
        chain=not any({"chain_broken", "device_seq_twice"} & set(event.marks) for event in events),
        notes=len(visit.notes.all()),
        held=[event.code for event in events if event.status == Status.HELD],
    )


def away(visit: Visit, row) -> int | None:
    """Metres from the address on file to a row with a position; None where either has no coordinates."""
    address = visit.address
    if address is None or address.lat_e7 is None or row.lat_e7 is None:
        return None
    return distance_m(address.lat_e7, address.lon_e7, row.lat_e7, row.lon_e7)


def _flag(finding: conduct.Finding, rule: dict) -> Flag:
    language = "en" if get_language() == "en" else "zh-hans"
    citation = f"{finding.rule} · {rule['citation'][language]}"
    if finding.verdict == "ok":
        return Flag(finding.rule, "ok", rule["title"][language], citation)
    params = dict(finding.params)
    if "at" in params:
        params["at"] = localtime(params["at"]).strftime("%H:%M")
    if "codes" in params:
        params["why"] = " ".join(dict.fromkeys(_why(code) for code in params["codes"]))
    sentence = SENTENCES[finding.rule, finding.kind].format(**params)
    if params.get("accuracy") is not None:
        sentence = _("{sentence} (± {accuracy} m)").format(sentence=sentence, accuracy=params["accuracy"])
    return Flag(finding.rule, finding.verdict, sentence, citation)


def _why(code: str) -> str:
    return str(PROBLEMS[code].sentence) if code in PROBLEMS else code
