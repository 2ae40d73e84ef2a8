"""A finished case becomes a lesson of the playbook: without names, numbers and places, read before it is saved."""

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from . import history, packs, record
from .models import Case, Decision, Lesson, Outcome, User, Visit
from .problems import Refused
from .rules import anonymous, playbook

MOST = {"title": 80, "story": 2000, "lesson": 300}

history.words("lesson.saved", _("A lesson was drawn from this case"), office=True)
history.words("lesson.withdrawn", _("The lesson was taken back"), office=True)


def finished(case: Case) -> bool:
    """Closed, or a visit of it was approved: before that nobody knows how it went."""
    return case.closed_at is not None or case.visits.filter(decisions__decision=Decision.APPROVED).exists()


def draft(case: Case) -> dict:
    """What the form starts from: the notes of its visits, already without names."""
    visits = case.visits.filter(ended_at__isnull=False).order_by("ended_at").prefetch_related("notes")
    notes = "\n".join(note.text for visit in visits for note in visit.notes.all())
    good = any(visit.outcome == Outcome.AGREEMENT for visit in visits)
    return {"title": "", "story": anonymous.strip(notes[: MOST["story"]], words(case))[0], "lesson": "", "good": good}


def words(case: Case) -> set[str]:
    """Names of people, firms and places that belong to this case."""
    found = {case.creditor.name, case.creditor.short_name, case.contract_number}
    for party in case.parties.prefetch_related("addresses"):
        found |= {party.name, party.employer, party.id_number, party.mobile}
        for at in party.addresses.all():
            found |= {at.full, at.province, at.city, at.district, at.street}
    for visit in case.visits.select_related("collector", "second"):
        found |= {user.name for user in (visit.collector, visit.second) if user}
    return {word for word in found if word}


def cleaned(case: Case, said: dict) -> tuple[dict, list[str]]:
    """({"title", "story", "lesson"} without what tells, all that was taken out)."""
    known, clean, gone = words(case), {}, []
    for name in MOST:
        clean[name], taken = anonymous.strip(said[name].strip(), known)
        gone += taken
    return clean, gone


@transaction.atomic
def save(*, case: Case, strategy: str, good: bool, said: dict, read: bool, by: User, now: datetime) -> Lesson:
    """Refused("lesson.unfinished" | "lesson.form" | "lesson.read"). What tells is taken out here once more."""
    record.lock([case.pk])
    if not finished(case):
        raise Refused("lesson.unfinished")
    clean, _gone = cleaned(case, said)
    if playbook.strategy(strategy) is None or any(not clean[name] or len(clean[name]) > MOST[name] for name in MOST):
        raise Refused("lesson.form")
    if not read:
        raise Refused("lesson.read")
    made = Lesson.objects.create(case=case, strategy=strategy, good=good, by=by, at=now, **clean)
    record.append(case=case, action="lesson.saved", object=f"lesson:{made.pk}", payload={}, now=now, actor=by)
    return made


@transaction.atomic
def withdraw(*, lesson: Lesson, by: User, now: datetime) -> None:
    """It leaves the playbook and, with the next pack, the phones. Twice is once."""
    if Lesson.objects.filter(pk=lesson.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by):
        record.lock([lesson.case_id])
        record.append(
            case=lesson.case, action="lesson.withdrawn", object=f"lesson:{lesson.pk}", payload={}, now=now, actor=by
        )


def standing() -> dict:
    """{strategy: [Lesson, the newest first]}, one query."""
    found = defaultdict(list)
    for row in Lesson.objects.filter(withdrawn_at=None).order_by("-pk"):
        found[row.strategy].append(row)
    return found


def _for_pages(user: User, visits: list[Visit], now: datetime) -> dict:
    return dict(standing())


packs.provides("lessons", _for_pages, phone=False)
