"""The sound of a visit at the desk: what the rules of capture.toml say of it, and the panel where it is played."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from . import review
from .models import RecorderFile, Visit
from .rules import capture

SLACK = timedelta(seconds=5)  # two events of one phone may have been corrected by two offsets
SENTENCES = {
    "FV-REC-01": gettext_lazy("The recorder's file has not been added in {hours} h: {names}"),
    "FV-REC-02": gettext_lazy("Recordings that have not arrived yet: {n}"),
    "FV-REC-03": gettext_lazy("Recordings that cannot be opened: {n}"),
    "FV-REC-04": gettext_lazy("There was a talk, but no recording and no recorder's reference"),
    "FV-REC-05": gettext_lazy("The recording began before it was announced"),
}


FILES = Prefetch("recorders__files", RecorderFile.objects.order_by("pk").select_related("by"))


@partial(review.flags, prefetch=["recordings", "recorders", FILES])
def flags_of(visit: Visit) -> list[review.Flag]:
    """What the rules of capture.toml say of the sound of a gathered visit; kept ones included."""
    rules, sounds, named = capture.policy()["rules"], list(visit.recordings.all()), list(visit.recorders.all())
    hours = rules["FV-REC-01"]["hours"]
    late = timezone.now() - timedelta(hours=hours)
    bare = [each.reference for each in named if each.at < late and not each.files.all()]
    coming = sum(each.taken_in_at is None and not each.unreadable for each in sounds)
    spoilt = sum(bool(each.unreadable) for each in sounds)
    consent = max(visit.consents.all(), key=lambda row: row.at, default=None)
    met = consent is not None and consent.entry in ("given", "outside")
    said, began = _announced(visit), min((each.at for each in sounds), default=None)
    missed = {
        "FV-REC-01": {"hours": hours, "names": _(", ").join(bare)} if bare else False if named else None,
        "FV-REC-02": {"n": coming} if coming else False if sounds else None,
        "FV-REC-03": {"n": spoilt} if spoilt else False if sounds else None,
        "FV-REC-04": False if sounds or named else {} if met and not _objections(visit) else None,
        "FV-REC-05": None if began is None else ({} if not said or began < said - SLACK else False),
    }
    return [_flag(code, rules[code], params) for code, params in missed.items() if params is not None]


def _objections(visit: Visit) -> list[datetime]:
    return [event.corrected_at for event in visit.work if event.type == "visit.objected/1"]


def _announced(visit: Visit) -> datetime | None:
    """When it was first said that sound is recorded."""
    told = [event.corrected_at for event in visit.work if event.type == "visit.announced/1"]
    return min([*told, *(row.at for row in visit.consents.all() if row.recording_announced)], default=None)


def _flag(code: str, rule: dict, params: dict | bool) -> review.Flag:
    language = "en" if get_language() == "en" else "zh-hans"
    citation = f"{code} · {rule['citation'][language]}"
    if params is False:
        return review.Flag(code, "ok", rule["title"][language], citation)
    return review.Flag(code, "warn", SENTENCES[code].format(**params), citation)


@review.panels
def panels_of(visit: Visit) -> list[dict]:
    """The segments in order, the announcement and objections with their times, and the recorders."""
    sounds = sorted(visit.recordings.all(), key=lambda row: (row.at, row.pk))
    named = sorted(visit.recorders.all(), key=lambda row: (row.at, row.pk))
    objections = _objections(visit)
    if not sounds and not named and not objections:
        return []
    context = {
        "recordings": sounds,
        "recorders": named,
        "announced_at": _announced(visit),
        "objections": objections,
        "visit": visit,
        "most": capture.policy()["office"]["recorder_file_mb"],
    }
    return [{"template": "fieldvisit/reviews/_recordings.html", "context": context}]
