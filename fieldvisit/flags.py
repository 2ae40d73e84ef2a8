"""What the office should look at in a visit, by the rules of conduct: a verdict, the rule's citation and a sentence."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .models import Status, Visit
from .problems import PROBLEMS
from .rules import changes, conduct
from .rules.geo import distance_m


@dataclass(frozen=True)
class Flag:
    """level: block (should not have happened so), warn (look at it) or ok (kept; the sentence is the rule's name)."""

    code: str
    level: str
    sentence: str
    citation: str


def own(visit: Visit) -> list[Flag]:
    """One flag for each rule that can be measured, kept ones included. Needs a visit from `review.gather`."""
    its = conduct.pack(visit.case.jurisdiction)
    said = situation(visit, ZoneInfo(its["zone"]))
    on = date.fromisoformat(said["local"][:10])
    changed = [row for row in visit.rule_changes if row.pack == its["id"] and row.stood(on)]
    pack = changes.applied(its, [(row.rule, row.values) for row in changed])
    verdicts = conduct.weigh(said, pack)
    return [_flag(verdict, pack["rules"][verdict.rule]) for verdict in verdicts]


def situation(visit: Visit, zone: ZoneInfo) -> dict:
    """What the office knows of a visit that has taken place, as `conduct.weigh` reads it; times are corrected ones."""
    events = visit.work
    started = visit.started_at or min((event.corrected_at for event in events), default=None)
    local = wall(started, zone) if started else f"{visit.planned_on}T12:00:00"
    return {
        "act": "review",
        "local": local,
        "until": wall(visit.ended_at, zone) if visit.ended_at else local,
        "product": visit.case.product,
        "channel": "visit",
        "consents": [row.consent(partial(wall, zone=zone)) for row in visit.case.permissions.all()],
        "facts": _door(visit) | _papers(visit, events),
    }


def wall(at: datetime, zone: ZoneInfo) -> str:
    """The time on the wall where the debtor lives, to the second."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def _door(visit):
    """What is known of the door. A fact that does not apply is left out: it is not measured then."""
    consents = list(visit.consents.all())
    consent = max(consents, key=lambda consent: consent.at, default=None)
    unknown = {event.pk for event in visit.work if "second_unknown" in event.marks}
    second = visit.went_with or any(c.second_username and c.event_id not in unknown for c in consents)
    talked = visit.outcome in ("agreement", "no_agreement")
    facts = {
        "collectors": 2 if second else 1,
        "place": ["minors"] if consent and consent.present == ["minor"] else [],
        "entry_asked": consent is not None or not talked,
        "noted": bool(visit.notes.all()) or not talked,
    }
    if consent and consent.entry in ("given", "outside"):
        facts["identity_shown"] = any(c.identity_shown for c in consents)
        facts["recording_announced"] = any(c.recording_announced for c in consents)
    return facts


def _papers(visit, events):
    """Positions, photos, clock and numbering."""
    photos = list(visit.photos.all())
    positions = sorted(visit.positions.all(), key=lambda position: position.at)
    named = [("place" if at else "start", row) for at, row in enumerate(positions)] + [("photo", row) for row in photos]
    facts = {
        "photos_missing": sum(photo.taken_in_at is None and not photo.unreadable for photo in photos),
        "photos_unreadable": sum(bool(photo.unreadable) for photo in photos),
        "after_reassignment": any("after_reassignment" in event.marks for event in events),
        "chain": not any({"chain_broken", "device_seq_twice"} & set(event.marks) for event in events),
        "held": [event.code for event in events if event.status == Status.HELD],
        "clock_minutes": _clock(events),
    }
    refused = next((position.refused for position in positions if position.refused), "none")
    facts["no_position"] = "" if any(row.lat_e7 is not None for _what, row in named) else refused
    far = max(
        ((metres, what, row) for what, row in named if (metres := away(visit, row)) is not None),
        key=lambda measured: measured[0],
        default=None,
    )
    if far:
        metres, what, row = far
        accuracy = round(row.accuracy_cm / 100) if row.accuracy_cm is not None else None
        facts["metres"] = {"n": metres, "kind": what, "params": {"accuracy": accuracy}}
    return facts


def _clock(events):
    """Whole minutes, a begun one counted, by which the phone's clock was slow or fast."""
    if any("clock_unknown" in event.marks for event in events):
        return {"n": 10**6, "kind": "unknown"}
    offset = max((event.corrected_at - event.captured_at for event in events), key=abs, default=timedelta())
    return {"n": ceil(abs(offset) / timedelta(minutes=1)), "kind": "slow" if offset > timedelta() else "fast"}


def away(visit: Visit, row) -> int | None:
    """Metres from the address on file to a row with a position; None where either has no coordinates."""
    address = visit.address
    if address is None or address.lat_e7 is None or row.lat_e7 is None:
        return None
    return distance_m(address.lat_e7, address.lon_e7, row.lat_e7, row.lon_e7)


def _flag(verdict: conduct.Verdict, rule: dict) -> Flag:
    citation = f"{verdict.rule} · {rule['citation'][language()]}"
    if verdict.effect == "ok":
        return Flag(verdict.rule, "ok", rule["title"][language()], citation)
    params = dict(verdict.params)
    if verdict.rule == "FV-HELD-01":
        params["why"] = " ".join(dict.fromkeys(_why(code) for code in params["all"]))
    sentence = sentence_of(verdict, rule, params)
    if params.get("accuracy") is not None:
        sentence = _("{sentence} (± {accuracy} m)").format(sentence=sentence, accuracy=params["accuracy"])
    effect = rule.get("review", verdict.effect)
    return Flag(verdict.rule, "block" if effect in conduct.STOPS else effect, sentence, citation)


def sentence_of(verdict: conduct.Verdict, rule: dict, params: dict | None = None) -> str:
    """What the pack says of this miss, in the reader's language."""
    said = rule[f"say-{verdict.kind}" if verdict.kind else "say"][language()]
    return said.format(**(verdict.params if params is None else params))


def language() -> str:
    return "en" if get_language() == "en" else "zh-hans"


def _why(code: str) -> str:
    return str(PROBLEMS[code].sentence) if code in PROBLEMS else code
