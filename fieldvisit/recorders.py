"""A separate recorder: its reference from the door, and the hash of its file from the office or a phone."""

from datetime import datetime

from django.core.files import File
from django.db import transaction

from . import intake, record, store
from .intake import Incoming
from .models import Case, Recorder, RecorderFile, User, Visit
from .problems import Refused
from .rules import capture


@intake.handles("visit.recorder/1")
def recorder(event: Incoming, visit: Visit, case: Case) -> None:
    Recorder.objects.create(visit=visit, event=event.row, at=event.at, **event.body)


@intake.handles("visit.recorder_file/1")
def recorder_file(event: Incoming, visit: Visit, case: Case) -> None:
    said = event.body
    named = Recorder.objects.filter(visit=visit, event_id=said["recorder"]).first()
    if named is None:
        event.marks.append("recorder_unknown")
        return
    RecorderFile.objects.create(
        recorder=named,
        event=event.row,
        at=event.at,
        by=event.author,
        **{key: said[key] for key in ("sha256", "size", "name")},
    )


def add_file(*, recorder: Recorder, file: File | None, sha256: str, by: User, now: datetime) -> RecorderFile:
    """The office has the recorder's file, or its SHA-256 only (64 hex digits, any case and spaces).

    Refused: recorder.one (both or neither), recorder.sha256, recorder.too_big, recorder.empty.
    """
    typed = "".join(sha256.split()).lower()
    if bool(file) == bool(typed):
        raise Refused("recorder.one")
    if typed and (len(typed) != 64 or not set(typed) <= set("0123456789abcdef")):
        raise Refused("recorder.sha256")
    name, size, kept = "", None, ""
    if file:
        name, size, most = file.name[-200:], file.size, capture.policy()["office"]["recorder_file_mb"]
        if not size:
            raise Refused("recorder.empty")
        if size > most * 1_000_000:
            raise Refused("recorder.too_big", most=most)
        kept, typed = store.keep("recorders", file.chunks())
    with transaction.atomic():
        case = recorder.visit.case
        record.lock([case.pk])
        made = RecorderFile.objects.create(
            recorder=recorder, at=now, by=by, sha256=typed, size=size, name=name, kept=kept
        )
        record.append(
            case=case,
            action="recorder.file",
            object=f"recorder:{recorder.pk}",
            actor=by,
            payload={"sha256": typed, "size": size, "name": name, "kept": bool(kept), "event": str(recorder.event_id)},
            now=now,
        )
    return made
